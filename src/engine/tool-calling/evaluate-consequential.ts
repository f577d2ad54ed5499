/** What an answer about a tool of consequence comes to: every argument was weighed, and one that is not allowed keeps it from being called. */
import type { JsonObject } from '../../event-log/event.ts';
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

type Answer = Pick<AnswerOf<'tools_full'>, 'calls'>;
type AnsweredCall = Answer['calls'][number];

export function evaluateConsequential(candidate: Candidate, { calls }: Answer): Evaluated {
  return joinEvaluated(calls.flatMap((call) => evaluateCall(candidate, call)));
}

function evaluateCall(candidate: Candidate, call: AnsweredCall): readonly Evaluated[] {
  const { toolId } = candidate;
  const answers = knownArguments(candidate, call.arguments);
  const isBlocked = notAllowed(candidate, answers).length > 0;
  const blocked = isBlocked
    ? [evaluated(toolId, { evaluation: 'cannot_run', invalid: invalidOf(candidate, answers) })]
    : [];
  if (!isWanted(call)) return [...blocked, evaluated(toolId, { evaluation: 'data_already_in_context' })];
  if (lacksRequired(candidate, answers)) {
    const missing = missingOf(candidate, answers);
    return [...blocked, evaluated(toolId, { evaluation: 'cannot_run', missing })];
  }
  if (isBlocked) return blocked;
  return [evaluated(toolId, { evaluation: 'needs_to_run', call: allArguments(candidate, answers) })];
}

function isWanted({ isApplicable, alreadyStaged, betterRejectedTool, runInTandem }: AnsweredCall): boolean {
  return isApplicable && !alreadyStaged && (!betterRejectedTool || runInTandem === true);
}

/** Optional ones that were not given are null. */
function allArguments({ tool }: Candidate, answers: ArgumentAnswers): JsonObject {
  const given = givenArguments(answers);
  const absent = Object.keys(tool.parameters).filter(
    (name) => !tool.required.includes(name) && !Object.hasOwn(given, name),
  );
  return { ...given, ...Object.fromEntries(absent.map((name) => [name, null])) };
}
