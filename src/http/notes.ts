/** What the layers of one request tell each other: written along the way, read when the answer is over (`observe.ts`). */
import type { Response } from 'express';

export type Notes = {
  requestId: string;
  /** The path of the route, with names in the place of ids; empty where no route matched. */
  route: string;
  role: string;
  /** Code of the error that was answered. */
  code: string;
  /** An event stream: its length says nothing of how fast the server is. */
  isStream: boolean;
  /** A long-poll that waited: the same. */
  isWait: boolean;
};

export function startNotes(res: Response, requestId: string): Notes {
  const notes: Notes = { requestId, route: '', role: '', code: '', isStream: false, isWait: false };
  res.locals['notes'] = notes;
  return notes;
}

export function notesOf(res: Response): Notes {
  return res.locals['notes'] as Notes; // put there before anything else runs
}
