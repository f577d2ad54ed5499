/** Text on its way out: ready chunks, one after the other, that stop when the turn is over. */
import { systemClock, type Clock } from '../session/clock.ts';

export type Pace = {
  /** How long to wait before each chunk but the first; default 0: not at all. */
  readonly chunkDelayMs?: number;
  readonly clock?: Clock;
};

/** Ends with the signal's reason, also in the middle of a wait. Without a delay nothing is asynchronous. */
export function pacedChunks(
  chunks: readonly string[],
  signal: AbortSignal,
  { chunkDelayMs = 0, clock = systemClock }: Pace,
): Iterable<string> | AsyncIterable<string> {
  return chunkDelayMs > 0 ? slowly(chunks, signal, chunkDelayMs, clock) : untilAborted(chunks, signal);
}

function* untilAborted(chunks: readonly string[], signal: AbortSignal): Generator<string> {
  for (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}

async function* slowly(
  chunks: readonly string[],
  signal: AbortSignal,
  chunkDelayMs: number,
  clock: Clock,
): AsyncGenerator<string> {
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0) await clock.waitUntil(clock.now() + chunkDelayMs, signal);
    signal.throwIfAborted();
    yield chunk;
  }
}
