/** How long to wait before upstream is asked again. Pure: the waiting itself is a state of the session's machine. */

const WAITS_MS = [5_000, 10_000, 20_000, 40_000, 60_000] as const;
const LONGEST_MS = 60_000;

/** So that the sessions of a server that comes back do not all ask it in the same second. */
const JITTER = 0.2;

/**
 * When to ask again (ms since 1970), after a failure that had `failures` others directly before it: 5 s after the first, then 10, 20,
 * 40 and 60 s. The first wait is exact, later ones are up to 20 % longer. `random`: from 0 to 1, default `Math.random`.
 */
export function toRetryAt({
  failures,
  now,
  random = Math.random,
}: {
  readonly failures: number;
  readonly now: number;
  readonly random?: () => number;
}): number {
  const waitMs = WAITS_MS[failures] ?? LONGEST_MS;
  return failures === 0 ? now + waitMs : now + Math.round(waitMs * (1 + JITTER * random()));
}
