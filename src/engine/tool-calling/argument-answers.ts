/** What an answer says of a call's arguments, one by one: which are missing, which are not allowed, what the call is then made with. */
import type { JsonObject } from '../../event-log/event.ts';
import type { AnswerOf } from '../../nlp/questions/questions.ts';
import { parseList } from '../../tools/literals.ts';
import type { ToolParameter } from '../../tools/tool.ts';
import type { ParameterProblem } from '../turn-context.ts';
import type { Candidate } from './evaluation.ts';
import { parameterOf, problemsOf } from './parameter-problem.ts';

type ArgumentAnswer = NonNullable<AnswerOf<'tools_full'>['calls'][number]['arguments']>[number];

export type ArgumentAnswers = readonly ArgumentAnswer[];

/** Of parameters that the tool has; of one that is named twice, the last time. */
export function knownArguments(
  candidate: Candidate,
  answers: ArgumentAnswers | null | undefined,
): ArgumentAnswers {
  const known = (answers ?? []).filter(({ parameter }) => parameterOf(candidate, parameter) !== undefined);
  return [...new Map(known.map((answer) => [answer.parameter, answer])).values()];
}

/** With a value that is not among the choices, whatever the answer says of it. */
export function notAllowed(candidate: Candidate, answers: ArgumentAnswers): ArgumentAnswers {
  return answers.filter(({ parameter, value }) => {
    const described = parameterOf(candidate, parameter);
    return described !== undefined && Boolean(value) && !isChoice(described, value ?? '');
  });
}

export function invalidOf(candidate: Candidate, answers: ArgumentAnswers): readonly ParameterProblem[] {
  return notAllowed(candidate, answers).flatMap(({ parameter, value }) =>
    problemsOf(candidate, parameter, value ?? ''),
  );
}

/** Whether something is missing that the tool needs. A parameter that the answer does not name is left to the tool. */
export function lacksRequired({ tool }: Candidate, answers: ArgumentAnswers): boolean {
  return answers.some(({ parameter, status }) => status === 'missing' && tool.required.includes(parameter));
}

/** What is said to be missing, and not to be optional. */
export function missingOf(candidate: Candidate, answers: ArgumentAnswers): readonly ParameterProblem[] {
  return answers
    .filter(({ status, isOptional }) => status === 'missing' && !isOptional)
    .flatMap(({ parameter }) => problemsOf(candidate, parameter));
}

/** What the call is made with. */
export function givenArguments(answers: ArgumentAnswers): JsonObject {
  const given = answers.filter(({ status }) => status !== 'missing');
  return Object.fromEntries(given.map(({ parameter, value }) => [parameter, value ?? null]));
}

function isChoice({ type, enum: choices }: ToolParameter, value: string): boolean {
  if (choices === undefined) return true;
  const allowed = new Set(choices.map(String));
  if (type !== 'array') return allowed.has(value);
  const items = parseList(value) ?? [value];
  return items.every((item) => allowed.has(typeof item === 'string' ? item : JSON.stringify(item)));
}
