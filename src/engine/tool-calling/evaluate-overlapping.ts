/**
 * What an answer about tools comes to that might serve the same end: those it prefers are called. A value that is not allowed keeps
 * all calls of its tool from being made.
 */
import type { AnswerOf } from '../../nlp/questions/questions.ts';
import {
  givenArguments,
  invalidOf,
  knownArguments,
  lacksRequired,
  missingOf,
  notAllowed,
  type ArgumentAnswers,
} from './argument-answers.ts';
import { evaluated, joinEvaluated, type Candidate, type Evaluated } from './evaluation.ts';

type Answer = Pick<AnswerOf<'tools_overlapping'>, 'tools'>;
type AnsweredTool = Answer['tools'][number];
type AnsweredCall = { readonly answers: ArgumentAnswers; readonly alreadyStaged: boolean };

/** Tools that were not asked about are not heard. */
export function evaluateOverlapping(candidates: readonly Candidate[], { tools }: Answer): Evaluated {
  const byId = new Map(candidates.map((candidate) => [candidate.toolId, candidate]));
  return joinEvaluated(
    tools.flatMap((answered) => {
      const candidate = byId.get(answered.name);
      return candidate === undefined || !isPreferred(answered) ? [] : evaluateTool(candidate, answered);
    }),
  );
}

function isPreferred({ isApplicable, alternativeShouldRun }: AnsweredTool): boolean {
  return isApplicable && !alternativeShouldRun;
}

function evaluateTool(candidate: Candidate, { calls }: AnsweredTool): readonly Evaluated[] {
  const answered = (calls ?? []).map((call) => ({
    answers: knownArguments(candidate, call.arguments),
    alreadyStaged: call.alreadyStaged,
  }));
  const isBlocked = answered.some(({ answers }) => notAllowed(candidate, answers).length > 0);
  return answered.flatMap((call) => evaluateCall(candidate, call, { isBlocked }));
}

function evaluateCall(
  candidate: Candidate,
  { answers, alreadyStaged }: AnsweredCall,
  { isBlocked }: { readonly isBlocked: boolean },
): readonly Evaluated[] {
  const { toolId } = candidate;
  const invalid = invalidOf(candidate, answers);
  if (alreadyStaged) {
    return [evaluated(toolId, { evaluation: 'data_already_in_context', invalid })];
  }
  if (lacksRequired(candidate, answers)) {
    return [evaluated(toolId, { evaluation: 'cannot_run', missing: missingOf(candidate, answers), invalid })];
  }
  if (isBlocked) return [evaluated(toolId, { evaluation: 'cannot_run', invalid })];
  return [evaluated(toolId, { evaluation: 'needs_to_run', call: givenArguments(answers) })];
}
