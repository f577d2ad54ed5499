/** Time that moves by hand. `advance` resolves what became due, in order, and lets what follows from it happen. */
import type { Clock } from '../../src/session/clock.ts';

export type TestClock = Clock & {
  advance(ms: number): Promise<void>;
  /** How many waits are pending. */
  pending(): number;
};

export function createTestClock(start = Date.now()): TestClock {
  let now = start;
  const waits = new Set<{ at: number; resolve: () => void }>();
  return {
    now: () => now,
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
    async advance(ms) {
      now += ms;
      for (const wait of [...waits].sort((a, b) => a.at - b.at)) if (wait.at <= now) wait.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
