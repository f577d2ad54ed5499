/**
 * What is kept of a turn while it runs: the picture that its stages see, and what only the cycle needs. The picture is replaced, never
 * changed; what a stage was given stays as it was.
 */
import type { AgentTurn, TurnEvent } from '../../agents/agent-runner.ts';
import { type EventStatus, type JsonObject, statusOf } from '../../event-log/event.ts';
import type { Plan, Retrieved } from '../extensions.ts';
import type { GuidelineMatch } from '../guideline.ts';
import type { CallHistory, Inference } from '../stages.ts';
import type { TurnContext } from '../turn-context.ts';
import { toStateMetadata } from './agent-state.ts';
import type { EngineDeps } from './engine-deps.ts';
import { createProgramVoices, type ProgramVoices } from './program-voice.ts';
import { toSituation } from './situation.ts';

/** What one iteration has come to. */
export type Iteration = {
  /** As matched, before relationships were looked at. */
  readonly matched: readonly GuidelineMatch[];
  /** Looked at in this iteration: ids. */
  readonly evaluated: readonly string[];
  readonly inference: Inference;
  /** How many tools ran. */
  readonly ran: number;
};

/** What a retriever of the agent was asked for when the turn began. */
export type StartedRetrieval = {
  readonly id: string;
  readonly found: Promise<Retrieved | ((turn: TurnContext) => Promise<Retrieved>)>;
};

/** What of a turn the work needs. `signal`: of the whole turn; stages have their own. */
export type TurnSite = Pick<AgentTurn, 'voice' | 'say' | 'history' | 'signal'>;

export type TurnWork = {
  readonly deps: EngineDeps;
  readonly turn: TurnSite;
  /** Of the program's own functions. */
  readonly voices: ProgramVoices;
  /** As of now. */
  readonly context: TurnContext;
  /** Replaces parts of the picture; what questions show follows from it. */
  learn(change: Partial<TurnContext>): void;
  /** Told in order; nobody waits for it. */
  tell(status: EventStatus, data?: JsonObject): void;
  /** What `ready` would say now, whoever writes it. */
  describe(): void;
  plan: Plan;
  iterations: readonly Iteration[];
  /** Of the iteration under way. */
  current: Iteration;
  /** Everything that applies, before relationships are looked at: what follows is always found from this. */
  applying: readonly GuidelineMatch[];
  retrievals: readonly StartedRetrieval[];
  /** Of this turn, in whichever attempt, and what earlier ones left open. */
  calls: CallHistory;
  /** Texts that were sent. */
  said: readonly string[];
};

export const nothingYet: Iteration = {
  matched: [],
  evaluated: [],
  inference: { calls: [], insights: { evaluations: [], missing: [], invalid: [] } },
  ran: 0,
};

export function createTurnWork(deps: EngineDeps, turn: TurnSite, begin: TurnContext): TurnWork {
  let context = begin;
  const acknowledged = turn.voice.told.some((event) => statusOf(event) === 'acknowledged');
  return {
    deps,
    turn,
    voices: createProgramVoices({ site: turn, log: deps.log, turn: begin }),
    get context() {
      return context;
    },
    learn(change) {
      const learned = { ...context, ...change };
      context = { ...learned, situation: toSituation(learned, learned.situation) };
    },
    tell(status, data = {}) {
      // A turn is acknowledged once, however many attempts it takes.
      if (status === 'acknowledged' && acknowledged) return;
      void turn.voice.emit([toStatus(status, data)]);
    },
    describe() {
      const { state, journeyPaths } = context;
      const metadata = toStateMetadata({ ...state, journeyPaths });
      turn.voice.describe({ data: toEnding(context), metadata });
    },
    plan: {},
    iterations: [],
    current: nothingYet,
    applying: [],
    retrievals: [],
    calls: { done: new Map(), begun: new Map(), told: new Map() },
    said: [],
  };
}

export function toStatus(status: EventStatus, data: JsonObject = {}): TurnEvent {
  return { kind: 'status', data: { status, data } };
}

/** Inner data of the `ready` that ends the turn. */
export function toEnding({ ordinary, toolEnabled, journeys }: TurnContext): JsonObject {
  const matches = [...ordinary, ...toolEnabled.map(({ match }) => match)];
  const steps = matches.flatMap(({ guideline }) => guideline.journeyNode?.nodeId ?? []);
  return {
    stage: 'completed',
    matched_guidelines: matches.map(({ guideline }) => ({ id: guideline.id })),
    matched_journeys: journeys.map(({ id }) => ({ id })),
    matched_journey_states: steps.map((id) => ({ id })),
  };
}
