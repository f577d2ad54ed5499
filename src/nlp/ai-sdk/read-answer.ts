/** An answer out of what a model wrote: JSON that fits the question. */
import type { z } from 'zod';
import { parseJsonAnswer } from '../json-answer.ts';
import { answerSchemas, type AnswerOf, type QuestionName } from '../questions/questions.ts';
import { ModelFailure } from './model-failure.ts';

/** Throws `ModelFailure` (`malformed`). */
export function readAnswer<Name extends QuestionName>(question: Name, text: string): AnswerOf<Name> {
  const value = parse(text);
  const schema: z.ZodType = answerSchemas[question];
  const read = schema.safeParse(value);
  const fitted = read.success ? read : schema.safeParse(fit(value, read.error.issues));
  if (fitted.success) return fitted.data as AnswerOf<Name>; // the schema of that question
  const [issue] = fitted.error.issues;
  throw new ModelFailure('malformed', `its answer does not fit the question (${where(issue)})`);
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new ModelFailure('malformed', 'its answer is empty');
  try {
    return parseJsonAnswer(text);
  } catch (cause) {
    throw new ModelFailure('malformed', 'its answer holds no JSON that can be read', { cause });
  }
}

/**
 * Values of tools and numbers of guidelines are texts, and models that are not held to the schema write 14 or true for them. Such a
 * value becomes text, and the words true and false become what they say.
 */
function fit(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const issue of issues) {
    if (issue.code !== 'invalid_type' || !('expected' in issue)) continue;
    const holder = issue.path.slice(0, -1).reduce<unknown>(at, copy);
    const field = issue.path.at(-1);
    if (field === undefined || typeof holder !== 'object' || holder === null) continue;
    const replaced = replace(at(holder, field), issue.expected);
    if (replaced !== undefined) Object.defineProperty(holder, field, { value: replaced });
  }
  return copy;
}

function at(holder: unknown, field: PropertyKey): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, field)
    ? (holder as Record<PropertyKey, unknown>)[field]
    : undefined;
}

function replace(value: unknown, expected: string): unknown {
  if (value === null || value === undefined) return undefined;
  if (expected === 'string') return JSON.stringify(value);
  if (expected !== 'boolean' || typeof value !== 'string') return undefined;
  const word = value.toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : undefined;
}

/** Without what was written: it may be a customer's. */
function where(issue: z.core.$ZodIssue | undefined): string {
  const path = issue?.path.filter((part) => typeof part !== 'symbol').join('.');
  return path ? `at ${path}` : 'it is another kind of value';
}
