/** Parses what a request brings, and says what is wrong with it and where. */
import type { z } from 'zod';
import { InvalidRequestError, type Complaint } from './errors.ts';

/** The most complaints one answer lists. */
const COMPLAINT_LIMIT = 20;

/** Throws `InvalidRequestError`. `at`: where the value stands, if it is not the whole of its place. */
export function parse<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  { place, at = [] }: { readonly place: 'body' | 'query' | 'path'; readonly at?: readonly string[] },
): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidRequestError(
    parsed.error.issues.slice(0, COMPLAINT_LIMIT).map((issue): Complaint => ({
      place,
      path: [...at, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
      message: issue.message,
      code: isMissing(issue) ? 'missing' : issue.code,
      ...inputOf(valueAt(value, issue.path)),
    })),
  );
}

/** How much of a text that does not fit is sent back. */
const INPUT_CHARS = 200;

function inputOf(value: unknown): Pick<Complaint, 'input'> {
  if (typeof value === 'string') return { input: value.slice(0, INPUT_CHARS) };
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return { input: value };
  return {};
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}

/** zod says "expected string, received undefined" of a field that is not there. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
}
