/**
 * The events of a session: posted, listed, waited for, streamed. What may be posted is Parlant's table of kinds and sources; how a wait
 * ends is Parlant's too (504 is "nothing new", not a failure).
 */
import type { AgentDirectory } from '../agents/agent-runner.ts';
import type { Settings } from '../config.ts';
import { SessionNotFoundError, ShuttingDownError } from '../errors.ts';
import type { EventFilter, EventLog, Receipt } from '../event-log/event-log.ts';
import type { JsonObject, MessageData, Participant, SessionEvent } from '../event-log/event.ts';
import type { Frame } from '../event-log/frame.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import type { PostedEvent, Sessions } from '../session/sessions.ts';
import { GUEST } from '../talk/agent-service.ts';
import { demand, type Caller } from './access.ts';
import {
  InvalidEventError,
  InvalidLastEventIdError,
  PollTimedOutError,
  UnauthenticatedError,
} from './errors.ts';
import type { ReceiptKey } from './idempotency.ts';
import { wantsStream } from './negotiation.ts';
import { notesOf } from './notes.ts';
import { sessionRoute, type Answer, type Route } from './route.ts';
import {
  createEventCreateSchema,
  eventCreateQuery,
  eventListQuery,
  eventSchema,
  type EventCreate,
  type EventListQuery,
} from './schemas/event.ts';
import { toParlantMessage, type EndReason, type Lease, type Streams } from './stream.ts';
import { z } from 'zod';

/** Nobody waits longer for a poll, whatever was asked. */
const WAIT_LIMIT_S = 24 * 3600;

export type SessionEventsDeps = {
  readonly settings: Pick<Settings, 'maxMessageChars' | 'pollWaitS'>;
  readonly sessions: Pick<Sessions, 'get' | 'post' | 'follow'>;
  readonly log: Pick<EventLog, 'read' | 'follow'>;
  readonly agents: AgentDirectory;
  readonly streams: Streams;
};

export function sessionEventRoutes(deps: SessionEventsDeps): readonly Route[] {
  return [postEvent(deps), readEvents(deps)];
}

function postEvent({ settings, sessions, agents }: SessionEventsDeps): Route {
  return sessionRoute({
    method: 'post',
    path: '/sessions/{session_id}/events',
    operation: 'post a message as customer or a custom event as customer_ui',
    tag: 'Events',
    summary: 'Post an event',
    description:
      'Answered when the event is on disk. A `message` by `customer` asks for a turn: what answers it carries the same `trace_id`.',
    query: eventCreateQuery,
    body: createEventCreateSchema(settings),
    idempotent: true,
    answers: { 201: { description: 'The event, with its final offset.', schema: eventSchema } },
    errors: ['INVALID_EVENT', 'QUEUE_FULL', 'TURN_IN_PROGRESS'],
    async handle({ body, caller, session, receiptKey }) {
      demandRights(caller, body);
      const draft = toPostedEvent(body, session, agents);
      const event = await sessions.post(session.id, draft, receiptKey && { receipt: toReceipt(receiptKey) });
      return { status: 201, body: event };
    },
  });
}

function toReceipt(key: ReceiptKey): Receipt {
  return {
    ...key,
    result: ({ events }) => ({ status: 201, body: events[0] ?? null }),
  };
}

function demandRights(caller: Caller, { kind, source, participant }: EventCreate): void {
  const isOwn =
    (kind === 'message' && source === 'customer') || (kind === 'custom' && source === 'customer_ui');
  if (!isOwn) demand(caller, 'post other events');
  if (participant) demand(caller, 'say who a customer is');
}

/** Parlant's rules: which kinds and sources go together, and what each needs. */
function toPostedEvent(body: EventCreate, session: SessionRecord, agents: AgentDirectory): PostedEvent {
  const { kind, source } = body;
  return {
    kind,
    source,
    data: toData(body, session, agents),
    ...(body.metadata && { metadata: body.metadata }),
  };
}

function toData(body: EventCreate, session: SessionRecord, agents: AgentDirectory): PostedEvent['data'] {
  const { kind, data, status } = body;
  if (kind === 'message') return toMessageData(body, session, agents);
  if (kind === 'tool') {
    throw new InvalidEventError(
      'Only events of kind message, custom and status can be posted; `kind` was tool.',
    );
  }
  if (kind === 'custom') {
    if (!data || isEmpty(data)) throw new InvalidEventError('A custom event needs `data` that is not empty.');
    return data;
  }
  if (!status) throw new InvalidEventError('A status event needs `status`.');
  if (!isObjectOrAbsent(data)) throw new InvalidEventError('`data` of a status event must be a JSON object.');
  return { status, data: data ?? {} };
}

function toMessageData(body: EventCreate, session: SessionRecord, agents: AgentDirectory): MessageData {
  switch (body.source) {
    case 'customer':
      return {
        message: textOf(body),
        participant: participantOf(body) ?? customerOf(session),
        flagged: false,
        tags: [],
      };
    case 'human_agent': {
      const participant = participantOf(body);
      if (!participant)
        throw new InvalidEventError('A message by a human agent needs `participant.display_name`.');
      return { message: textOf(body), participant };
    }
    case 'human_agent_on_behalf_of_ai_agent': {
      const name = agents.get(session.agentId)?.name ?? session.agentId;
      return { message: textOf(body), participant: { id: session.agentId, display_name: name } };
    }
    case 'ai_agent':
      throw new InvalidEventError(
        '`source` ai_agent: what the agent says cannot be dictated; post as a customer to be answered.',
      );
    default:
      throw new InvalidEventError(
        '`source` of a message must be customer, human_agent or human_agent_on_behalf_of_ai_agent.',
      );
  }
}

function textOf({ message }: EventCreate): string {
  if (!message || message.trim() === '') throw new InvalidEventError('The `message` is missing or empty.');
  return message;
}

function participantOf({ participant }: EventCreate): Participant | undefined {
  return participant ? { id: participant.id ?? null, display_name: participant.display_name } : undefined;
}

function customerOf({ customerId }: SessionRecord): Participant {
  return { id: customerId, display_name: customerId === GUEST ? 'Guest' : customerId };
}

function isEmpty(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.keys(data).length === 0;
}

function isObjectOrAbsent(data: EventCreate['data']): data is JsonObject | null | undefined {
  return data === null || data === undefined || (typeof data === 'object' && !Array.isArray(data));
}

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
            'Frames `message`, `status`, `tool`, `custom`, `chunk`, `updated`, `removed`, `state`.',
        },
      },
    },
    errors: ['INVALID_LAST_EVENT_ID', 'POLL_TIMED_OUT', 'TOO_MANY_STREAMS', 'SHUTTING_DOWN'],
    async handle({ query, caller, session, req, res }) {
      const filter = toFilter(query);
      const from = Math.max(0, query.min_offset ?? 0);
      const waitMs = 1000 * Math.min(query.wait_for_data ?? deps.settings.pollWaitS, WAIT_LIMIT_S);
      const isParlantStream = query.sse === true;
      if (req.method !== 'HEAD' && (isParlantStream || wantsStream(req))) {
        const after = lastEventIdOf(req.headers['last-event-id']) ?? from - 1;
        const lease = deps.streams.hold({ res, caller, sessionId: session.id });
        const follow = () => deps.sessions.follow(session.id, { ...filter, after, signal: lease.signal });
        if (!isParlantStream) return deps.streams.serve({ req, res, lease, frames: await follow() });
        const frames =
          waitMs > 0
            ? await follow()
            : toFrames(await deps.log.read(session.id, { ...filter, from: after + 1 }));
        return deps.streams.serve({
          req,
          res,
          lease,
          frames,
          toMessage: toParlantMessage,
          ...(waitMs > 0 && { silenceMs: waitMs }),
        });
      }
      const events = await deps.log.read(session.id, { ...filter, from });
      if (events.length > 0 || waitMs <= 0 || req.method === 'HEAD') return { status: 200, body: events };
      notesOf(res).isWait = true;
      const lease = deps.streams.hold({ res, caller, sessionId: session.id });
      return waitForEvents(deps, { sessionId: session.id, filter, from, waitMs, lease });
    },
  });
}

async function* toFrames(events: readonly SessionEvent[]): AsyncGenerator<Frame, void> {
  for (const event of events) yield { type: 'event', event, json: JSON.stringify(event) };
}

/** A follower that leaves with the first event that matches. */
async function waitForEvents(
  { log, sessions }: SessionEventsDeps,
  wait: { sessionId: string; filter: EventFilter; from: number; waitMs: number; lease: Lease },
): Promise<Answer | void> {
  const { sessionId, filter, from, waitMs, lease } = wait;
  const timer = setTimeout(lease.end, waitMs, 'timeout' satisfies EndReason).unref();
  try {
    for await (const frame of log.follow(sessionId, { ...filter, after: from - 1, signal: lease.signal })) {
      if (frame.type === 'event')
        return { status: 200, body: await log.read(sessionId, { ...filter, from }) };
    }
  } finally {
    clearTimeout(timer);
  }
  return refuseWait(lease.signal.reason, sessions, sessionId);
}

/** Why a wait ended without an event. Without a reason the log ended it: the session was deleted. */
async function refuseWait(
  why: EndReason | undefined,
  sessions: Pick<Sessions, 'get'>,
  sessionId: string,
): Promise<void> {
  if (why === 'left') return;
  if (why === 'timeout') throw new PollTimedOutError();
  if (why === 'shutdown') throw new ShuttingDownError();
  if (why === 'expired') throw new UnauthenticatedError();
  if (why === undefined) await sessions.get(sessionId);
  throw new SessionNotFoundError(sessionId);
}

function toFilter({ kinds, source, trace_id, correlation_id }: EventListQuery): EventFilter {
  const traceId = trace_id ?? correlation_id;
  return { ...(kinds && { kinds }), ...(source && { source }), ...(traceId !== undefined && { traceId }) };
}

/** An empty header, as some clients send at first, is none. */
function lastEventIdOf(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header)) throw new InvalidLastEventIdError();
  return Number(header);
}
