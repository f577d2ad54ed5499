/**
 * Language understanding without a model: no key, no network, and the same answer to the same question every time. It compares words;
 * all it knows of a trade comes with the questions. It is meant to be honest before it is meant to be clever.
 */
import { toWordGroups } from '../lexical/word-groups.ts';
import type { GenerationInfo, NlpService } from '../nlp.ts';
import type { AnswerOf, QuestionInputs, QuestionName } from '../questions/questions.ts';
import {
  answerActionProposal,
  answerAgentIntention,
  answerContinuous,
  answerCustomerDependence,
  answerToolRunning,
} from './indexing/guideline-answers.ts';
import { answerReachableSteps, answerRelativeActions } from './indexing/journey-answers.ts';
import { answerBacktrackCheck, answerBacktrackSelection } from './journeys/backtrack.ts';
import { answerNextStep } from './journeys/next-step.ts';
import {
  answerApplies,
  answerCustomerDependent,
  answerLowCriticality,
  answerPreviouslyApplied,
} from './matching/applies.ts';
import { answerDisambiguation } from './matching/disambiguation.ts';
import { answerResponseAnalysis } from './matching/response-analysis.ts';
import { compose } from './messages/compose.ts';
import { answerGeneratedField } from './messages/generated-field.ts';
import { answerCannedDraft, answerFluidMessage } from './messages/message-answers.ts';
import { answerPreamble } from './messages/preamble.ts';
import { answerFollowUp, answerRecomposition, answerSelection } from './messages/templates.ts';
import { rankByWords } from './rank.ts';
import { answerFull, answerOverlapping, answerSimple } from './tools/tool-answers.ts';
import type { World } from './world.ts';

export type OfflineNlpOptions = {
  /** What "tomorrow" is counted from; default: the machine's. */
  readonly clock?: { now(): number };
};

type Answers = {
  readonly [Name in QuestionName]: (input: QuestionInputs[Name], world: World) => AnswerOf<Name>;
};

const answers: Answers = {
  observational: answerApplies,
  actionable: answerApplies,
  low_criticality: answerLowCriticality,
  previously_applied: answerPreviouslyApplied,
  customer_dependent: answerCustomerDependent,
  disambiguation: answerDisambiguation,
  response_analysis: answerResponseAnalysis,
  next_step: answerNextStep,
  backtrack_check: answerBacktrackCheck,
  backtrack_selection: answerBacktrackSelection,
  tools_simple: answerSimple,
  tools_full: answerFull,
  tools_overlapping: answerOverlapping,
  fluid_message: answerFluidMessage,
  canned_draft: answerCannedDraft,
  selection: answerSelection,
  recomposition: answerRecomposition,
  follow_up: answerFollowUp,
  preamble: answerPreamble,
  generated_field: answerGeneratedField,
  action_proposal: answerActionProposal,
  continuous: answerContinuous,
  customer_dependence: answerCustomerDependence,
  agent_intention: answerAgentIntention,
  tool_running: answerToolRunning,
  relative_actions: answerRelativeActions,
  reachable_steps: answerReachableSteps,
};

const noUsage: GenerationInfo['usage'] = { inputTokens: 0, outputTokens: 0 };

/** Never rejects, except with the reason of an aborted signal. */
export function createOfflineNlp({ clock = Date }: OfflineNlpOptions = {}): NlpService {
  return {
    name: 'offline',
    async ask(question, input, { signal }) {
      signal.throwIfAborted();
      const begun = performance.now();
      const answer = answers[question](input, { now: clock.now() });
      return {
        answer,
        info: { question, model: 'offline', durationMs: performance.now() - begun, usage: noUsage },
      };
    },
    async *streamText(input, { signal }) {
      const { text } = compose(input, { preamble: input.preamble, isForTemplates: false });
      for (const group of toWordGroups(text ?? '')) {
        signal.throwIfAborted();
        yield group;
      }
    },
    async rank(query, candidates, { signal }) {
      signal.throwIfAborted();
      return rankByWords(query, candidates);
    },
    async close() {},
  };
}
