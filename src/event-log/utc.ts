/**
 * The log's own time stamps: ISO 8601, UTC, six fractional digits, as Parlant writes them. No two are equal, so that what was
 * made first also sorts first, even within a millisecond or when the machine's clock is set back a little.
 */

/** A clock set back by more than this is believed. */
const toleratedStepUs = 1_000_000;

/** Returns a function that tells the time. `now`: milliseconds since 1970. */
export function createStamps(now: () => number): () => string {
  let lastUs = 0;
  let secondMs = -1;
  let prefix = '';
  return () => {
    const nowUs = Math.trunc(now()) * 1000;
    lastUs = nowUs > lastUs || lastUs - nowUs > toleratedStepUs ? nowUs : lastUs + 1;
    const ms = Math.floor(lastUs / 1000);
    if (ms !== secondMs) {
      secondMs = ms;
      prefix = new Date(ms).toISOString().slice(0, -1);
    }
    return `${prefix}${String(lastUs % 1000).padStart(3, '0')}Z`;
  };
}

/** Any ISO 8601 time in the log's own form. `RangeError` if it is not a time. */
export function toUtc(time: string): string {
  return `${new Date(time).toISOString().slice(0, -1)}000Z`;
}

/** Minutes since 1970. */
export function minuteOf(utc: string): number {
  return Math.floor(Date.parse(utc) / 60_000);
}
