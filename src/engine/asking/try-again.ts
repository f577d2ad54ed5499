/** Work that asks questions is tried again after a pause, whatever it failed with: what answers may be back by then. */
import type { Clock } from '../../session/clock.ts';

const pausesMs = [1_000, 4_000];

/** Rejects with the last failure, or with the signal's reason. */
export async function tryAgain<Result>(
  work: () => Promise<Result>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Result> {
  for (const pauseMs of pausesMs) {
    try {
      return await work();
    } catch {
      signal.throwIfAborted();
      await clock.waitUntil(clock.now() + pauseMs, signal);
    }
  }
  return work();
}
