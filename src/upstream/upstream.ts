/**
 * The port of upstream servers: where a session's agent lives elsewhere, this is all that is asked of that server. One object stands
 * for one server, shared by every session there. What can go wrong out there is a value, never an exception, because a statechart
 * decides what happens next; the methods reject only with the reason of their `signal`. Nothing is tried twice in here: waiting and
 * asking again are the session's business (see `backoff.ts`).
 */
import type { Json, JsonObject, Participant } from '../event-log/event.ts';

/** Every code, stable. `docs/upstream.md` says what each one means, and a test compares both ways. */
export const upstreamCodes = [
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_RESET',
  'UPSTREAM_CUT',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_GARBAGE',
  'UPSTREAM_TOO_LARGE',
  'UPSTREAM_BUSY',
  'UPSTREAM_FAILED',
  'UPSTREAM_REDIRECTED',
  'UPSTREAM_FORBIDDEN',
  'UPSTREAM_REJECTED',
  'UPSTREAM_AGENT_UNKNOWN',
  'UPSTREAM_GONE',
  'UPSTREAM_CLOSED',
] as const;
export type UpstreamCode = (typeof upstreamCodes)[number];

/** JSON. The message names the request and the cause; it never holds a header, a body or anything a customer wrote. */
export type UpstreamError = { readonly code: UpstreamCode; readonly message: string };

/**
 * An event as upstream tells it, with upstream's own id, offset and trace. Kinds, sources, statuses, stages and fields that we do not
 * know come through as they are.
 */
export type UpstreamEvent = {
  readonly id: string;
  readonly source: string;
  readonly kind: string;
  readonly offset: number;
  readonly creation_utc: string;
  /** Without what some servers append to it (`::process`). One per turn, the same as of the message that was posted. */
  readonly trace_id: string;
  readonly data: Json;
  readonly metadata: JsonObject;
  readonly deleted: boolean;
};

/** Passing: the same may work later. */
export type Failed = { readonly kind: 'failed'; readonly error: UpstreamError };
/** Final: asking again is useless until somebody changes something. */
export type Refused = { readonly kind: 'refused'; readonly error: UpstreamError };
/** The session, or the event, is not there any more. */
export type Gone = { readonly kind: 'gone'; readonly error: UpstreamError };

/** After `failed` a session without an owner may exist upstream; it does no harm. */
export type CreateOutcome = { readonly kind: 'created'; readonly sessionId: string } | Failed | Refused;

export type PostOutcome =
  | { readonly kind: 'posted'; readonly event: UpstreamEvent }
  /** No connection was made: it surely was not sent, and may be posted again. */
  | { readonly kind: 'notSent'; readonly error: UpstreamError }
  /** Turned away before anything was stored (429): it may be posted again, later. */
  | { readonly kind: 'busy'; readonly error: UpstreamError }
  /** It may have been stored: look with `findPosted` before it is posted again. */
  | { readonly kind: 'doubtful'; readonly error: UpstreamError }
  | Refused
  | Gone;

export type FindOutcome =
  | { readonly kind: 'found'; readonly event: UpstreamEvent }
  | { readonly kind: 'none' }
  | Failed
  | Refused
  | Gone;

export type PollOutcome =
  /** In offset order, each offset once, none below `minOffset`; never empty. Gaps are normal: they are deleted events. */
  | { readonly kind: 'events'; readonly events: readonly UpstreamEvent[]; readonly nextOffset: number }
  /** Nothing new. `early`: it came back at once instead of waiting, so whoever asks again at once should not do so for ever. */
  | { readonly kind: 'timeout'; readonly early: boolean }
  | Failed
  | Refused
  | Gone;

/** A streamed message as it stands; `complete`: nothing will be added to it. */
export type Snapshot = {
  readonly kind: 'snapshot';
  readonly event: UpstreamEvent;
  readonly complete: boolean;
};
export type FollowOutcome = Snapshot | Failed | Refused | Gone;

export interface Upstream {
  /** Makes a session for an agent of that server. Without `customerId` it belongs to upstream's guest. */
  createSession(session: {
    readonly agentId: string;
    readonly customerId?: string;
    /** At most 200 characters. */
    readonly title?: string;
    readonly metadata?: JsonObject;
    readonly signal: AbortSignal;
  }): Promise<CreateOutcome>;

  /**
   * Posts a customer's message, once. Upstream answers when a turn under way has wound down, so this may take as long as a command
   * may. Giving it up does not take it back: give it a signal that outlives the turn, and await it before posting the next message of
   * the session, else upstream may see the two in the wrong order.
   */
  postMessage(message: {
    readonly sessionId: string;
    readonly text: string;
    /** Default: upstream's name for the session's customer. */
    readonly participant?: Participant;
    readonly metadata: JsonObject & { readonly colloquy_event_id: string };
    readonly signal: AbortSignal;
  }): Promise<PostOutcome>;

  /**
   * Looks for the customer's message that carries this id in its metadata. `none` right after a doubtful post proves little: a server
   * may still be working on a request whose client is gone. Look a back-off step later.
   */
  findPosted(query: {
    readonly sessionId: string;
    readonly colloquyEventId: string;
    /** Default 0; upstream's next offset before it was posted spares reading the rest. */
    readonly minOffset?: number;
    readonly signal: AbortSignal;
  }): Promise<FindOutcome>;

  /** One long-poll for events at or past `minOffset`. `waitSeconds: 0` asks for what is there now. */
  poll(position: {
    readonly sessionId: string;
    readonly minOffset: number;
    readonly waitSeconds: number;
    readonly signal: AbortSignal;
  }): Promise<PollOutcome>;

  /**
   * Follows one message that grows in place: a snapshot now and whenever it grew, up to the complete one, which is the last. A message
   * that is not streamed is one complete snapshot. When the connection is cut, or upstream falls silent and hangs up, it is asked
   * again at once, as long as each time brought something new or lasted a second. Anything but a snapshot is the end.
   */
  followEvent(event: {
    readonly sessionId: string;
    readonly eventId: string;
    readonly signal: AbortSignal;
  }): AsyncIterable<FollowOutcome>;

  /** Ends every connection. What is under way, and what is asked afterwards, fails with `UPSTREAM_CLOSED`. */
  close(): Promise<void>;
}
