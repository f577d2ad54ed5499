/** What streams of named frames told: `/api/me/events` and `/api/live`. */
import type { ReceivedFrame } from './event-stream.ts';

export type Named = { readonly event: string; readonly [field: string]: unknown };

/** The data of each frame, with its name beside it. */
export function named(frames: readonly ReceivedFrame[]): readonly Named[] {
  return frames.map(({ event, data }) => ({ ...(data as object), event })); // every frame holds an object
}
