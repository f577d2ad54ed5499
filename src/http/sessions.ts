/** Sessions: created, listed, read, changed, deleted. Parlant's API, with an id of the client's choice and an interruption policy beside it. */
import { z } from 'zod';
import type { Settings } from '../config.ts';
import type { NewSession, Receipt, SessionPage, SessionPatch, SessionQuery } from '../event-log/event-log.ts';
import type { Sessions } from '../session/sessions.ts';
import { GUEST } from '../talk/agent-service.ts';
import { demand, type Caller } from './access.ts';
import { SessionNotFoundError } from '../errors.ts';
import type { ReceiptKey } from './idempotency.ts';
import type { Leases } from './leases.ts';
import { listAll } from './long-list.ts';
import { route, sessionRoute, type Route } from './route.ts';
import { yesNo } from './schemas/common.ts';
import {
  sessionCreateSchema,
  sessionDeleteQuery,
  sessionListQuery,
  sessionPageSchema,
  sessionSchema,
  sessionUpdateSchema,
  toSessionJson,
} from './schemas/session.ts';

export type SessionsDeps = {
  readonly settings: Pick<Settings, 'sessionsPerCustomer'>;
  readonly sessions: Pick<Sessions, 'create' | 'list' | 'update' | 'delete'>;
  readonly leases: Leases;
};

/** How many are read at once for a list without a limit. */
const PAGE = 500;
const NO_SESSIONS: SessionPage = { items: [], totalCount: 0, nextCursor: null };

type SessionCreate = z.output<typeof sessionCreateSchema>;
type SessionUpdate = z.output<typeof sessionUpdateSchema>;
type SessionListQuery = z.output<typeof sessionListQuery>;

export function sessionRoutes(deps: SessionsDeps): readonly Route[] {
  return [
    createSession(deps),
    listSessions(deps),
    deleteSessions(deps),
    readSession(),
    updateSession(deps),
    deleteSession(deps),
  ];
}

function createSession(deps: SessionsDeps): Route {
  return route({
    method: 'post',
    path: '/sessions',
    operation: 'create a session',
    tag: 'Sessions',
    summary: 'Create a session',
    query: z.object({
      allow_greeting: yesNo.optional().meta({
        description: 'Lets an agent that follows guidelines speak first, where one of them says so.',
      }),
    }),
    body: sessionCreateSchema,
    idempotent: true,
    answers: { 201: { description: 'The session, NOT_STARTED.', schema: sessionSchema } },
    errors: ['AGENT_NOT_FOUND', 'SESSION_ID_TAKEN', 'TOO_MANY_SESSIONS'],
    async handle({ body, query, caller, receiptKey }) {
      const session = await deps.sessions.create(toNewSession(body, caller), {
        ...roomOf(caller, deps.settings),
        greets: query.allow_greeting ?? false,
        ...(receiptKey && { receipt: toReceipt(receiptKey) }),
      });
      return { status: 201, body: toSessionJson(session) };
    },
  });
}

/** How many sessions a customer may have. Operators may make more. */
function roomOf(caller: Caller, { sessionsPerCustomer }: SessionsDeps['settings']) {
  return caller.role === 'customer' ? { atMost: sessionsPerCustomer } : {};
}

function toReceipt(key: ReceiptKey): Receipt {
  return { ...key, result: ({ session }) => ({ status: 201, body: toSessionJson(session) }) };
}

function toNewSession(body: SessionCreate, caller: Caller): NewSession {
  return {
    agentId: body.agent_id,
    customerId: customerIdFor(caller, body.customer_id),
    title: body.title ?? null,
    interruption: body.interruption ?? null,
    ...(body.id && { id: body.id }),
    ...(body.metadata && { metadata: body.metadata }),
    ...(body.labels && { labels: body.labels }),
  };
}

/** Whose session it will be. */
function customerIdFor(caller: Caller, wanted: string | null | undefined): string {
  if (caller.role !== 'customer') return wanted ?? GUEST;
  if (wanted && wanted !== caller.customerId) demand(caller, 'create a session for another customer');
  return caller.customerId;
}

function listSessions({ sessions }: SessionsDeps): Route {
  return route({
    method: 'get',
    path: '/sessions',
    operation: 'list sessions',
    tag: 'Sessions',
    summary: 'List sessions',
    description:
      'By creation. A customer sees their own. Without `limit` a bare array of all, with `limit` a page.',
    query: sessionListQuery,
    answers: {
      200: {
        description: 'An array, or a page.',
        schema: z.union([z.array(sessionSchema), sessionPageSchema]),
      },
    },
    async handle({ query, caller, res }) {
      const wanted = toSessionQuery(query, caller);
      if (query.limit === undefined) {
        return listAll(res, await readPage(wanted), (cursor) => readPage(wanted, cursor));
      }
      const { items, totalCount, nextCursor } = wanted ? await sessions.list(wanted) : NO_SESSIONS;
      return {
        status: 200,
        body: {
          items: items.map(toSessionJson),
          total_count: totalCount,
          has_more: nextCursor !== null,
          next_cursor: nextCursor,
        },
      };
    },
  });

  async function readPage(wanted: SessionQuery | undefined, cursor?: string) {
    const query = { ...wanted, limit: PAGE, ...(cursor !== undefined && { cursor }) };
    const page = wanted ? await sessions.list(query) : NO_SESSIONS;
    return { items: page.items.map(toSessionJson), next: page.nextCursor ?? undefined };
  }
}

/** Undefined where nothing can match: another customer's sessions do not exist. */
function toSessionQuery(query: SessionListQuery, caller: Caller): SessionQuery | undefined {
  const own = caller.role === 'customer' ? caller.customerId : undefined;
  if (own !== undefined && query.customer_id !== undefined && query.customer_id !== own) return undefined;
  const customerId = own ?? query.customer_id;
  return {
    ...(query.agent_id !== undefined && { agentId: query.agent_id }),
    ...(customerId !== undefined && { customerId }),
    ...(query.labels && { labels: query.labels }),
    ...(query.limit !== undefined && { limit: query.limit }),
    ...(query.cursor !== undefined && { cursor: query.cursor }),
    ...(query.sort && { sort: query.sort }),
  };
}

function deleteSessions({ sessions }: SessionsDeps): Route {
  return route({
    method: 'delete',
    path: '/sessions',
    operation: 'delete a session',
    tag: 'Sessions',
    summary: 'Delete sessions and their events',
    description: 'Those that match; **without a filter all of them**. A customer deletes their own.',
    query: sessionDeleteQuery,
    answers: { 204: { description: 'Gone.' } },
    async handle({ query, caller }) {
      const wanted = toSessionQuery(query, caller);
      for (let cursor: string | null = wanted ? '' : null; cursor !== null;) {
        const page: SessionPage = await sessions.list({ ...wanted, limit: PAGE, cursor });
        await Promise.all(page.items.map(({ id }) => sessions.delete(id).catch(ignoreMissing)));
        cursor = page.nextCursor;
      }
      return { status: 204 };
    },
  });
}

/** Somebody else deletes the same. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof SessionNotFoundError)) throw error;
}

function readSession(): Route {
  return sessionRoute({
    method: 'get',
    path: '/sessions/{session_id}',
    operation: 'read a session',
    tag: 'Sessions',
    summary: 'Read a session',
    answers: { 200: { description: 'The session.', schema: sessionSchema } },
    handle: ({ session }) => ({ status: 200, body: toSessionJson(session) }),
  });
}

function updateSession({ sessions, leases }: SessionsDeps): Route {
  return sessionRoute({
    method: 'patch',
    path: '/sessions/{session_id}',
    operation: 'rename a session',
    tag: 'Sessions',
    summary: 'Change a session',
    description:
      'A customer may change the title and the consumption offset, an operator everything. Absent or null: unchanged.',
    body: sessionUpdateSchema,
    answers: { 200: { description: 'The whole session.', schema: sessionSchema } },
    errors: ['AGENT_NOT_FOUND'],
    async handle({ body, caller, session }) {
      if (changesMoreThanTitle(body)) demand(caller, 'change more of a session than its title');
      const updated = await sessions.update(session.id, toSessionPatch(body));
      if (updated.customerId !== session.customerId) leases.reassign(session.id, updated.customerId);
      return { status: 200, body: toSessionJson(updated) };
    },
  });
}

function changesMoreThanTitle({ title: _, consumption_offsets: __, ...more }: SessionUpdate): boolean {
  return Object.values(more).some((value) => value !== null && value !== undefined);
}

function toSessionPatch(body: SessionUpdate): SessionPatch {
  const consumed = body.consumption_offsets?.client;
  return {
    ...(isGiven(body.title) && { title: body.title }),
    ...(body.mode && { mode: body.mode }),
    ...(isGiven(body.customer_id) && { customerId: body.customer_id }),
    ...(isGiven(body.agent_id) && { agentId: body.agent_id }),
    ...(body.interruption && { interruption: body.interruption }),
    ...(isGiven(consumed) && { consumptionOffset: consumed }),
    ...(body.metadata && { metadata: withoutNulls(body.metadata) }),
    ...(body.labels && { labels: withoutNulls(body.labels) }),
  };
}

function isGiven<Value>(value: Value): value is NonNullable<Value> {
  return value !== null && value !== undefined;
}

/** Null means unchanged on the wire; the log knows only absence. */
function withoutNulls<Value extends object>(value: Value): { [Key in keyof Value]: NonNullable<Value[Key]> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => isGiven(field))) as never; // what is left is not null
}

function deleteSession({ sessions }: SessionsDeps): Route {
  return sessionRoute({
    method: 'delete',
    path: '/sessions/{session_id}',
    operation: 'delete a session',
    tag: 'Sessions',
    summary: 'Delete a session and its events',
    description: 'Its streams get `removed` from 0 and end.',
    answers: { 204: { description: 'Gone.' } },
    async handle({ session }) {
      await sessions.delete(session.id);
      return { status: 204 };
    },
  });
}
