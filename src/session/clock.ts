/** Time as the runtime sees it: read and waited for through one object, so that a test moves it by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves at that time (ms since 1970), or rejects with the signal's reason; never holds the process open by itself. */
  waitUntil(at: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  waitUntil: (at, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const timer = setTimeout(done, Math.max(0, at - Date.now()));
      timer.unref();
      signal.addEventListener('abort', gaveUp, { once: true });
      function done() {
        signal.removeEventListener('abort', gaveUp);
        resolve();
      }
      function gaveUp() {
        clearTimeout(timer);
        reject(signal.reason);
      }
    }),
};
