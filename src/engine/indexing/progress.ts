/** Long work says how far it is: nothing while it is short, and then a line now and then. */
import type { Clock } from '../../session/clock.ts';

const everyMs = 2_000;

export type ProgressLogger = { info(facts: object, message: string): void };

export interface Progress {
  /** There is something to do. */
  busy(): void;
  /** One is done. */
  step(): void;
  /** There is nothing to do. */
  idle(): void;
}

export type ProgressOptions = {
  readonly clock: Clock;
  readonly logger: ProgressLogger;
  /** How much is still to be done. */
  readonly left: () => number;
};

export function createProgress({ clock, logger, left }: ProgressOptions): Progress {
  let work: { readonly over: AbortController; readonly beganAt: number } | undefined;
  let done = 0;
  let hasTold = false;

  async function tellNowAndThen(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await clock.waitUntil(clock.now() + everyMs, over).catch(() => {});
      if (over.aborted) return;
      hasTold = true;
      logger.info({ done, left: left() }, 'looking into what agents know');
    }
  }

  return {
    busy() {
      if (work) return;
      [done, hasTold] = [0, false];
      work = { over: new AbortController(), beganAt: clock.now() };
      void tellNowAndThen(work.over.signal);
    },

    step() {
      done += 1;
    },

    idle() {
      if (!work) return;
      work.over.abort();
      const seconds = Math.round((clock.now() - work.beganAt) / 100) / 10;
      if (hasTold) logger.info({ done, seconds }, 'looked into what agents know');
      work = undefined;
    },
  };
}
