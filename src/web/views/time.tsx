/** Times in words: how long ago, or the time of day, with the whole date to be read by pointing. */
import { useSyncExternalStore } from 'react';

const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const toTheSecond = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

export function TimeOfDay({ at, seconds = false }: { readonly at: string; readonly seconds?: boolean }) {
  const time = new Date(at);
  return (
    <time dateTime={at} title={whole.format(time)}>
      {(seconds ? toTheSecond : timeOfDay).format(time)}
    </time>
  );
}

/** `now`, `5 min`, `2 h`, `3 d`. */
export function Ago({ at }: { readonly at: string }) {
  const now = useSyncExternalStore(everyHalfMinute, halfMinute) * HALF_MINUTE_MS;
  return (
    <time dateTime={at} title={whole.format(new Date(at))}>
      {inWords(now - Date.parse(at))}
    </time>
  );
}

const HALF_MINUTE_MS = 30_000;

function halfMinute(): number {
  return Math.ceil(Date.now() / HALF_MINUTE_MS);
}

function everyHalfMinute(onChange: () => void): () => void {
  const timer = setInterval(onChange, HALF_MINUTE_MS);
  return () => clearInterval(timer);
}

function inWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
