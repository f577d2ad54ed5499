/** Time that passes when somebody waits: short pauses are over at once and written down, a limit is never reached unless `expire` says so. */
import type { Clock } from '../../src/session/clock.ts';

export type PatientClock = Clock & {
  /** Seconds of each pause, in order. */
  readonly pauses: readonly number[];
  /** All limits that somebody waits for are reached. */
  expire(): void;
  /** How many limits somebody waits for. */
  limits(): number;
};

/** `limitMs`: what is at least this long is a limit. */
export function createPatientClock({ limitMs = 60_000 } = {}): PatientClock {
  let now = Date.UTC(2030, 0, 1);
  const pauses: number[] = [];
  const limits = new Set<() => void>();
  return {
    pauses,
    limits: () => limits.size,
    expire() {
      now += limitMs;
      for (const reach of limits) reach();
    },
    now: () => now,
    waitUntil: (at, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        if (at - now < limitMs) {
          pauses.push((at - now) / 1_000);
          now = at;
          return resolve();
        }
        const reach = () => done(resolve);
        const giveUp = () => done(() => reject(signal.reason));
        limits.add(reach);
        signal.addEventListener('abort', giveUp, { once: true });
        function done(settle: () => void) {
          limits.delete(reach);
          signal.removeEventListener('abort', giveUp);
          settle();
        }
      }),
  };
}
