/** One event of a session: read, waited for until it is whole, followed while it grows, its metadata changed; and the end of a session cut off. */
import { z } from 'zod';
import type { Settings } from '../config.ts';
import { EventNotFoundError, SessionNotFoundError, ShuttingDownError } from '../errors.ts';
import type { EventLog } from '../event-log/event-log.ts';
import { isGrowing, type SessionEvent } from '../event-log/event.ts';
import type { Frame } from '../event-log/frame.ts';
import type { Sessions } from '../session/sessions.ts';
import { demand } from './access.ts';
import { UnauthenticatedError } from './errors.ts';
import type { EndReason, Lease, Leases } from './leases.ts';
import { toWaitMs } from './long-poll.ts';
import { notesOf } from './notes.ts';
import { sessionRoute, type Handled, type Route, type SessionRouteRequest } from './route.ts';
import { text } from './schemas/common.ts';
import {
  eventDeleteQuery,
  eventReadQuery,
  eventSchema,
  eventUpdateSchema,
  type EventReadQuery,
} from './schemas/event.ts';
import { toParlantSnapshot, type Streams } from './stream.ts';

export type SessionEventDeps = {
  readonly settings: Pick<Settings, 'pollWaitS'>;
  readonly sessions: Pick<Sessions, 'removeEvents'>;
  readonly log: Pick<EventLog, 'find' | 'patch' | 'follow'>;
  readonly leases: Leases;
  readonly streams: Streams;
};

type ReadRequest = SessionRouteRequest<EventReadQuery, undefined>;
/** A frame with the whole event. */
type Snapshot = Extract<Frame, { type: 'event' | 'updated' }>;

const path = '/sessions/{session_id}/events/{event_id}';
const params = z.object({ event_id: text({ min: 1, max: 200 }) });

export function sessionEventRoute(deps: SessionEventDeps): readonly Route[] {
  return [readEvent(deps), updateEvent(deps), deleteEvents(deps)];
}

function readEvent(deps: SessionEventDeps): Route {
  return sessionRoute({
    method: 'get',
    path,
    operation: 'read events',
    tag: 'Events',
    summary: 'Read an event',
    description:
      'Also one that was deleted. A message that is made while it is stored (`data.chunks` without a closing null) can be waited for, ' +
      'or followed with `sse=true`: the whole event each time it has grown.',
    params,
    query: eventReadQuery,
    answers: {
      200: {
        description: 'The event as it stands.',
        schema: eventSchema,
        media: { 'text/event-stream': 'The whole event, again each time it has grown.' },
      },
    },
    errors: ['EVENT_NOT_FOUND', 'TOO_MANY_STREAMS', 'SHUTTING_DOWN'],
    async handle(request) {
      const { query, params, session, req } = request;
      const event = await deps.log.find(session.id, params['event_id'] ?? '');
      if (!event) throw new EventNotFoundError(session.id, params['event_id'] ?? '');
      const isFollowed = req.method !== 'HEAD' && isGrowing(event);
      if (req.method !== 'HEAD' && query.sse === true) return stream(deps, request, event);
      if (isFollowed && query.wait_for_completion === true) return whenWhole(deps, request, event);
      return { status: 200, body: event };
    },
  });
}

async function stream(
  { settings, leases, streams, log }: SessionEventDeps,
  { query, caller, session, req, res }: ReadRequest,
  event: SessionEvent,
): Promise<void> {
  const silenceMs = toWaitMs(query, settings);
  const lease = leases.hold({ res, caller, sessionId: session.id });
  const isOver = silenceMs === 0 || !isGrowing(event);
  const frames = isOver ? once(event) : growth(log, session.id, event, lease.signal);
  await streams.serve({
    req,
    res,
    lease,
    frames,
    toMessage: toParlantSnapshot,
    ...(!isOver && { silenceMs }),
  });
}

/** After the wait the event is answered as it is, whole or not. */
async function whenWhole(
  { settings, leases, log }: SessionEventDeps,
  { query, caller, session, res }: ReadRequest,
  event: SessionEvent,
): Promise<Handled> {
  notesOf(res).isWait = true;
  const lease = leases.hold({ res, caller, sessionId: session.id });
  const timer = setTimeout(lease.end, toWaitMs(query, settings), 'timeout' satisfies EndReason).unref();
  let last: SessionEvent = event;
  try {
    for await (const frame of growth(log, session.id, event, lease.signal)) last = frame.event;
  } finally {
    clearTimeout(timer);
  }
  if (hasLeft(lease)) return;
  if (isGrowing(last)) last = (await log.find(session.id, event.id)) ?? missing(session.id);
  return { status: 200, body: last };
}

function missing(sessionId: string): never {
  throw new SessionNotFoundError(sessionId);
}

/** Throws where nobody may be answered any more. */
function hasLeft({ signal }: Lease): boolean {
  const why: EndReason | undefined = signal.reason;
  if (why === 'shutdown') throw new ShuttingDownError();
  if (why === 'expired' || why === 'reassigned') throw new UnauthenticatedError();
  return why === 'left';
}

/** The event as it stands and then each time it changes, until it is whole or gone. */
async function* growth(
  log: Pick<EventLog, 'follow'>,
  sessionId: string,
  { id, offset, trace_id: traceId }: SessionEvent,
  signal: AbortSignal,
): AsyncGenerator<Snapshot, void> {
  for await (const frame of log.follow(sessionId, { after: offset - 1, traceId, signal })) {
    if (frame.type === 'removed' && frame.from <= offset) return;
    if (!isSnapshot(frame) || frame.event.id !== id) continue;
    yield frame;
    if (!isGrowing(frame.event)) return;
  }
}

// oxlint-disable-next-line require-await -- a stream of one
async function* once(event: SessionEvent): AsyncGenerator<Snapshot, void> {
  yield { type: 'event', event, json: JSON.stringify(event) };
}

function isSnapshot(frame: Frame): frame is Snapshot {
  return frame.type === 'event' || frame.type === 'updated';
}

function updateEvent({ log }: SessionEventDeps): Route {
  return sessionRoute({
    method: 'patch',
    path,
    // Who may not even read it hears that there is none.
    operation: 'read events',
    tag: 'Events',
    summary: "Change an event's metadata",
    description: '`set` is merged in first, then the keys of `unset` are dropped. Followers get `updated`.',
    params,
    body: eventUpdateSchema,
    answers: { 200: { description: 'The whole event.', schema: eventSchema } },
    errors: ['EVENT_NOT_FOUND', 'OPERATOR_ONLY'],
    async handle({ body: { metadata }, params, session, caller }) {
      demand(caller, 'change events');
      const { set, unset } = metadata ?? {};
      const change = { ...(set && { set }), ...(unset && { unset }) };
      return { status: 200, body: await log.patch(session.id, params['event_id'] ?? '', change) };
    },
  });
}

function deleteEvents({ sessions }: SessionEventDeps): Route {
  return sessionRoute({
    method: 'delete',
    path: '/sessions/{session_id}/events',
    operation: 'delete events',
    tag: 'Events',
    summary: 'Delete the events from an offset on',
    description:
      'From where a turn begins. Offsets are not used again; followers get `removed`. A turn whose message is deleted is given up.',
    query: eventDeleteQuery,
    answers: { 204: { description: 'Gone, or there was nothing.' } },
    errors: ['MID_TURN'],
    async handle({ query, session }) {
      await sessions.removeEvents(session.id, Math.max(0, query.min_offset));
      return { status: 204 };
    },
  });
}
