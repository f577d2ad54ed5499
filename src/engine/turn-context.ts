/**
 * A turn as its stages see it: a picture of one moment, never changed; the cycle makes a new one when something was found out. Stages
 * (`stages.ts`) are functions of it, and of what they ask a model.
 */
import type { AgentRecord } from '../entities/agents.ts';
import type { JsonObject, SessionEvent } from '../event-log/event.ts';
import type { SessionMode } from '../event-log/session-record.ts';
import type { Situation } from '../nlp/questions/situation.ts';
import type { ToolId, ToolResult } from '../tools/tool.ts';
import type { AgentKnowledge, KnownJourney } from './agent-knowledge.ts';
import type { AgentExtensions } from './extensions.ts';
import type { GuidelineMatch } from './guideline.ts';

/** By journey: indexes of the steps gone through, null where it was left. `[null]`: considered, never entered. */
export type JourneyPaths = Readonly<Record<string, readonly (string | null)[]>>;

/** What an agent remembers of a session from turn to turn. */
export type AgentState = {
  readonly appliedGuidelineIds: readonly string[];
  readonly journeyPaths: JourneyPaths;
};

/** What a tool, or a retriever, has brought in this turn. */
export type StagedResult = {
  readonly toolId: ToolId;
  readonly arguments: JsonObject;
  readonly result: ToolResult;
  /** Of a call that was not made in this attempt at the turn, but is known from an earlier one, or from a turn that was cut short. */
  readonly recalledCallId?: string;
};

/** A match whose guideline may run tools that were not tried for it yet. */
export type ToolEnabledMatch = { readonly match: GuidelineMatch; readonly toolIds: readonly ToolId[] };

/** What came of looking at one tool. */
export type ToolEvaluation = 'needs_to_run' | 'data_already_in_context' | 'cannot_run';

/** A parameter that is missing or was given wrongly. */
export type ParameterProblem = {
  readonly toolId: ToolId;
  /** As it is called towards the customer. */
  readonly parameter: string;
  readonly description: string | null;
  readonly significance: string | null;
  readonly examples: readonly string[];
  readonly choices: readonly (string | number)[];
  /** Lower is asked for first; null: when nothing else is. */
  readonly precedence: number | null;
  /** Only of what was given wrongly. */
  readonly value?: string;
};

export type ToolInsights = {
  readonly evaluations: readonly (readonly [toolId: ToolId, evaluation: ToolEvaluation])[];
  readonly missing: readonly ParameterProblem[];
  readonly invalid: readonly ParameterProblem[];
};

export type TurnContext = {
  readonly sessionId: string;
  readonly customerId: string;
  /** Ids. */
  readonly customerTags: readonly string[];
  /** The turn's. */
  readonly traceId: string;
  /** 1, or more when the process died in this turn. */
  readonly attempt: number;
  readonly sessionMode: SessionMode;
  readonly sessionLabels: readonly string[];
  readonly agent: AgentRecord;
  readonly knowledge: AgentKnowledge;
  /** What the program adds to the agent. */
  readonly extensions: AgentExtensions;
  /** What is stored of the session, as far as the engine looks back, in order; no status events. */
  readonly events: readonly SessionEvent[];
  /** The same, with what the agent knows and found out, as questions show it. */
  readonly situation: Situation;
  /** As the last turn left it. */
  readonly state: AgentState;
  /** As of this turn. */
  readonly journeyPaths: JourneyPaths;
  /** 1, 2 …; 0 before the first. */
  readonly iteration: number;
  /** Guidelines that apply and run no tool (any more). */
  readonly ordinary: readonly GuidelineMatch[];
  readonly toolEnabled: readonly ToolEnabledMatch[];
  /** Active ones. */
  readonly journeys: readonly KnownJourney[];
  readonly insights: ToolInsights;
  readonly staged: readonly StagedResult[];
  /** Values for templates, by handlers of the program's own. */
  readonly responseFields: JsonObject;
  readonly signal: AbortSignal;
};
