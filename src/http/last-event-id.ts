/** Where a client that comes back has read up to. */
import type { Request } from 'express';
import { InvalidLastEventIdError } from './errors.ts';

/** Throws `InvalidLastEventIdError`. An empty header, as some clients send at first, is none. */
export function lastEventIdOf({ headers }: Pick<Request, 'headers'>): number | undefined {
  const id = headers['last-event-id'];
  if (id === undefined || id === '') return undefined;
  if (typeof id !== 'string' || !/^\d{1,15}$/.test(id)) throw new InvalidLastEventIdError();
  return Number(id);
}
