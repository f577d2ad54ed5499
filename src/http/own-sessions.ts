/**
 * `GET /api/me/events`: the list of the caller's sessions, and each change of it. A stream begins with the list as it is, so resuming is
 * asking again; behind it comes the newest of each session that has changed, never more than one in `PACE_MS`.
 */
import type { SseMessage } from 'sse-channel';
import { z } from 'zod';
import type { SessionStore } from '../event-log/event-log.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import { createSessionChanges, type SessionChanges } from '../session/session-changes.ts';
import type { Sessions } from '../session/sessions.ts';
import { GUEST } from '../talk/agent-service.ts';
import type { Caller } from './access.ts';
import type { Leases } from './leases.ts';
import { wantsStream } from './negotiation.ts';
import { createPace, type Pace } from './pace.ts';
import { route, type Route, type RouteRequest } from './route.ts';
import { wholeNumber } from './schemas/common.ts';
import { ownSessionsSchema, toSessionJson } from './schemas/session.ts';
import type { Streams } from './stream.ts';

export type OwnSessionsDeps = {
  readonly sessions: Pick<Sessions, 'list'>;
  readonly log: Pick<SessionStore, 'onChanged'>;
  readonly leases: Leases;
  readonly streams: Streams;
};

/** A turn is a handful of commits within a few ms. */
const PACE_MS = 250;
const USUAL_LIMIT = 100;

const query = z.object({
  limit: wholeNumber({ min: 1, max: 1000 })
    .optional()
    .meta({ description: `How many the list may have; default ${USUAL_LIMIT}.` }),
});

type Query = z.output<typeof query>;

export function ownSessionRoutes(deps: OwnSessionsDeps): readonly Route[] {
  const changes = createSessionChanges(deps.log);
  return [
    route({
      method: 'get',
      path: '/api/me/events',
      operation: 'list sessions',
      tag: 'Sessions',
      summary: "Follow the list of one's own sessions",
      description:
        'With `Accept: text/event-stream`: the list, latest activity first, then its changes (docs/streaming.md). As JSON: the list. An operator gets the sessions of `guest`.',
      query,
      answers: {
        200: {
          description: 'The latest of them.',
          schema: ownSessionsSchema,
          media: { 'text/event-stream': 'Frames `sessions`, `session`, `deleted`.' },
        },
      },
      errors: ['TOO_MANY_STREAMS', 'SHUTTING_DOWN'],
      async handle(request) {
        const { req } = request;
        if (req.method !== 'HEAD' && wantsStream(req)) return follow(deps, changes, request);
        return { status: 200, body: await readList(deps, request) };
      },
    }),
  ];
}

/** What an operator creates for nobody is the guest's, and so the guest's sessions are an operator's own. */
function ownerOf(caller: Caller): string {
  return caller.role === 'customer' ? caller.customerId : GUEST;
}

async function readList(
  { sessions }: Pick<OwnSessionsDeps, 'sessions'>,
  { caller, query: { limit = USUAL_LIMIT } }: Pick<RouteRequest<Query, undefined>, 'caller' | 'query'>,
): Promise<OwnSessions> {
  const page = await sessions.list({ customerId: ownerOf(caller), sort: 'latest', limit: limit + 1 });
  return { sessions: page.items.slice(0, limit).map(toSessionJson), has_more: page.items.length > limit };
}

async function follow(
  deps: OwnSessionsDeps,
  changes: SessionChanges,
  request: RouteRequest<Query, undefined>,
): Promise<void> {
  const { req, res, caller } = request;
  const lease = deps.leases.hold({ res, caller, sessionId: '' });
  const pace = createPace({ everyMs: PACE_MS, signal: lease.signal });
  const changed: Changed = new Map();
  // Before the list is read: what changes meanwhile is told behind it.
  const stop = changes.watch(ownerOf(caller), (sessionId, session) => {
    changed.set(sessionId, session);
    pace.ring();
  });
  try {
    const list = await readList(deps, request);
    await deps.streams.serveMessages({ req, res, lease, messages: toMessages(list, pace, changed) });
  } finally {
    stop();
  }
}

/** As `ownSessionsSchema` says. */
type OwnSessions = {
  readonly sessions: readonly ReturnType<typeof toSessionJson>[];
  readonly has_more: boolean;
};

/** By id; undefined: gone. What is not told yet takes the room of one record per session, however often it changes. */
type Changed = Map<string, SessionRecord | undefined>;

async function* toMessages(
  list: OwnSessions,
  pace: Pace,
  changed: Changed,
): AsyncGenerator<SseMessage, void> {
  yield { event: 'sessions', data: JSON.stringify(list) };
  for await (const _ of pace.steps()) {
    for (const id of Array.from(changed.keys())) {
      const session = changed.get(id);
      changed.delete(id);
      yield session
        ? { event: 'session', data: JSON.stringify(toSessionJson(session)) }
        : { event: 'deleted', data: JSON.stringify({ id }) };
    }
  }
}
