/**
 * What is said to somebody who writes a definition wrongly, also in plain JavaScript: which entity, which option, what was wanted and
 * what was given. It is thrown by the call that is wrong.
 */
import { inspect } from 'node:util';
import type { z } from 'zod';
import { InvalidDefinitionError } from '../errors.ts';

/** `the guideline "asks for a refund"`; a long text is cut. */
export function named(noun: string, text: unknown): string {
  return `the ${noun} ${typeof text === 'string' ? `"${cut(text, 80)}"` : shown(text)}`;
}

/** A value as people read it: one line, not too long. */
export function shown(value: unknown): string {
  return cut(inspect(value, { breakLength: Infinity, depth: 1 }).replaceAll(/\s+/g, ' '), 80);
}

/** Throws `InvalidDefinitionError`. */
export function checkOptions(what: string, schema: z.ZodType, options: unknown): void {
  const parsed = schema.safeParse(options);
  if (parsed.success) return;
  const reasons = parsed.error.issues.map((issue) => toReason(issue, options));
  throw new InvalidDefinitionError(what, [...new Set(reasons)].join(', and '));
}

function toReason(issue: z.core.$ZodIssue, options: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const owner = issue.path.length > 0 ? `its ${issue.path.map(String).join('.')}` : 'it';
    return `${owner} has no option ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  }
  if (issue.path.length === 0) return `it is described by an object of options, not by ${shown(options)}`;
  const value = valueAt(options, issue.path);
  const place = issue.path.map(String).join('.');
  return value === undefined
    ? `its ${place} is missing`
    : `its ${place} ${issue.message}, not ${shown(value)}`;
}

function valueAt(options: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    options,
  );
}

function cut(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
