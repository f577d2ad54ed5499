/** Which of the two forms of an answer a client wants. */
import type { Request } from 'express';

const STREAM = 'text/event-stream';

/**
 * Whether `Accept` prefers an event stream to JSON: by `q`, then by the order named. Whoever accepts neither gets JSON: an error would help nobody.
 */
export function wantsStream(req: Request): boolean {
  const { accept } = req.headers;
  if (accept === STREAM) return true;
  return (
    accept !== undefined && accept.includes(STREAM) && req.accepts(['application/json', STREAM]) === STREAM
  );
}
