/**
 * Taking back the end of a session. A turn whose message is taken back is given up first, so that its closing events go too and
 * nothing answers what nobody said. The rule is Parlant's: cut where a turn begins, never inside one.
 */
import { MidTurnError } from '../errors.ts';
import type { EventLog, SessionStore } from '../event-log/event-log.ts';

type Deps = {
  readonly log: Pick<EventLog, 'read' | 'remove'> & Pick<SessionStore, 'getSession'>;
  /** Gives up a turn that is under way or waits; nothing happens where it is over. */
  readonly giveUp: (sessionId: string, traceId: string) => Promise<void>;
  /** What the session's actor is about to answer, or answers; empty where it is not in memory. */
  readonly turnsOf: (sessionId: string) => readonly { readonly offset: number; readonly traceId: string }[];
};

/** Throws `MidTurnError` unless the first event from there on is the first of its trace. */
export async function removeEvents(deps: Deps, sessionId: string, from: number): Promise<void> {
  const { log, giveUp, turnsOf } = deps;
  const [first] = await log.read(sessionId, { from, limit: 1 });
  if (!first) return;
  const [begin] = await log.read(sessionId, { traceId: first.trace_id, limit: 1 });
  if (begin && begin.offset < first.offset) throw new MidTurnError(from, begin.offset);
  for (const traceId of await turnsBehind(deps, sessionId, from)) await giveUp(sessionId, traceId);
  await log.remove(sessionId, from);
  // A message that was committed meanwhile is gone as well, though its turn has begun.
  for (const { offset, traceId } of turnsOf(sessionId)) {
    const [trigger] = await log.read(sessionId, { from: offset, to: offset + 1 });
    if (!trigger) await giveUp(sessionId, traceId);
  }
}

/** The unfinished turns that begin there or later. */
async function turnsBehind({ log }: Deps, sessionId: string, from: number): Promise<string[]> {
  const session = await log.getSession(sessionId);
  if (!session) return [];
  const { openRun, waiting } = session;
  const behind = waiting.filter(({ offset }) => offset >= from).map(({ traceId }) => traceId);
  if (!openRun) return behind;
  const [begin] = await log.read(sessionId, { traceId: openRun.runId, limit: 1 });
  return begin && begin.offset >= from ? [...behind, openRun.runId] : behind;
}
