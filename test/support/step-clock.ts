/** Time that stands still until the test moves it to where the next one waits. */
import type { Clock } from '../../src/session/clock.ts';

export type StepClock = Clock & {
  /** When the next wait is due, in ms; undefined: nobody waits. */
  next(): number | undefined;
  /** Moves to that moment and lets what follows happen. */
  step(): Promise<void>;
  pending(): number;
};

export function createStepClock(start = Date.parse('2026-01-01T00:00:00Z')): StepClock {
  let now = start;
  const waits = new Set<{ readonly at: number; readonly resolve: () => void }>();
  const next = () => (waits.size === 0 ? undefined : Math.min(...[...waits].map(({ at }) => at)));
  return {
    now: () => now,
    next,
    pending: () => waits.size,
    waitUntil: (at, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const wait = { at, resolve: done };
        waits.add(wait);
        signal.addEventListener('abort', gaveUp, { once: true });
        function done() {
          signal.removeEventListener('abort', gaveUp);
          waits.delete(wait);
          resolve();
        }
        function gaveUp() {
          waits.delete(wait);
          reject(signal.reason);
        }
      }),
    async step() {
      const at = next();
      if (at === undefined) return;
      now = Math.max(now, at);
      for (const wait of waits) if (wait.at <= now) wait.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
