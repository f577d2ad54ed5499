/**
 * Why a request to a provider failed: a kind, which decides whether it is made again, and a reason in plain words. What the provider
 * itself says may quote keys and prompts; it goes into `cause`, for logs, and never into the reason.
 */
import { APICallError, InvalidResponseDataError } from 'ai';
import type { RetryPolicy } from '../retry-policy.ts';
import { defaultMaxErrors, defaultWaitsS } from '../retry-policy.ts';

export const failureKinds = [
  'connection',
  'timeout',
  'conflict',
  'rate_limit',
  'malformed',
  'server',
  'refused',
  'truncated',
  'rejected',
  'unauthorized',
  'exhausted',
  'unknown',
] as const;
export type FailureKind = (typeof failureKinds)[number];

export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  readonly kind: FailureKind;
  /** The provider asked for at least this pause. */
  readonly retryAfterMs: number | undefined;
  constructor(
    kind: FailureKind,
    reason: string,
    { retryAfterMs, cause }: { readonly retryAfterMs?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(reason, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Outermost first. Servers that fail are asked less often than those that are busy. */
export const retryPolicies: readonly RetryPolicy<FailureKind>[] = [
  { on: ['server'], maxErrors: 2, waitsS: [1, 5] },
  {
    on: ['connection', 'timeout', 'conflict', 'rate_limit', 'malformed'],
    maxErrors: defaultMaxErrors,
    waitsS: defaultWaitsS,
  },
];

/** `now`: ms since 1970, for pauses that are given as a time of day. */
export function toFailure(error: unknown, now: number): ModelFailure {
  if (error instanceof ModelFailure) return error;
  if (!APICallError.isInstance(error)) return toOtherFailure(error);
  const { statusCode, responseBody = '', responseHeaders = {} } = error;
  const cause = new Error(error.message.slice(0, detailChars));
  if (statusCode === undefined || (statusCode < 400 && error.isRetryable))
    return new ModelFailure('connection', 'the connection failed', { cause });
  if (statusCode < 400) return toUnreadable(responseBody, cause);
  const kind = isExhausted(responseBody) ? 'exhausted' : kindOfStatus(statusCode);
  return new ModelFailure(kind, `${reasons[kind]} (HTTP ${statusCode})`, {
    retryAfterMs: retryAfterMs(responseHeaders, now),
    cause,
  });
}

/** What is kept of what a provider says. */
const detailChars = 500;

type HttpKind = Exclude<FailureKind, 'connection' | 'malformed' | 'refused' | 'truncated' | 'unknown'>;

const reasons: Readonly<Record<HttpKind, string>> = {
  timeout: 'it took too long',
  conflict: 'it was busy with something else',
  rate_limit: 'it takes no more requests for now',
  server: 'it failed',
  rejected: 'it refused the request',
  unauthorized: 'it refused the key',
  exhausted: 'its quota is used up',
};

function kindOfStatus(status: number): HttpKind {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 402) return 'exhausted';
  if (status === 408) return 'timeout';
  if (status === 409) return 'conflict';
  if (status === 429 || status === 529) return 'rate_limit'; // 529: Anthropic, overloaded
  return status >= 500 ? 'server' : 'rejected';
}

/** OpenAI says so with a 429, which no waiting helps against. */
function isExhausted(body: string): boolean {
  return body.includes('insufficient_quota');
}

/** OpenAI tells a refusal with a part of the response that the AI SDK does not know. */
function toUnreadable(body: string, cause: Error): ModelFailure {
  return /"type"\s*:\s*"refusal"/.test(body)
    ? new ModelFailure('refused', 'it refused to answer', { cause })
    : new ModelFailure('malformed', 'its response cannot be read', { cause });
}

function toOtherFailure(error: unknown): ModelFailure {
  const cause = error instanceof Error ? error : new Error(String(error));
  if (InvalidResponseDataError.isInstance(error))
    return /finish reason/.test(error.message)
      ? new ModelFailure('connection', 'its answer broke off', { cause })
      : new ModelFailure('malformed', 'its response cannot be read', { cause });
  return isCut(cause)
    ? new ModelFailure('connection', 'the connection failed', { cause })
    : new ModelFailure('unknown', 'the request failed', { cause });
}

/** `fetch` says so with a `TypeError`, other readers with the code of the socket. */
function isCut(error: Error): boolean {
  const { message, cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return (
    message === 'fetch failed' || message === 'terminated' || /^(ECONN|EPIPE|ETIMEDOUT|UND_ERR)/.test(code)
  );
}

function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const ms = Number.parseFloat(headers['retry-after-ms'] ?? '');
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const after = headers['retry-after'];
  if (after === undefined) return undefined;
  const seconds = Number(after);
  const pause = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(after) - now;
  return Number.isFinite(pause) ? Math.max(0, pause) : undefined;
}
