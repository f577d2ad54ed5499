/** What every request to a provider goes through: it is made again where that may help, and given up when its time is over. */
import { NlpError } from '../../errors.ts';
import type { Clock } from '../../session/clock.ts';
import { callWithRetries } from '../retry-policy.ts';
import { ModelFailure, retryPolicies, toFailure } from './model-failure.ts';
import { createTimeLimit, type TimeLimit } from './time-limit.ts';

/** The longest a question may take, with everything that is tried; of a stream: the longest it may be silent. */
export const timeLimitMs = 60_000;

export type Exchange = {
  /** Until it succeeds, or all is lost. Rejects with `NlpError`, or with the signal's reason. */
  call<Result>(
    request: (attempt: { readonly signal: AbortSignal }) => Promise<Result>,
    options: { readonly signal: AbortSignal },
  ): Promise<Result>;
  /** A limit for what takes several calls. */
  limit(signal: AbortSignal): TimeLimit;
  /** Within a limit: the request, and again where that may help. Rejects with `ModelFailure`. */
  callWithin<Result>(request: () => Promise<Result>, limit: TimeLimit): Promise<Result>;
  /** What ended it, as callers may see it. */
  toError(error: unknown, signal: AbortSignal): unknown;
};

export function createExchange({ name, clock }: { readonly name: string; readonly clock: Clock }): Exchange {
  const limit = (signal: AbortSignal) => createTimeLimit({ clock, limitMs: timeLimitMs, signal });

  function callWithin<Result>(request: () => Promise<Result>, within: TimeLimit): Promise<Result> {
    return callWithRetries(() => request().catch(rethrow(within)), {
      policies: retryPolicies,
      kindOf: (error) => (error instanceof ModelFailure && !within.signal.aborted ? error.kind : undefined),
      wait: (seconds, error) => pause(seconds, error, within),
    });
  }

  const rethrow = (within: TimeLimit) => (error: unknown) => {
    within.throwIfOver();
    throw toFailure(error, clock.now());
  };

  /** A pause that ends after all time is over is not begun. */
  async function pause(seconds: number, error: unknown, within: TimeLimit): Promise<void> {
    const asked = error instanceof ModelFailure ? (error.retryAfterMs ?? 0) : 0;
    const until = clock.now() + Math.max(seconds * 1_000, asked);
    if (until >= within.deadline()) throw error;
    await clock.waitUntil(until, within.signal).catch(() => within.throwIfOver());
  }

  function toError(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    const failure = toFailure(error, clock.now());
    return Object.assign(new NlpError(name, failure.message), { cause: failure.cause });
  }

  return {
    limit,
    callWithin,
    toError,
    async call(request, { signal }) {
      const within = limit(signal);
      try {
        return await within.during(() => callWithin(() => request({ signal: within.signal }), within));
      } catch (error) {
        throw toError(error, signal);
      } finally {
        within.stop();
      }
    },
  };
}
