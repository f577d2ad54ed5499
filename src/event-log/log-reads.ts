/** Everything that is only read: from the heads where they are as on disk, else from the readers' connection, page by page. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventFilter, EventLog, SessionStore } from './event-log.ts';
import type { SessionEvent } from './event.ts';
import type { Frame } from './frame.ts';
import type { LogCore } from './log-core.ts';

type LogReads = Pick<EventLog, 'read' | 'find' | 'follow'> &
  Pick<SessionStore, 'getSession' | 'listSessions' | 'countSessions' | 'lifecycleHistory' | 'findReceipt'>;

/** One page of a long read; the event loop has its turn between two. */
const pageEvents = 256;

const over: IteratorReturnResult<undefined> = { done: true, value: undefined };
const nothing: AsyncIterable<Frame> = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(over) }),
};

export function createLogReads(core: LogCore): LogReads {
  return {
    read,
    follow,

    async find(sessionId, eventId) {
      const place = placeOf(sessionId);
      return place && core.reader.eventById(place.key, eventId)?.event;
    },

    async getSession(sessionId) {
      core.checkOpen();
      const head = core.heads.peek(sessionId);
      return head ? head.committed : core.reader.session(sessionId)?.record;
    },

    async listSessions(query) {
      core.checkOpen();
      return core.reader.list(query);
    },

    async countSessions(query) {
      core.checkOpen();
      return core.reader.count(query);
    },

    async lifecycleHistory(sessionId) {
      core.checkOpen();
      return core.reader.lifecycle(sessionId);
    },

    async findReceipt(scope, key) {
      core.checkOpen();
      return core.reader.receipt(scope, key, core.receipts.since);
    },
  };

  async function read(
    sessionId: string,
    query: Parameters<EventLog['read']>[1] = {},
  ): Promise<readonly SessionEvent[]> {
    const place = placeOf(sessionId);
    if (!place) return [];
    const { from = 0, to = Infinity, limit = Infinity, last } = query;
    const backwards = last !== undefined;
    const wanted = last ?? limit;
    const events: SessionEvent[] = [];
    let first = Math.max(0, from);
    let end = Math.min(to, place.next);
    while (events.length < wanted && first < end) {
      const filter = filterOf(query);
      const page = { from: first, to: end, filter, limit: Math.min(pageEvents, wanted - events.length) };
      const { events: found, rest } = core.reader.page(place.key, page, { backwards });
      for (const { event } of found) events.push(event);
      if (rest === undefined) break;
      if (backwards) end = rest;
      else first = rest;
      if (events.length >= wanted) break;
      await nextTurn();
      core.checkOpen();
    }
    return backwards ? events.toReversed() : events;
  }

  function follow(sessionId: string, options: Parameters<EventLog['follow']>[1]): AsyncIterable<Frame> {
    const head = core.isClosed ? undefined : core.heads.get(sessionId);
    if (!head?.current) return nothing;
    return core.feed.follow({ id: sessionId, key: head.key, next: head.committed?.nextOffset ?? 0 }, options);
  }

  /** Where its events are, and up to which offset they are committed. */
  function placeOf(sessionId: string): { key: number; next: number } | undefined {
    core.checkOpen();
    const head = core.heads.get(sessionId);
    return head?.committed && { key: head.key, next: head.committed.nextOffset };
  }
}

function filterOf({ kinds, source, traceId }: EventFilter): EventFilter {
  return { ...(kinds && { kinds }), ...(source && { source }), ...(traceId !== undefined && { traceId }) };
}
