/**
 * Shares the event loop between conversations. What many turns wait for often comes to all of them in one moment, with one commit say; they
 * would then all go on in a row, and nothing else would be heard meanwhile. So whoever is about to work for a while asks here first: who
 * comes when the time in a row is used up waits until everything else had its chance, and is let on one at a time.
 */

/** Undefined: go on. Otherwise resolves when one may. */
export type FairShare = () => Promise<void> | undefined;

/** How long is worked in a row, in ms. What has begun is not broken off. */
const inARowMs = 5;

/** `now`: milliseconds that only grow. */
export function createFairShare(now: () => number = () => performance.now()): FairShare {
  const waiting: (() => void)[] = [];
  /** Undefined: everything else had its chance since. */
  let beganAt: number | undefined;

  function begin(): number {
    setImmediate(letOn);
    return (beganAt = now());
  }

  function letOn(): void {
    const next = waiting.shift();
    beganAt = undefined;
    if (!next) return;
    begin();
    next();
  }

  return () => {
    if (now() - (beganAt ?? begin()) < inARowMs) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    return promise;
  };
}

/** One for the process, which has one event loop. */
export const fairShare = createFairShare();
