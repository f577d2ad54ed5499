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
    })),
  );
}

/** zod says "expected string, received undefined" of a field that is not there. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
}
