/**
 * Sessions as living actors: the one door through which HTTP, the talk service and programs that embed Colloquy reach them.
 * It knows nothing of callers and their rights: who may do what is decided in front of it.
 */
import type {
  CreateSessionOptions,
  EventFilter,
  NewSession,
  Receipt,
  SessionPage,
  SessionPatch,
  SessionQuery,
} from '../event-log/event-log.ts';
import type { Utterance } from '../agents/agent-runner.ts';
import type { EventDraft, SessionEvent } from '../event-log/event.ts';
import type { Frame } from '../event-log/frame.ts';
import type { LifecycleState, SessionRecord } from '../event-log/session-record.ts';

/** What stands in a turn: nothing yet, one under way, the last one over. */
export const turnStates = ['idle', 'acknowledged', 'processing', 'ready'] as const;
export type TurnState = (typeof turnStates)[number];

/** `GET /sessions/{id}/state`. */
export type SessionState = {
  readonly sessionId: string;
  readonly state: LifecycleState;
  /** null unless POLLING. */
  readonly turn: TurnState | null;
  /** XState's state value. */
  readonly value: unknown;
  /** When `value` was entered, ISO 8601. */
  readonly since: string;
  /** Why the lifecycle is as it is. */
  readonly reason: string | null;
  /** Whether the actor is in memory. */
  readonly live: boolean;
  readonly followers: number;
  /** Messages accepted whose turn has not begun. */
  readonly queueDepth: number;
  /** The turn under way. */
  readonly traceId: string | null;
  /** Offset of the last stored event, -1 if none; of upstream's last event, null for agents that run here. */
  readonly lastOffsets: { readonly local: number; readonly upstream: number | null };
};

/** A fact from outside. A customer's message in mode `auto` starts a turn; everything else is stored only. */
export type PostedEvent = Omit<EventDraft, 'id' | 'idIsFresh' | 'trace_id'> & {
  readonly trace_id?: string;
};

export type PostOptions = {
  readonly receipt?: Receipt;
  /** How a customer's message is looked at before it is stored, at least; sessions that nobody moderates do not heed it. */
  readonly moderation?: 'none' | 'auto' | 'paranoid';
};

export interface Sessions {
  /**
   * `AgentNotFoundError` for an unknown agent, `TooManySessionsError` past `atMost`. The session is NOT_STARTED. `greets`: the agent may
   * speak first (if it is one that does), which starts the session.
   */
  create(
    session: NewSession,
    options?: CreateSessionOptions & { readonly greets?: boolean },
  ): Promise<SessionRecord>;
  /** `SessionNotFoundError` when there is none. */
  get(sessionId: string): Promise<SessionRecord>;
  list(query: SessionQuery): Promise<SessionPage>;
  update(sessionId: string, patch: SessionPatch): Promise<SessionRecord>;
  /** Ends its turn without a word, its followers and its events. */
  delete(sessionId: string): Promise<void>;

  /**
   * Stores the event and resolves when it is on disk; the actor hears of it then. For a message by `customer` in mode `auto`:
   * `QueueFullError` past `QUEUE_LIMIT`, `TurnInProgressError` under policy `reject`; a session not started, or stopped, starts.
   */
  post(sessionId: string, event: PostedEvent, options?: PostOptions): Promise<SessionEvent>;

  /**
   * Has the agent answer the customer's last message again, in a turn of its own that treats a turn under way as a new message does.
   * Resolves with the turn's first status. `ManualModeError`, `NothingToAnswerError`, `AskNotSupportedError`, `QueueFullError`, and
   * `TurnInProgressError` under policy `reject`, or when the turn could not begin within a minute; `TurnGivenUpError`.
   */
  ask(sessionId: string): Promise<SessionEvent>;

  /**
   * Has the agent say something at once, beside any turn and in every mode; resolves with its message. `AskNotSupportedError`,
   * `GuidelinesNotSupportedError`, `NothingSaidError`.
   */
  utter(sessionId: string, utterances: readonly Utterance[]): Promise<SessionEvent>;

  /**
   * Soft-deletes every event from this offset on; a turn whose beginning is among them is given up. `MidTurnError` unless the first
   * of them is the first of its trace.
   */
  removeEvents(sessionId: string, from: number): Promise<void>;

  /** These three are idempotent. */
  start(sessionId: string): Promise<SessionState>;
  stop(sessionId: string, reason?: string): Promise<SessionState>;
  /** `TurnOverError` only if `traceId` names a turn that is over and was not cancelled. */
  cancel(sessionId: string, options?: { readonly traceId?: string }): Promise<SessionState>;

  /** As it is now, or (`at`) as it was when the event of that offset had just been stored. */
  stateOf(sessionId: string, options?: { readonly at?: number }): Promise<SessionState>;

  /** As `EventLog.follow`, with a `state` frame first; keeps the actor in memory while it lasts. `SessionNotFoundError` at once. */
  follow(
    sessionId: string,
    options: EventFilter & { readonly after: number; readonly signal: AbortSignal },
  ): Promise<AsyncIterable<Frame>>;

  /** Brings back every session whose turn is unfinished, and says how many. Once at the start, before commands come in. */
  resume(): Promise<number>;

  /** Stops taking commands, lets runs finish for `SHUTDOWN_GRACE_MS`, aborts the rest without a word, frees every actor and timer. */
  shutdown(): Promise<void>;
}
