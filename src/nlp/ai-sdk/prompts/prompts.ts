/** The prompt of every question, and the form its answer is wanted in. */
import { answerSchemas, type QuestionInputs, type QuestionName } from '../../questions/questions.ts';
import { drawShape, toWireSchema, type WireSchema } from './answer-shape.ts';
import * as appliedBefore from './applied-before.ts';
import * as answering from './answering.ts';
import * as clarity from './clarity.ts';
import * as guidelineIndexing from './guideline-indexing.ts';
import * as journeyIndexing from './journey-indexing.ts';
import * as journeys from './journeys.ts';
import * as matching from './matching.ts';
import type { Prompt } from './prompt-builder.ts';
import type { PromptOf, QuestionPrompt, WorkedExample } from './question-prompt.ts';
import { withTime } from './situation-sections.ts';
import * as templates from './templates.ts';
import * as tools from './tools.ts';

export const prompts: { readonly [Name in QuestionName]: PromptOf<Name> } = {
  observational: matching.observational,
  actionable: matching.actionable,
  low_criticality: matching.lowCriticality,
  previously_applied: appliedBefore.previouslyApplied,
  customer_dependent: appliedBefore.customerDependent,
  disambiguation: clarity.disambiguation,
  response_analysis: clarity.responseAnalysis,
  next_step: journeys.nextStep,
  backtrack_check: journeys.backtrackCheck,
  backtrack_selection: journeys.backtrackSelection,
  tools_simple: tools.toolsSimple,
  tools_full: tools.toolsFull,
  tools_overlapping: tools.toolsOverlapping,
  fluid_message: answering.fluidMessage,
  canned_draft: answering.cannedDraft,
  selection: templates.selection,
  recomposition: templates.recomposition,
  follow_up: templates.followUp,
  preamble: templates.preamble,
  generated_field: templates.generatedField,
  action_proposal: guidelineIndexing.actionProposal,
  continuous: guidelineIndexing.continuous,
  customer_dependence: guidelineIndexing.customerDependence,
  agent_intention: guidelineIndexing.agentIntention,
  tool_running: guidelineIndexing.toolRunning,
  relative_actions: journeyIndexing.relativeActions,
  reachable_steps: journeyIndexing.reachableSteps,
};

export type AnswerablePrompt = Prompt & { readonly schema: WireSchema };

/** Ready to be sent. `now`: ms since 1970. */
export function toPrompt<Name extends QuestionName>(
  question: Name,
  input: QuestionInputs[Name],
  { now }: { readonly now: number },
): AnswerablePrompt {
  const { prompt, answer, examples = [] }: QuestionPrompt<Name> = prompts[question](input);
  const schema = toWireSchema(answerSchemas[question], answer);
  const timed = 'situation' in input ? withTime(prompt, now) : prompt;
  const withExamples = examples.length > 0 ? timed.text('examples', examples.map(tell).join('\n\n')) : timed;
  const written = withExamples.text('answer', `${answerForm}\n\n${drawShape(schema)}`).build();
  return { ...written, schema };
}

const answerForm =
  'Answer with one JSON object of this form and nothing else, with its fields in this order. What stands between < and > says what belongs there. Texts in it are short, and in the language of the conversation where the customer will read them.';

function tell<Name extends QuestionName>({ given, answer }: WorkedExample<Name>): string {
  return `${given}\nAnswer: ${JSON.stringify(answer)}`;
}
