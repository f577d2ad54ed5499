/** Names what went wrong: a socket's error, or an HTTP status, becomes one of the codes of the port. */
import { errors } from 'undici';
import type { UpstreamCode, UpstreamError } from './upstream.ts';

/** What undici itself calls too late, whoever's clock it was. */
const TOO_LATE = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/** Ours: a whole exchange, or the whole body of an answer, took too long. */
export class TookTooLongError extends Error {
  readonly code = 'ETIMEDOUT';
}

/** Ours: a frame of a stream grew without end. */
export class FrameTooLargeError extends Error {
  readonly code = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
}

/** Whoever made the connection says whether it failed there: then nothing was sent. */
export type FailedAt = 'connect' | 'head' | 'body';

export function toConnectionError(cause: unknown, at: FailedAt, request: string): UpstreamError {
  const code = codeOfCause(cause);
  return { code: toConnectionCode(cause, code, at), message: `${request}: ${saying[at]} (${code}).` };
}

const saying: Readonly<Record<FailedAt, string>> = {
  connect: 'no connection',
  head: 'no answer',
  body: 'the answer broke off',
};

function toConnectionCode(cause: unknown, code: string, at: FailedAt): UpstreamCode {
  if (cause instanceof errors.ClientDestroyedError || cause instanceof errors.ClientClosedError)
    return 'UPSTREAM_CLOSED';
  if (at === 'connect') return 'UPSTREAM_UNREACHABLE';
  if (TOO_LATE.has(code)) return 'UPSTREAM_TIMEOUT';
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'UPSTREAM_TOO_LARGE';
  if (at === 'body') return 'UPSTREAM_CUT';
  const isNoHttp = cause instanceof errors.HTTPParserError || cause instanceof errors.HeadersOverflowError;
  return isNoHttp ? 'UPSTREAM_GARBAGE' : 'UPSTREAM_RESET';
}

function codeOfCause(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

/** What a status that is no success means, for every request alike; 404 and 504 have meanings of their own before this. */
export type Verdict = 'failed' | 'refused' | 'gone';

export function judgeStatus(
  status: number,
  request: string,
): { readonly verdict: Verdict; readonly error: UpstreamError } {
  const [verdict, code] = toVerdict(status);
  // Without the body: a Parlant 403 repeats the request's headers, a 422 what the customer wrote.
  return { verdict, error: { code, message: `${request}: answered ${status}.` } };
}

function toVerdict(status: number): readonly [Verdict, UpstreamCode] {
  if (status === 404) return ['gone', 'UPSTREAM_GONE'];
  if (status === 401 || status === 403) return ['refused', 'UPSTREAM_FORBIDDEN'];
  if (status === 408 || status === 425 || status === 429) return ['failed', 'UPSTREAM_BUSY'];
  if (status >= 500) return ['failed', 'UPSTREAM_FAILED'];
  if (status >= 400) return ['refused', 'UPSTREAM_REJECTED'];
  // Parlant never redirects these paths: it is a proxy's page, for the time being or for good.
  if (status >= 300) return ['failed', 'UPSTREAM_REDIRECTED'];
  return ['failed', 'UPSTREAM_GARBAGE'];
}

export function toGarbage(what: string, request: string): UpstreamError {
  return { code: 'UPSTREAM_GARBAGE', message: `${request}: ${what}` };
}
