/**
 * The port of agents: who answers a turn. A runner knows nothing of sessions, fences or HTTP; it reads the history it needs,
 * says its text through `say`, and heeds the signal. Whatever it throws becomes an `error` status event with a code.
 */
import type { AnyActorRef } from 'xstate';
import type { EventFilter } from '../event-log/event-log.ts';
import type { EventDraft, JsonObject, SessionEvent } from '../event-log/event.ts';
import type { TurnFrame } from '../event-log/frame.ts';
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

/** An event as a turn tells it: by the agent, with the turn's trace id. */
export type TurnEvent = Pick<EventDraft, 'kind' | 'data' | 'metadata'>;

/** What the `ready` of a turn says, whoever writes it. */
export type TurnEnding = {
  /** Inner data; `stage` is `completed`. */
  readonly data: JsonObject;
  /** Of the event, where the turn was finished: a turn that was given up or failed has none. */
  readonly metadata?: JsonObject;
};

/**
 * How a runner that tells its own statuses is heard. Everything is fenced: it rejects with `RunClosedError` once the turn was given up.
 * Calls take effect in call order; a promise that nobody waits for does no harm.
 */
export interface TurnVoice {
  /** What earlier attempts at this turn have told, in order. Empty in the first. */
  readonly told: readonly SessionEvent[];
  /** In one commit. `answers`: with these the customer is answered: a crash behind them only lacks its `ready`. */
  emit(
    events: readonly TurnEvent[],
    options?: { readonly answers?: boolean },
  ): Promise<readonly SessionEvent[]>;
  /** Said as soon as it is known, and again when it changes. */
  describe(ending: TurnEnding): void;
  /**
   * The answer exists: from now on the turn is finished, not cancelled. `rest` is what of it was not emitted yet; should the turn be
   * given up now, it is appended in the commit that closes it. Called again with each emission, for what is left then.
   */
  commitTo(rest: readonly TurnEvent[]): void;
  /** What is committed to, and `ready`, in one commit: the turn is over. */
  end(): Promise<void>;
  /** The turn is over without a `ready`: a hook has taken it out of the agent's hands, and tells the customer itself. */
  leave(): Promise<void>;
}

/** A move of a statechart that the agent has for its turns, as followers of the session are told of it. */
export type TurnMove = Pick<TurnFrame, 'machine' | 'value' | 'transition'>;

export type AgentTurn = {
  readonly sessionId: string;
  readonly customerId: string;
  /** The turn's trace id. */
  readonly runId: string;
  /** 1, or more when the process died while answering. */
  readonly attempt: number;
  /** The message that asked for this turn. Undefined: a greeting, which only runners that tell their own statuses are asked for. */
  readonly trigger: SessionEvent | undefined;
  readonly history: History;
  readonly say: Say;
  readonly voice: TurnVoice;
  /** Fires when the turn is over for any reason: interruption, cancel, stop, time limit, shutdown. */
  readonly signal: AbortSignal;
  /** The actor that runs the turn: what is started below it is shown there by inspectors. */
  readonly actor?: AnyActorRef;
  /** Tells where a statechart of the agent's own stands; costs next to nothing while nobody follows. */
  readonly moved?: (move: TurnMove) => void;
};

/**
 * What is left to do when the turn is over for the customer. The session's next turn waits for it (at most `RUN_WIND_DOWN_MS`); what it
 * throws becomes an `error` event. `signal`: its time is over.
 */
export type Afterwards = (signal: AbortSignal) => Promise<void>;

/** What the agent is asked to say, and why. */
export type Utterance = {
  readonly action: string;
  readonly rationale: 'unspecified' | 'buy_time' | 'follow_up';
};

export type UtterRequest = {
  readonly sessionId: string;
  readonly customerId: string;
  readonly traceId: string;
  readonly utterances: readonly Utterance[];
  readonly signal: AbortSignal;
};

export interface AgentRunner {
  /** The session writes no `acknowledged` and `processing`: the runner tells these, through `voice`. */
  readonly tellsStatuses?: true;
  /** Resolves when everything was said. */
  run(turn: AgentTurn): Promise<void | Afterwards>;
  /**
   * Says something at once, beside any turn and in every mode; resolves with its message, or undefined where there was nothing to
   * say. Absent: this agent cannot be told what to say.
   */
  utter?(request: UtterRequest): Promise<SessionEvent | undefined>;
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
