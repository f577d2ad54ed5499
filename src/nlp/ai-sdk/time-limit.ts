/**
 * A limit on the time that something may take, which can begin anew: a stream may go on for as long as it goes on. By a clock that tests
 * move. What takes its time once has `withTimeLimit` of `src/tools`.
 */
import type { Clock } from '../../session/clock.ts';
import { ModelFailure } from './model-failure.ts';

export type TimeLimit = {
  /** Aborts when the time is over, when the caller gives up, and at `stop`. */
  readonly signal: AbortSignal;
  /** ms since 1970; as of the last `during`. */
  deadline(): number;
  /** Runs the work; its time begins now. Rejects as the work does, which must heed the signal. */
  during<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Throws what ended it, if anything did: the caller's reason, or a `ModelFailure`. */
  throwIfOver(): void;
  /** Nothing more is wanted. Must be called at the end: until then the caller's signal is listened to. */
  stop(): void;
};

export function createTimeLimit({
  clock,
  limitMs,
  signal,
}: {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}): TimeLimit {
  const limited = new AbortController();
  const giveUp = (): void => limited.abort(signal.reason);
  if (signal.aborted) giveUp();
  // Not `AbortSignal.any`, which leaves a trace in a long-lived signal until the garbage collector comes.
  else signal.addEventListener('abort', giveUp, { once: true });
  let deadline = clock.now() + limitMs;

  return {
    signal: limited.signal,
    deadline: () => deadline,
    async during(work) {
      limited.signal.throwIfAborted();
      deadline = clock.now() + limitMs;
      const done = new AbortController();
      clock.waitUntil(deadline, done.signal).then(
        () => limited.abort(new ModelFailure('timeout', `it took longer than ${limitMs / 1_000} s`)),
        () => undefined, // it was done in time
      );
      try {
        return await work();
      } finally {
        done.abort();
      }
    },
    throwIfOver: () => limited.signal.throwIfAborted(),
    stop() {
      signal.removeEventListener('abort', giveUp);
      limited.abort(new ModelFailure('unknown', 'it was not wanted any more'));
    },
  };
}
