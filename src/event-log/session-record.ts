/**
 * What the log knows of a session besides its events: the row that is written in the same commit as the events it follows from.
 * It is a cache of the log, kept so that waking a session never reads its history.
 */
import type { JsonObject } from './event.ts';

export const lifecycleStates = ['NOT_STARTED', 'POLLING', 'STOPPED'] as const;
export type LifecycleState = (typeof lifecycleStates)[number];

/** What a new customer message does to a turn under way. */
export const interruptionPolicies = ['interrupt', 'enqueue', 'reject'] as const;
export type InterruptionPolicy = (typeof interruptionPolicies)[number];

export const sessionModes = ['auto', 'manual'] as const;
/** `manual`: a customer message is stored and nothing else happens. */
export type SessionMode = (typeof sessionModes)[number];

/** One attempt at answering one turn. `runId` is the turn's trace id: one turn, one run, one or more attempts. */
export type Run = { readonly runId: string; readonly attempt: number };

/** The run that may append now. `answered`: its final agent message is stored, only `ready` is missing. */
export type OpenRun = Run & { readonly triggerOffset: number; readonly answered: boolean };

/** A stored message that asks for a turn which has not begun. */
export type Trigger = { readonly offset: number; readonly traceId: string };

/** What an upstream turn has come to, by upstream's trace id. */
export type UpstreamTurn = {
  /** Our trace id of it. */
  readonly traceId: string;
  /** Whether the agent has said something. */
  readonly answered: boolean;
  /** Whether upstream ended it itself: what still comes of it is no late answer. */
  readonly over: boolean;
};

/** Where a session stands with the server its agent lives on. Kept in the same commit as what was received from there. */
export type UpstreamPosition = {
  /** The session there. */
  readonly sessionId: string;
  /** The offset to ask from. */
  readonly offset: number;
  /** Our customer messages up to this offset were posted; -1: none. */
  readonly postedOffset: number;
  /** Whether an outage was reported and is not over. */
  readonly outage: boolean;
  /** The latest turns, oldest first. */
  readonly turns: Readonly<Record<string, UpstreamTurn>>;
};

export type SessionRecord = {
  readonly id: string;
  readonly agentId: string;
  readonly customerId: string;
  /** At most 200 characters. */
  readonly title: string | null;
  readonly mode: SessionMode;
  /** null: the agent's own policy. */
  readonly interruption: InterruptionPolicy | null;
  readonly consumptionOffset: number;
  readonly metadata: JsonObject;
  readonly labels: readonly string[];
  readonly creationUtc: string;
  /** Time of the last stored event, or of the creation. */
  readonly lastActivityUtc: string;
  readonly lifecycle: LifecycleState;
  /** Why the lifecycle is as it is (`IDLE`, `USER`, `UPSTREAM_GONE`, …), null where nobody said. */
  readonly lifecycleReason: string | null;
  /** The offset the next event will get. */
  readonly nextOffset: number;
  readonly openRun: OpenRun | null;
  /** Triggers whose turn has not begun, oldest first. */
  readonly waiting: readonly Trigger[];
  /** Whether any turn has begun in this session. */
  readonly hadTurn: boolean;
  /** null: its agent runs here, or nothing was asked of upstream yet. */
  readonly upstream: UpstreamPosition | null;
};

/** A change of lifecycle. `offset` is the session's `nextOffset` at that moment: it happened before the event of that offset. */
export type LifecycleChange = {
  readonly state: LifecycleState;
  readonly reason: string | null;
  readonly offset: number;
  readonly utc: string;
};
