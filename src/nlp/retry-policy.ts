/**
 * When a call that failed is made again. Policies nest: each knows its own kinds of failure and counts them for itself, and one that
 * gives up hands the failure on. Who calls says how to wait, and may end it all there.
 */

export type RetryPolicy<Kind extends string = string> = {
  /** Other failures pass at once. */
  readonly on: readonly Kind[];
  /** As many failures are the last. */
  readonly maxErrors: number;
  /** Seconds before the next call, by the number of failures; the last one goes for all that follow. */
  readonly waitsS: readonly number[];
};

export const defaultMaxErrors = 3;
export const defaultWaitsS = [1, 4, 8, 16, 32, 64] as const;

export type Retrying<Kind extends string> = {
  /** Outermost first: the last one sees a failure first. */
  readonly policies: readonly RetryPolicy<Kind>[];
  /** Undefined: nobody calls again because of it. */
  readonly kindOf: (error: unknown) => Kind | undefined;
  /** Resolves when the next call is to be made; rejects to give up. */
  readonly wait: (seconds: number, error: unknown) => Promise<void>;
};

/** Rejects with the failure that no policy took, or that was one too many. */
export function callWithRetries<Result, Kind extends string>(
  call: () => Promise<Result>,
  retrying: Retrying<Kind>,
): Promise<Result> {
  const guarded = retrying.policies.reduceRight(
    (inner, policy) => () => callUnder(policy, inner, retrying),
    call,
  );
  return guarded();
}

async function callUnder<Result, Kind extends string>(
  policy: RetryPolicy<Kind>,
  call: () => Promise<Result>,
  { kindOf, wait }: Retrying<Kind>,
): Promise<Result> {
  for (let errors = 1; ; errors += 1) {
    try {
      return await call();
    } catch (error) {
      const kind = kindOf(error);
      if (kind === undefined || !policy.on.includes(kind) || errors >= policy.maxErrors) throw error;
      await wait(policy.waitsS[Math.min(errors, policy.waitsS.length) - 1] ?? 0, error);
    }
  }
}
