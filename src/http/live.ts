/**
 * `GET /api/live`: every session in memory and each change of it, for operators. The live directory says only that something has changed:
 * which sessions did is found by looking, once per `PACE_MS` and only while somebody watches, so that turns pay nothing for it.
 */
import type { SseMessage } from 'sse-channel';
import { z } from 'zod';
import type { LiveDirectory, LiveEntry } from '../session/live-directory.ts';
import type { Leases } from './leases.ts';
import { wantsStream } from './negotiation.ts';
import { createPace, type Pace } from './pace.ts';
import { route, type Route, type RouteRequest } from './route.ts';
import { wholeNumber } from './schemas/common.ts';
import { liveSessionsSchema, toLiveJson } from './schemas/live.ts';
import type { Streams } from './stream.ts';

export type LiveDeps = {
  readonly directory: LiveDirectory;
  readonly leases: Leases;
  readonly streams: Streams;
};

const PACE_MS = 500;
const USUAL_LIMIT = 1000;

const query = z.object({
  limit: wholeNumber({ min: 1, max: 10_000 })
    .optional()
    .meta({ description: `How many the list may have; default ${USUAL_LIMIT}.` }),
});

type Query = z.output<typeof query>;

export function liveRoutes(deps: LiveDeps): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/live',
      operation: 'watch live sessions',
      tag: 'Operations',
      summary: 'Watch every live session',
      description:
        'With `Accept: text/event-stream`: the sessions in memory, then their changes (docs/streaming.md). As JSON: the sessions in memory.',
      query,
      answers: {
        200: {
          description: 'Those that moved last.',
          schema: liveSessionsSchema,
          media: { 'text/event-stream': 'Frames `sessions`, `session`, `left`.' },
        },
      },
      errors: ['OPERATOR_ONLY', 'SHUTTING_DOWN'],
      async handle(request) {
        const { req, query: given } = request;
        if (req.method !== 'HEAD' && wantsStream(req)) return watch(deps, request);
        return { status: 200, body: toListJson(entriesOf(deps), given) };
      },
    }),
  ];
}

type Entries = ReadonlyMap<string, LiveEntry>;

/** Always the same map, which changes in place. */
function entriesOf({ directory }: Pick<LiveDeps, 'directory'>): Entries {
  return directory.getSnapshot().context.sessions;
}

function toListJson(entries: Entries, { limit = USUAL_LIMIT }: Query): z.input<typeof liveSessionsSchema> {
  const latest = [...entries.values()].toSorted((a, b) => b.since - a.since).slice(0, limit);
  return { sessions: latest.map(toLiveJson), total_count: entries.size };
}

async function watch(deps: LiveDeps, request: RouteRequest<Query, undefined>): Promise<void> {
  const { req, res, caller } = request;
  const lease = deps.leases.hold({ res, caller, sessionId: '' });
  const pace = createPace({ everyMs: PACE_MS, signal: lease.signal });
  const subscription = deps.directory.subscribe(pace.ring);
  const messages = toMessages(entriesOf(deps), pace, request.query);
  try {
    await deps.streams.serveMessages({ req, res, lease, messages });
  } finally {
    subscription.unsubscribe();
  }
}

async function* toMessages(entries: Entries, pace: Pace, given: Query): AsyncGenerator<SseMessage, void> {
  // An entry is never changed, but replaced: what is not what was told is news.
  const told = new Map(entries);
  yield { event: 'sessions', data: JSON.stringify(toListJson(entries, given)) };
  for await (const _ of pace.steps()) {
    for (const id of [...told.keys()].filter((known) => !entries.has(known))) {
      told.delete(id);
      yield { event: 'left', data: JSON.stringify({ session_id: id }) };
    }
    for (const id of entries.keys()) {
      // As it is when its turn to be told has come: a slow reader may have been waited for.
      const entry = entries.get(id);
      if (!entry || told.get(id) === entry) continue;
      told.set(id, entry);
      yield { event: 'session', data: JSON.stringify(toLiveJson(entry)) };
    }
  }
}
