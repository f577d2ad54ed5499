/**
 * The port of agents: who answers a turn. A runner knows nothing of sessions, fences or HTTP; it reads the history it needs,
 * says its text through `say`, and heeds the signal. Whatever it throws becomes an `error` status event with a code.
 */
import type { EventFilter } from '../event-log/event-log.ts';
import type { JsonObject, SessionEvent } from '../event-log/event.ts';
import type { InterruptionPolicy } from '../event-log/session-record.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** Reads on demand: a run never loads a whole session. */
export interface History {
  /** The newest `n` events (at most `HISTORY_LIMIT`) up to and including the trigger, in offset order; default: messages only. */
  last(n: number, filter?: EventFilter): Promise<readonly SessionEvent[]>;
}

/**
 * Says one message: streamed text goes to followers chunk by chunk while it is made, then the message is appended once, whole.
 * Empty text appends nothing and resolves with undefined. Rejects with `RunClosedError` when the run was given up.
 *
 * `final`: these are the turn's last words. The message and the turn's `ready` are then one commit, so that no crash falls
 * between them, and from the moment the text is whole the turn is finished rather than cancelled. Nothing can be said after it.
 */
export type Say = (
  text: string | AsyncIterable<string> | Iterable<string>,
  options?: {
    /** Of the message event; a function is asked once the text is whole. */
    readonly metadata?: JsonObject | (() => JsonObject);
    readonly final?: boolean;
  },
) => Promise<SessionEvent | undefined>;

export type AgentTurn = {
  readonly sessionId: string;
  readonly customerId: string;
  /** The turn's trace id. */
  readonly runId: string;
  /** 1, or more when the process died while answering. */
  readonly attempt: number;
  /** The message that asked for this turn. */
  readonly trigger: SessionEvent;
  readonly history: History;
  readonly say: Say;
  /** Fires when the turn is over for any reason: interruption, cancel, stop, time limit, shutdown. */
  readonly signal: AbortSignal;
};

export interface AgentRunner {
  /** Resolves when everything was said. */
  run(turn: AgentTurn): Promise<void>;
}

/** Where an agent lives that runs on another server. */
export type UpstreamPlace = {
  /** For logs and metrics. */
  readonly url: string;
  readonly server: Upstream;
  /** Its id there. */
  readonly agentId: string;
};

type AgentDescription = {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** Default for its sessions. */
  readonly interruption: InterruptionPolicy;
  /**
   * `stream`: messages are stored with their first piece and grow in place, as Parlant's own streaming clients expect; everybody else
   * gets them when they are whole. Costs a commit per piece. Default `block`.
   */
  readonly outputMode?: 'block' | 'stream';
};

/** An agent that runs in this process. */
export type LocalAgent = AgentDescription & { readonly runner: AgentRunner; readonly upstream?: undefined };

/** An agent that lives on another server. */
export type UpstreamAgent = AgentDescription & {
  readonly upstream: UpstreamPlace;
  readonly runner?: undefined;
};

/** An agent as the server knows it. */
export type Agent = LocalAgent | UpstreamAgent;

/** Where agents are looked up. */
export interface AgentDirectory {
  get(agentId: string): Agent | undefined;
  list(): readonly Agent[];
}
