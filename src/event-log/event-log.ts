/**
 * The port of the durable log: events of sessions, numbered per session from 0 without gaps. Three small interfaces, because
 * their callers differ: readers and writers of events, the session actor with its run fences, and those who keep sessions.
 * One rule: nobody hears of anything before it is committed. See `event-log.contract.ts` for what every adapter must do.
 */
import type { EventDraft, EventKind, EventSource, Json, JsonObject, SessionEvent } from './event.ts';
import type { Chunk, Frame, StateFrame, TurnFrame } from './frame.ts';
import type {
  InterruptionPolicy,
  LifecycleChange,
  LifecycleState,
  Run,
  SessionMode,
  SessionRecord,
  UpstreamPosition,
} from './session-record.ts';

/** Which events are wanted. Absent fields do not restrict. */
export type EventFilter = {
  readonly kinds?: readonly EventKind[];
  readonly source?: EventSource;
  readonly traceId?: string;
};

export type AppendOptions = {
  /** The fence: refused with `RunClosedError`, when called, unless exactly this attempt of this run is open. */
  readonly run?: Run;
  /** The last drafts of that run: it is closed in the same commit, and for later calls at once. */
  readonly closesRun?: boolean;
  /** Marks the open run as answered: after a crash only its `ready` is appended, nothing is said again. */
  readonly answersRun?: boolean;
  /**
   * Decides inside the append's transaction what the (single) draft is: `trigger` asks for a turn and joins `waiting`,
   * `store` is stored only. Throws a `DomainError` to refuse; then nothing is stored.
   */
  readonly admit?: (session: SessionRecord) => 'trigger' | 'store';
  /** Remembers, in the same commit, what this request made. */
  readonly receipt?: Receipt;
};

/** What a request with an `Idempotency-Key` made, kept for 24 h under its scope and key. */
export type Receipt = {
  /** Caller and route. */
  readonly scope: string;
  readonly key: string;
  /** Digest of the request's body: the same key with another body is refused by the caller of `findReceipt`. */
  readonly requestHash: string;
  /** What to answer a repeat with, from the stored events (or, for a created session, none and the record). */
  readonly result: (made: { events: readonly SessionEvent[]; session: SessionRecord }) => JsonObject;
};

export type StoredReceipt = { readonly requestHash: string; readonly result: JsonObject };

export interface EventLog {
  /**
   * Appends the drafts in one commit, in this order, and resolves with the events once they are on disk. Appends of one session
   * take effect in call order, fences included. Rejects with `SessionNotFoundError`, `RunClosedError`, whatever `admit` throws,
   * or `LogUnavailableError` when the commit failed: then none is stored.
   */
  append(
    sessionId: string,
    drafts: readonly EventDraft[],
    options?: AppendOptions,
  ): Promise<readonly SessionEvent[]>;

  /** Stored, not deleted events in offset order. `last`: the newest n that match, still in offset order. Unknown session: []. */
  read(
    sessionId: string,
    query?: EventFilter & {
      /** Inclusive; default 0. */ readonly from?: number;
      /** Exclusive. */ readonly to?: number;
      readonly limit?: number;
      readonly last?: number;
    },
  ): Promise<readonly SessionEvent[]>;

  /** One event by id, deleted ones too. */
  find(sessionId: string, eventId: string): Promise<SessionEvent | undefined>;

  /**
   * Events with `offset > after` that match, in order: first those stored, then those to come; between them chunks, updates,
   * removals and states as they happen (chunk and state frames only for followers without `kinds`/`source`; a `traceId` filter
   * passes its own chunks and every state). Each event is seen exactly once: replay and live are one cursor. A follower that
   * joins, or falls behind, while text is being made gets the text so far as a chunk with index 0. A slow reader costs bounded
   * memory: its place is kept, its backlog is read from disk again. Ends when `signal` aborts or the session is deleted
   * (then after `removed` from 0).
   */
  follow(
    sessionId: string,
    options: EventFilter & { readonly after: number; readonly signal: AbortSignal },
  ): AsyncIterable<Frame>;

  /** Merges `set` into the event's metadata, then drops `unset`. Followers get `updated`. `EventNotFoundError` if missing or deleted. */
  patch(
    sessionId: string,
    eventId: string,
    change: { readonly set?: JsonObject; readonly unset?: readonly string[] },
  ): Promise<SessionEvent>;

  /** Soft-deletes every event with `offset >= from`; followers get `removed`. Waiting triggers among them are forgotten. */
  remove(sessionId: string, from: number): Promise<void>;
}

/** What is made of news from upstream: decided on the session as of everything queued. */
export type Received = {
  readonly drafts: readonly EventDraft[];
  readonly upstream: UpstreamPosition;
  /** The open run ends with these drafts. */
  readonly closesRun: boolean;
};

/** The fences of runs, and news that is not stored. Calls for one session take effect in call order with `append`. */
export interface RunLog {
  /**
   * Makes this attempt the one that may append, from this call on; takes its trigger, and every older one, out of `waiting`.
   * `drafts` are appended in the same commit.
   */
  openRun(
    sessionId: string,
    run: Run & { readonly triggerOffset: number },
    drafts?: readonly EventDraft[],
  ): Promise<readonly SessionEvent[]>;

  /**
   * Fences the run off, from this call on, and appends its closing drafts in the same commit. One that still waits (`runId` is the
   * trace id of a trigger in `waiting`) is taken out of `waiting`, wherever it stands there, and the drafts are appended: it never
   * begins. A run that is closed already is left alone (no drafts), but the promise still waits for what is queued before it.
   * Without `attempt`: whichever is open.
   */
  closeRun(
    sessionId: string,
    run: { readonly runId: string; readonly attempt?: number },
    drafts: readonly EventDraft[],
  ): Promise<void>;

  /**
   * Appends what `decide` makes of news from upstream and keeps the new position, in one commit: nothing is received twice, nothing
   * is skipped. Not fenced: `decide` sees which run is open and says itself what may still be told.
   */
  receive(sessionId: string, decide: (session: SessionRecord) => Received): Promise<readonly SessionEvent[]>;

  /**
   * A stored message grows in place (`data.chunks`, for agents set to Parlant's `message_output_mode: "stream"`): its data is replaced,
   * followers get `updated`. With `run` fenced like an append; without, it is the host's own word about a run that is over.
   */
  grow(
    sessionId: string,
    eventId: string,
    change: { readonly data: Json; readonly metadata?: JsonObject },
    run?: Run,
  ): Promise<SessionEvent>;

  /** Tells followers of text being made, behind everything appended before. Dropped, with `false`, when the run is not open. */
  publishChunk(sessionId: string, chunk: Chunk, run: Run): boolean;

  /** Tells followers that the statechart moved. `json`: the frame as text, where it is at hand already. */
  publishState(sessionId: string, state: StateFrame, json?: string): void;

  /** The same of the statechart of its turn. */
  publishTurn(sessionId: string, turn: TurnFrame): void;

  /** Called synchronously after followers were told, once per session and commit. Returns the way to stop listening. */
  onCommitted(listener: (sessionId: string, events: readonly SessionEvent[]) => void): () => void;

  /** Called when a commit failed: everything queued was rejected, and what callers believe of those sessions must be read anew. */
  onFailed(listener: (sessionIds: readonly string[]) => void): () => void;

  /** Called with the number of followers of a session whenever it changes. */
  onFollowers(listener: (sessionId: string, followers: number) => void): () => void;

  /** How many follow this session now. */
  followers(sessionId: string): number;
}

export type NewSession = {
  /** Made by the log when absent; a taken one is a `SessionIdTakenError`. */
  readonly id?: string;
  readonly agentId: string;
  readonly customerId: string;
  readonly title?: string | null;
  readonly interruption?: InterruptionPolicy | null;
  readonly metadata?: JsonObject;
  readonly labels?: readonly string[];
};

export type SessionPatch = {
  readonly agentId?: string;
  readonly customerId?: string;
  readonly title?: string | null;
  readonly mode?: SessionMode;
  readonly interruption?: InterruptionPolicy | null;
  readonly consumptionOffset?: number;
  /** null: the session there is forgotten. */
  readonly upstream?: UpstreamPosition | null;
  readonly metadata?: { readonly set?: JsonObject; readonly unset?: readonly string[] };
  readonly labels?: { readonly upsert?: readonly string[]; readonly remove?: readonly string[] };
};

export type SessionQuery = {
  readonly agentId?: string;
  readonly customerId?: string;
  /** All of them. */
  readonly labels?: readonly string[];
  readonly lifecycle?: LifecycleState;
  /** Only sessions whose last activity is before this time. */
  readonly inactiveSince?: string;
  /** Only sessions with an open run or a waiting trigger. */
  readonly unfinished?: boolean;
  readonly limit?: number;
  /** Opaque, from the page before; an undecodable one is ignored. */
  readonly cursor?: string;
  /** By creation, then id; default `asc`. `latest`: by last activity, newest first (no cursor). */
  readonly sort?: 'asc' | 'desc' | 'latest';
};

export type SessionPage = {
  readonly items: readonly SessionRecord[];
  /** Matching sessions behind the cursor; by `latest`, which has no further pages, those on this one. */
  readonly totalCount: number;
  readonly nextCursor: string | null;
};

export type CreateSessionOptions = {
  readonly receipt?: Receipt;
  /** `TooManySessionsError` if the customer has so many, those being made at the same moment included. */
  readonly atMost?: number;
};

export interface SessionStore {
  createSession(session: NewSession, options?: CreateSessionOptions): Promise<SessionRecord>;
  /** As committed. */
  getSession(sessionId: string): Promise<SessionRecord | undefined>;
  listSessions(query: SessionQuery): Promise<SessionPage>;
  countSessions(query: Pick<SessionQuery, 'customerId' | 'agentId' | 'lifecycle'>): Promise<number>;
  updateSession(sessionId: string, patch: SessionPatch): Promise<SessionRecord>;
  /** Deletes it and its events; its followers end. `SessionNotFoundError` the second time. */
  deleteSession(sessionId: string): Promise<void>;
  /** Changes the lifecycle and keeps the change in the history. Nothing happens if it is so already. */
  setLifecycle(sessionId: string, state: LifecycleState, reason: string | null): Promise<void>;
  /** Every change of lifecycle, oldest first. The first is the creation. */
  lifecycleHistory(sessionId: string): Promise<readonly LifecycleChange[]>;
  /**
   * Called synchronously, behind `onCommitted`, for each session that a commit has changed, its events included: as it was and as it is.
   * `before` is undefined for one that was made, `after` for one that was deleted. Returns the way to stop listening.
   */
  onChanged(
    listener: (before: SessionRecord | undefined, after: SessionRecord | undefined) => void,
  ): () => void;
  /** What an earlier request with this key made, if it was at most 24 h ago. */
  findReceipt(scope: string, key: string): Promise<StoredReceipt | undefined>;
}

/** The whole store, as `main.ts` makes it. */
export interface Log extends EventLog, RunLog, SessionStore {
  /** Whether events can be stored now (free space, file writable): tries a commit, a large one if the last have failed. */
  check(): Promise<void>;
  /** Commits what is queued, ends followers and releases the data folder. */
  close(): Promise<void>;
}
