/** Every question the engine asks, by name: what is shown and what must be answered. One schema each; the types follow from it. */
import type { z } from 'zod';
import * as indexing from './indexing.ts';
import * as journeys from './journeys.ts';
import * as matching from './matching.ts';
import * as messages from './messages.ts';
import * as tools from './tools.ts';

/** What must be answered. */
export const answerSchemas = {
  observational: matching.appliesAnswer,
  actionable: matching.appliesAnswer,
  low_criticality: matching.lowCriticalityAnswer,
  previously_applied: matching.previouslyAppliedAnswer,
  customer_dependent: matching.customerDependentAnswer,
  disambiguation: matching.disambiguationAnswer,
  response_analysis: matching.responseAnalysisAnswer,
  next_step: journeys.nextStepAnswer,
  backtrack_check: journeys.backtrackCheckAnswer,
  backtrack_selection: journeys.backtrackSelectionAnswer,
  tools_simple: tools.toolsSimpleAnswer,
  tools_full: tools.toolsFullAnswer,
  tools_overlapping: tools.toolsOverlappingAnswer,
  fluid_message: messages.fluidMessageAnswer,
  canned_draft: messages.cannedDraftAnswer,
  selection: messages.selectionAnswer,
  recomposition: messages.recompositionAnswer,
  follow_up: messages.followUpAnswer,
  preamble: messages.preambleAnswer,
  generated_field: messages.generatedFieldAnswer,
  action_proposal: indexing.actionProposalAnswer,
  continuous: indexing.continuousAnswer,
  customer_dependence: indexing.customerDependenceAnswer,
  agent_intention: indexing.agentIntentionAnswer,
  tool_running: indexing.toolRunningAnswer,
  relative_actions: indexing.relativeActionsAnswer,
  reachable_steps: indexing.reachableStepsAnswer,
} as const;

export type QuestionName = keyof typeof answerSchemas;

/** Every question's name. */
export const questionNames = Object.keys(answerSchemas) as readonly QuestionName[]; // the keys of a literal

export type AnswerOf<Name extends QuestionName> = z.output<(typeof answerSchemas)[Name]>;

/** What is shown. */
export type QuestionInputs = {
  readonly observational: matching.BatchInput;
  readonly actionable: matching.BatchInput;
  readonly low_criticality: matching.BatchInput;
  readonly previously_applied: matching.BatchInput;
  readonly customer_dependent: matching.BatchInput;
  readonly disambiguation: matching.DisambiguationInput;
  readonly response_analysis: matching.ResponseAnalysisInput;
  readonly next_step: journeys.NextStepInput;
  readonly backtrack_check: journeys.BacktrackInput;
  readonly backtrack_selection: journeys.BacktrackInput;
  readonly tools_simple: tools.ToolInput;
  readonly tools_full: tools.ToolInput;
  readonly tools_overlapping: tools.OverlappingToolsInput;
  readonly fluid_message: messages.MessageInput;
  readonly canned_draft: messages.CannedDraftInput;
  readonly selection: messages.SelectionInput;
  readonly recomposition: messages.RecompositionInput;
  readonly follow_up: messages.FollowUpInput;
  readonly preamble: messages.PreambleInput;
  readonly generated_field: messages.GeneratedFieldInput;
  readonly action_proposal: indexing.GuidelineText;
  readonly continuous: indexing.GuidelineText;
  readonly customer_dependence: indexing.GuidelineText;
  readonly agent_intention: indexing.GuidelineText;
  readonly tool_running: indexing.GuidelineText;
  readonly relative_actions: indexing.JourneyText;
  readonly reachable_steps: indexing.ReachableStepsInput;
};
