/** Long spans are swept for, again and again, and not timed one by one. */
import type { Clock } from './clock.ts';

export type SweepingOptions = {
  readonly clock: Clock;
  /** The shortest of the spans that are swept for: it is overdrawn by a quarter at most, from 0.4 s to 2 min. */
  readonly spanMs: number;
  readonly sweep: (ended: AbortSignal) => Promise<void>;
  /** The next sweep tries again. */
  readonly onFailure: (error: unknown) => void;
};

const LONGEST_PAUSE_MS = 30_000;
const SHORTEST_PAUSE_MS = 100;

/** Sweeps until stopped. `stop` resolves when nothing of it is left. */
export function startSweeping({ clock, spanMs, sweep, onFailure }: SweepingOptions) {
  const ended = new AbortController();
  const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, spanMs / 4));
  const done = sweepOn();
  return {
    stop(): Promise<void> {
      ended.abort(new Error('The sweep is stopped.'));
      return done;
    },
  };

  async function sweepOn(): Promise<void> {
    for (;;) {
      try {
        await clock.waitUntil(clock.now() + pauseMs, ended.signal);
      } catch {
        return;
      }
      await sweep(ended.signal).catch(onFailure);
    }
  }
}
