/**
 * What a follower of a session receives. Only `event` frames are stored facts with an offset; the others are news that a client
 * can do without (docs/streaming.md), delivered in order with the events around them.
 */
import type { SessionEvent } from './event.ts';

/** Text being made. `index` 0 starts the text anew; the message event with id `message_id` replaces it. */
export type Chunk = {
  readonly message_id: string;
  readonly trace_id: string;
  readonly attempt: number;
  readonly index: number;
  readonly text: string;
};

/** The statechart moved (or: where it stands, as the first frame of a stream; then `transition` is null). */
export type StateFrame = {
  /** XState's state value, e.g. `{ POLLING: { feed: 'local', turn: 'idle' } }`. */
  readonly value: unknown;
  /** When this state was entered, ISO 8601. */
  readonly since: string;
  readonly transition: {
    readonly id: string;
    readonly from: unknown;
    readonly to: unknown;
    readonly event: string;
  } | null;
};

/**
 * The statechart of a turn moved, where its agent has one of its own (`machines/engine-cycle.machine.ts`). Null in `transition`: it begins,
 * or that is where the last one stands, behind the first `state` frame of a stream.
 */
export type TurnFrame = StateFrame & {
  readonly trace_id: string;
  /** As `GET /api/machines` names it. */
  readonly machine: string;
};

export type Frame =
  /** `json` is the whole envelope, stringified once for every follower. */
  | { readonly type: 'event'; readonly event: SessionEvent; readonly json: string }
  | { readonly type: 'chunk'; readonly chunk: Chunk }
  | { readonly type: 'updated'; readonly event: SessionEvent; readonly json: string }
  | { readonly type: 'removed'; readonly from: number }
  /** `json` is the state frame, stringified once for every follower. */
  | { readonly type: 'state'; readonly state: StateFrame; readonly json: string }
  | { readonly type: 'turn'; readonly turn: TurnFrame };
