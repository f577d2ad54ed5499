/** The longest time that a request to another server may take. */
import type { Clock } from '../session/clock.ts';
import { ServiceFault } from './service-fault.ts';

/** The time was over. */
export class TookTooLongFault extends ServiceFault {
  constructor(ms: number) {
    super(`it took longer than ${ms / 1_000} seconds`);
  }
}

export type TimeLimit = {
  readonly clock: Clock;
  readonly ms: number;
  /** Who asked has gone away; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Gives `work` a signal that fires when the time is over or the caller's signal does. Nothing waits for work that does not listen. Not
 * `AbortSignal.any`, which leaves a trace in a long-lived signal until the garbage collector comes.
 */
export async function withTimeLimit<Result>(
  { clock, ms, signal }: TimeLimit,
  work: (limited: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const limited = new AbortController();
  const over = new AbortController();
  const giveUp = (): void => limited.abort(signal?.reason);
  signal?.addEventListener('abort', giveUp, { once: true });
  clock.waitUntil(clock.now() + ms, over.signal).then(
    () => limited.abort(new TookTooLongFault(ms)),
    () => {}, // it was over in time
  );
  try {
    // It listens before `work` does, so that its reason comes first, not what a library makes of it.
    return await Promise.race([rejectWhenAborted(limited.signal, over.signal), work(limited.signal)]);
  } finally {
    over.abort();
    signal?.removeEventListener('abort', giveUp);
  }
}

function rejectWhenAborted(signal: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: over });
  });
}

/** Waits for work that does not listen to the signal, but no longer than the signal lets it. */
export async function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const over = new AbortController();
  try {
    return await Promise.race([rejectWhenAborted(signal, over.signal), work]);
  } finally {
    over.abort();
  }
}
