/** The threads that write logs, caught as they start: to kill one in mid-work, as a fault would. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';

export type LogWriters = Disposable & {
  /** Ends the newest writer thread at once, whatever it is doing. */
  kill(): Promise<void>;
};

export function catchLogWriters(): LogWriters {
  let newest: Worker | undefined;
  const onThread = (message: unknown) => {
    newest = (message as { worker: Worker }).worker;
  };
  subscribe('worker_threads', onThread);
  return {
    async kill() {
      await newest?.terminate();
    },
    [Symbol.dispose]: () => unsubscribe('worker_threads', onThread),
  };
}
