/** Waiting for an event with a request: a follower that leaves with the first one that matches. */
import { SessionNotFoundError, ShuttingDownError } from '../errors.ts';
import type { EventFilter, EventLog } from '../event-log/event-log.ts';
import type { Sessions } from '../session/sessions.ts';
import { wholeMessages } from '../session/whole-messages.ts';
import { PollTimedOutError, UnauthenticatedError } from './errors.ts';
import type { EndReason, Lease } from './leases.ts';

export type Wait = {
  readonly sessionId: string;
  readonly filter: EventFilter;
  /** The offset waited for, or any behind it. */
  readonly from: number;
  readonly waitMs: number;
  readonly lease: Lease;
  /** Messages that still grow do not count yet. */
  readonly isWhole: boolean;
};

/** Nobody waits longer, whatever was asked. */
const WAIT_LIMIT_S = 24 * 3600;

/** `wait_for_data`, the setting where it is absent. */
export function toWaitMs(
  { wait_for_data }: { readonly wait_for_data?: number | undefined },
  { pollWaitS }: { readonly pollWaitS: number },
): number {
  return 1000 * Math.min(Math.max(0, wait_for_data ?? pollWaitS), WAIT_LIMIT_S);
}

type Deps = { readonly log: Pick<EventLog, 'follow'>; readonly sessions: Pick<Sessions, 'get'> };

/** Whether there is something to read now; false when the client left. Throws what is to be answered when there is not. */
export async function waitForEvent(deps: Deps, wait: Wait): Promise<boolean> {
  const { sessionId, filter, from, waitMs, lease, isWhole } = wait;
  const timer = setTimeout(lease.end, waitMs, 'timeout' satisfies EndReason).unref();
  const frames = deps.log.follow(sessionId, { ...filter, after: from - 1, signal: lease.signal });
  try {
    for await (const frame of isWhole ? wholeMessages(frames) : frames)
      if (frame.type === 'event') return true;
  } finally {
    clearTimeout(timer);
  }
  const why: EndReason | undefined = lease.signal.reason;
  if (why === 'left') return false;
  if (why === 'timeout') throw new PollTimedOutError();
  if (why === 'shutdown') throw new ShuttingDownError();
  if (why === 'expired') throw new UnauthenticatedError();
  // The log itself ends a follower of a session that was deleted, and all of them when it is closed.
  if (why === undefined) await deps.sessions.get(sessionId);
  throw new SessionNotFoundError(sessionId);
}
