/** What the layers of one request tell each other: written along the way, read when the answer is over (`observe.ts`). */
import type { Response } from 'express';

export type Notes = {
  requestId: string;
  /** The path of the route, with names in the place of ids; empty where no route matched. */
  route: string;
  /** What the route is for, and the ids in its path; for traces. */
  operation: string;
  params: Readonly<Record<string, string | readonly string[]>>;
  role: string;
  /** Code of the error that was answered. */
  code: string;
  /** An event stream: its length says nothing of how fast the server is. */
  isStream: boolean;
  /** A long-poll that waited: the same. */
  isWait: boolean;
};

export function startNotes(res: Response, requestId: string): Notes {
  const notes: Notes = {
    requestId,
    route: '',
    operation: '',
    params: {},
    role: '',
    code: '',
    isStream: false,
    isWait: false,
  };
  res.locals['notes'] = notes;
  return notes;
}

export function notesOf(res: Response): Notes {
  return res.locals['notes'] as Notes; // put there before anything else runs
}
