/** News in paces: what happens in a hurry is told together, the first of it at once. */
import { setTimeout as pause } from 'node:timers/promises';

export type Pace = {
  /** There is news. */
  readonly ring: () => void;
  /** One step for all that rang since the last one, at most one per `everyMs`. Ends when the signal fires. */
  readonly steps: () => AsyncGenerator<undefined, void>;
};

export function createPace({
  everyMs,
  signal,
}: {
  readonly everyMs: number;
  readonly signal: AbortSignal;
}): Pace {
  let rung = Promise.withResolvers<void>();
  const ring = () => rung.resolve();
  signal.addEventListener('abort', ring, { once: true });
  if (signal.aborted) ring();
  return { ring, steps };

  async function* steps(): AsyncGenerator<undefined, void> {
    for (;;) {
      await rung.promise;
      if (signal.aborted) return;
      rung = Promise.withResolvers();
      yield undefined;
      await pause(everyMs, undefined, { signal, ref: false }).catch(ignore);
    }
  }
}

/** The signal fired: the next round hears of it. */
function ignore(): void {}
