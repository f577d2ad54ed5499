/** The events of a session: posted, listed, waited for, streamed. */
import { z } from 'zod';
import type { AgentDirectory } from '../agents/agent-runner.ts';
import type { Customers } from '../entities/customers.ts';
import type { Settings } from '../config.ts';
import type { EventFilter, EventLog, Receipt } from '../event-log/event-log.ts';
import type { Frame } from '../event-log/frame.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import type { Sessions } from '../session/sessions.ts';
import { wholeMessages, wholeOnly } from '../session/whole-messages.ts';
import type { ReceiptKey } from './idempotency.ts';
import { lastEventIdOf } from './last-event-id.ts';
import type { Leases } from './leases.ts';
import { listAll, type Page } from './long-list.ts';
import { toWaitMs, waitForEvent } from './long-poll.ts';
import { wantsStream } from './negotiation.ts';
import { notesOf } from './notes.ts';
import { demandPostRights, isRequestToSpeak, toPostedEvent } from './posted-event.ts';
import { sessionRoute, type Answer, type Handled, type Route, type SessionRouteRequest } from './route.ts';
import {
  createEventCreateSchema,
  type EventCreate,
  eventCreateQuery,
  eventListQuery,
  eventSchema,
  type EventListQuery,
} from './schemas/event.ts';
import { toParlantMessage, toSseMessage, withTurns, type Streams } from './stream.ts';

/** How many events are read at once for a list. */
const PAGE = 500;

export type SessionEventsDeps = {
  readonly settings: Pick<Settings, 'maxMessageChars' | 'pollWaitS'>;
  readonly sessions: Pick<Sessions, 'get' | 'post' | 'ask' | 'utter' | 'follow'>;
  readonly log: Pick<EventLog, 'append' | 'read' | 'follow'>;
  readonly agents: AgentDirectory;
  readonly entities: { readonly customers: Pick<Customers, 'nameOf'> };
  readonly leases: Leases;
  readonly streams: Streams;
};

export function sessionEventRoutes(deps: SessionEventsDeps): readonly Route[] {
  return [postEvent(deps), readEvents(deps)];
}

function postEvent(deps: SessionEventsDeps): Route {
  const { settings, sessions, agents, entities } = deps;
  return sessionRoute({
    method: 'post',
    path: '/sessions/{session_id}/events',
    operation: 'post a message as customer or a custom event as customer_ui',
    tag: 'Events',
    summary: 'Post an event',
    description:
      'Answered when the event is on disk. A `message` by `customer` asks for a turn: what answers it carries the same `trace_id`; with `moderation` it is checked first, and models do not see the text of one that is flagged. ' +
      'A `message` by `ai_agent`, which has no text, asks for a turn without one: the answer is its first status; with `guidelines` it is the message that the agent makes of them.',
    query: eventCreateQuery,
    body: createEventCreateSchema(settings),
    idempotent: true,
    answers: { 201: { description: 'The event, with its final offset.', schema: eventSchema } },
    errors: [
      'INVALID_EVENT',
      'OPERATOR_ONLY',
      'QUEUE_FULL',
      'TURN_IN_PROGRESS',
      'MANUAL_MODE',
      'NOTHING_TO_ANSWER',
      'ASK_NOT_SUPPORTED',
      'TURN_GIVEN_UP',
      'GUIDELINES_NOT_SUPPORTED',
      'NOTHING_SAID',
      'SHUTTING_DOWN',
    ],
    async handle({ body, query, caller, session, receiptKey }) {
      demandPostRights(caller, body);
      if (isRequestToSpeak(body)) return askAgent(deps, session.id, { body, receiptKey });
      const posted = await toPostedEvent(body, {
        session,
        agents,
        customers: entities.customers,
      });
      const { moderation } = query;
      const event = await sessions.post(session.id, posted, {
        ...(receiptKey && { receipt: toReceipt(receiptKey) }),
        ...(moderation && { moderation }),
      });
      return { status: 201, body: event };
    },
  });
}

/** The receipt comes behind the effect: a repeat in between, after a crash, asks again. */
async function askAgent(
  { sessions, log }: SessionEventsDeps,
  sessionId: string,
  { body, receiptKey }: { readonly body: EventCreate; readonly receiptKey: ReceiptKey | undefined },
): Promise<Answer> {
  const utterances = (body.guidelines ?? []).map(({ action, rationale }) => ({
    action,
    rationale: rationale ?? ('unspecified' as const),
  }));
  const event =
    utterances.length > 0 ? await sessions.utter(sessionId, utterances) : await sessions.ask(sessionId);
  const answer = { status: 201, body: event };
  if (receiptKey) await log.append(sessionId, [], { receipt: { ...receiptKey, result: () => answer } });
  return answer;
}

function toReceipt(key: ReceiptKey): Receipt {
  return { ...key, result: ({ events }) => ({ status: 201, body: events[0] ?? null }) };
}

type ReadRequest = SessionRouteRequest<EventListQuery, undefined>;

function readEvents(deps: SessionEventsDeps): Route {
  return sessionRoute({
    method: 'get',
    path: '/sessions/{session_id}/events',
    operation: 'read events',
    tag: 'Events',
    summary: 'List, wait for, or follow events',
    description:
      'As JSON: the matching events from `min_offset`; where there are none, the answer waits `wait_for_data` seconds and then is a 504. ' +
      'With `Accept: text/event-stream`: every event once and in order, stored ones first, resumed by `Last-Event-ID` (docs/streaming.md).',
    query: eventListQuery,
    answers: {
      200: {
        description: 'The events in offset order.',
        schema: z.array(eventSchema),
        media: {
          'text/event-stream':
            'Frames `message`, `status`, `tool`, `custom`, `chunk`, `updated`, `removed`, `state`, `turn`.',
        },
      },
    },
    errors: ['INVALID_LAST_EVENT_ID', 'POLL_TIMED_OUT', 'TOO_MANY_STREAMS', 'SHUTTING_DOWN'],
    async handle(request) {
      const { query, req } = request;
      if (req.method !== 'HEAD' && query.sse === true) return streamForParlant(deps, request);
      if (req.method !== 'HEAD' && wantsStream(req)) return stream(deps, request);
      return listOrWait(deps, request);
    },
  });
}

async function stream(deps: SessionEventsDeps, { query, caller, session, req, res }: ReadRequest) {
  const { sessions, leases, streams } = deps;
  const { after, isLost } = placeOf(query, { req, session });
  const lease = leases.hold({ res, caller, sessionId: session.id });
  const frames = await sessions.follow(session.id, { ...toFilter(query), after, signal: lease.signal });
  const shown = isWholeOnly(deps, query, session) ? wholeMessages(frames) : frames;
  const told = isLost ? removedFirst(after + 1, shown) : shown;
  const toMessage = query.turns ? withTurns : toSseMessage;
  await streams.serve({ req, res, lease, frames: told, toMessage });
}

/** Whether messages that still grow are kept back: only agents that stream have any, and whoever asks for them gets them. */
function isWholeOnly(
  { agents }: Pick<SessionEventsDeps, 'agents'>,
  { growing }: EventListQuery,
  { agentId }: SessionRecord,
): boolean {
  return !growing && agents.get(agentId)?.outputMode === 'stream';
}

async function* removedFirst(from: number, frames: AsyncIterable<Frame>): AsyncGenerator<Frame, void> {
  yield { type: 'removed', from };
  yield* frames;
}

/** Ends after `wait_for_data` seconds of silence, with 0 behind what is stored. */
async function streamForParlant(deps: SessionEventsDeps, { query, caller, session, req, res }: ReadRequest) {
  const filter = toFilter(query);
  const { after } = placeOf(query, { req, session });
  const silenceMs = toWaitMs(query, deps.settings);
  const lease = deps.leases.hold({ res, caller, sessionId: session.id });
  const shared = { req, res, lease, toMessage: toParlantMessage };
  if (silenceMs === 0) {
    const frames = storedFrames(deps, session.id, filter, after + 1);
    await deps.streams.serve({ ...shared, frames: query.growing ? frames : wholeMessages(frames) });
  } else {
    const frames = await deps.sessions.follow(session.id, { ...filter, after, signal: lease.signal });
    const shown = isWholeOnly(deps, query, session) ? wholeMessages(frames) : frames;
    await deps.streams.serve({ ...shared, frames: shown, silenceMs });
  }
}

async function listOrWait(
  deps: SessionEventsDeps,
  { query, caller, session, req, res }: ReadRequest,
): Promise<Handled> {
  const filter = toFilter(query);
  const from = fromOf(query);
  const waitMs = toWaitMs(query, deps.settings);
  const isWhole = isWholeOnly(deps, query, session);
  const read = async (place: number) => {
    const page = await readPage(deps, session.id, filter, place);
    if (!isWhole) return page;
    const items = wholeOnly(page.items);
    return items.length < page.items.length ? { items, next: undefined } : page;
  };
  let first = await read(from);
  if (first.items.length === 0 && waitMs > 0 && req.method !== 'HEAD') {
    notesOf(res).isWait = true;
    const lease = deps.leases.hold({ res, caller, sessionId: session.id });
    if (!(await waitForEvent(deps, { sessionId: session.id, filter, from, waitMs, lease, isWhole }))) return;
    first = await read(from);
  }
  return listAll(res, first, read);
}

async function readPage(
  { log }: Pick<SessionEventsDeps, 'log'>,
  sessionId: string,
  filter: EventFilter,
  from: number,
): Promise<Page<number> & { readonly items: Awaited<ReturnType<EventLog['read']>> }> {
  const items = await log.read(sessionId, { ...filter, from, limit: PAGE });
  const last = items.length === PAGE ? items.at(-1) : undefined;
  return { items, next: last && last.offset + 1 };
}

async function* storedFrames(
  deps: SessionEventsDeps,
  sessionId: string,
  filter: EventFilter,
  from: number,
): AsyncGenerator<Frame, void> {
  for (let place: number | undefined = from; place !== undefined;) {
    const { items, next } = await readPage(deps, sessionId, filter, place);
    for (const event of items) yield { type: 'event', event, json: JSON.stringify(event) };
    place = next;
  }
}

/**
 * `isLost`: the client has events that are not here, the data came from a back-up. It goes on behind what there is: waiting for the
 * offset it knows would keep everything in between from it.
 */
function placeOf(
  query: EventListQuery,
  { req, session }: Pick<ReadRequest, 'req' | 'session'>,
): { readonly after: number; readonly isLost: boolean } {
  const last = lastEventIdOf(req);
  if (last === undefined) return { after: fromOf(query) - 1, isLost: false };
  const end = session.nextOffset - 1;
  return { after: Math.min(last, end), isLost: last > end };
}

function fromOf({ min_offset }: EventListQuery): number {
  return Math.max(0, min_offset ?? 0);
}

function toFilter({ kinds, source, trace_id, correlation_id }: EventListQuery): EventFilter {
  const traceId = trace_id ?? correlation_id;
  return { ...(kinds && { kinds }), ...(source && { source }), ...(traceId !== undefined && { traceId }) };
}
