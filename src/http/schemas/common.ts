/** Parts that many schemas share. Texts are well-formed Unicode without NUL: anything else would not come back as it went in. */
import { z } from 'zod';
import 'zod-openapi';
import type { Json, JsonObject } from '../../event-log/event.ts';

/** How deep JSON may nest. Deeper values can be parsed but not written again: `JSON.stringify` is recursive. */
const DEPTH_LIMIT = 64;

export function text({ max, min = 0 }: { readonly max: number; readonly min?: number }) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine(
      (value) => value.isWellFormed() && !value.includes('\0'),
      'must be well-formed Unicode without NUL',
    );
}

/** Any JSON value, as the body's parser made it. */
export const json = z
  .custom<Json>((value) => value !== undefined && isShallow(value, DEPTH_LIMIT), {
    error: `must be JSON of at most ${DEPTH_LIMIT} levels`,
  })
  .meta({ description: 'Any JSON value.', override: {} });

export const jsonObject = z
  .custom<JsonObject>((value) => isObject(value) && isShallow(value, DEPTH_LIMIT), {
    error: `must be a JSON object of at most ${DEPTH_LIMIT} levels`,
  })
  .meta({ description: 'Any JSON object.', override: { type: 'object', additionalProperties: true } });

export const sessionId = z
  .string()
  .regex(/^[0-9A-Za-z_-]{1,64}$/, 'must be 1 to 64 characters of 0-9 A-Z a-z _ -')
  .meta({ description: 'A session.', examples: ['pK7xQ2mA9d'] });

export const timestamp = z.string().meta({ format: 'date-time', description: 'ISO 8601, UTC.' });

/** Offsets are exact up to here, whatever reads them. */
const offsetText = z.string().regex(/^-?\d{1,15}$/, 'must be a whole number');

/** A whole number in a query. */
export function wholeNumber({
  min,
  max = Number.MAX_SAFE_INTEGER,
}: { readonly min?: number; readonly max?: number } = {}) {
  return offsetText
    .transform(Number)
    .pipe(min === undefined ? z.int().max(max) : z.int().min(min).max(max))
    .meta(shownAs({ type: 'integer', ...(min !== undefined && { minimum: min }) }));
}

/** A boolean in a query, in the spellings Parlant's server takes. */
export const yesNo = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off', 't', 'f', 'y', 'n']))
  .transform((word) => ['true', '1', 'yes', 'on', 't', 'y'].includes(word))
  .meta(shownAs({ type: 'boolean' }));

/** How a parameter is described that is read from text: as the value it stands for. */
export function shownAs(schema: {
  readonly type: 'integer' | 'boolean' | 'array' | 'string';
  readonly [keyword: string]: unknown;
}) {
  return {
    override({ jsonSchema }: { readonly jsonSchema: object }) {
      for (const keyword of ['anyOf', 'pattern', 'enum', 'type']) Reflect.deleteProperty(jsonSchema, keyword);
      Object.assign(jsonSchema, schema);
    },
  };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isShallow(item, levels - 1));
}
