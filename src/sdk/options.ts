/** What options are checked against. The bounds are those of the REST API: what can be defined here can be changed there. */
import { z } from 'zod';
import { compositionModes } from '../entities/collections/agent.ts';
import type { Json, JsonObject } from '../event-log/event.ts';

/** How deep JSON may nest. */
const DEPTH_LIMIT = 64;

/** Well-formed Unicode without NUL: anything else would not come back from storage as it went in. */
export function text({ max = 100_000 } = {}) {
  return z
    .string({ error: 'must be a text' })
    .max(max, `must have at most ${max} characters`)
    .refine(isStorable, 'must be well-formed Unicode without NUL');
}

/** A text that says something. */
export function statement({ max = 100_000 } = {}) {
  return text({ max }).refine((value) => value.trim() !== '', 'must not be empty');
}

/** A text of one line, counted in characters: a smiley is one. */
export function name({ max }: { readonly max: number }) {
  return statement().refine(
    (value) => Array.from(value).length <= max,
    `must have at most ${max} characters`,
  );
}

/** It has to stand in an address. */
export const chosenId = statement({ max: 200 })
  .refine((id) => !/\p{Cc}/u.test(id), 'must not have control characters')
  .refine((id) => id !== '.' && id !== '..', 'must not be a step in a path');

export const texts = z
  .array(statement({ max: 10_000 }), { error: 'must be a list of texts' })
  .max(1_000, 'must be at most 1000');

export const labels = z
  .array(statement({ max: 200 }), { error: 'must be a list of texts' })
  .max(100, 'must be at most 100');

/** What they are is checked where they are used: only a server knows its own. */
export const things = z.array(z.unknown(), { error: 'must be a list' }).max(1_000, 'must be at most 1000');

export const thing = z.unknown();

export const yesNo = z.boolean({ error: 'must be true or false' });

export const whole = z.int({ error: 'must be a whole number' });

export const compositionMode = choice(compositionModes);

export function choice(values: readonly string[]) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

export const json = z.custom<Json>((value) => isJson(value, DEPTH_LIMIT), {
  error: `must be plain JSON of at most ${DEPTH_LIMIT} levels`,
});

export const jsonObject = z.custom<JsonObject>((value) => isPlain(value) && isJson(value, DEPTH_LIMIT), {
  error: `must be a plain JSON object of at most ${DEPTH_LIMIT} levels`,
});

export const textMap = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    isPlain(value) &&
    Object.entries(value).every(
      ([key, each]) => isStorable(key) && typeof each === 'string' && isStorable(each),
    ),
  { error: 'must be an object of texts' },
);

/** A copy as storage will give it back: later changes of the original are not meant. */
export function toJson<Value extends Json>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value; // it was checked to be JSON
}

function isStorable(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}

/** No dates, classes, functions, holes or circles: they would come back as something else, or not at all. */
function isJson(value: unknown, levels: number): boolean {
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'string') return isStorable(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (levels === 0) return false;
  if (Array.isArray(value)) return Array.from(value).every((each) => isJson(each, levels - 1));
  return (
    isPlain(value) &&
    Object.entries(value).every(([key, each]) => isStorable(key) && isJson(each, levels - 1))
  );
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
