/**
 * The talk-session service: what an application does with conversations in the name of its users. Every call names the user, and
 * another user's session is refused exactly as if it did not exist. A call without a user is the operator's: it sees every session,
 * and what it creates belongs to `guest`.
 */
import type { AgentDirectory } from '../agents/agent-runner.ts';
import {
  AgentNotFoundError,
  IntentMismatchError,
  InvalidMessageError,
  SessionNotFoundError,
} from '../errors.ts';
import type { EventLog, NewSession, Receipt, SessionPage, SessionQuery } from '../event-log/event-log.ts';
import type { SessionEvent } from '../event-log/event.ts';
import { newTraceId } from '../event-log/ids.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import type { PostedEvent, Sessions, SessionState } from '../session/sessions.ts';
import { wholeMessages } from '../session/whole-messages.ts';
import { awaitTurn, streamTurn, type TurnPlace, type TurnResult, type TurnStream } from './turn-stream.ts';

/** Whom sessions belong to that nobody in particular created. */
export const GUEST = 'guest';

export type TalkSettings = Omit<NewSession, 'agentId' | 'customerId'> & {
  /** Default: the service's default agent. */
  readonly agentId?: string;
};

export type TurnRequest = {
  /** Absent: the operator. */
  readonly userId?: string;
  readonly text: string;
  /** Absent: the user's latest session with the agent, or a new one. */
  readonly sessionId?: string;
  /** Absent: the session's own, else the default agent. */
  readonly agentId?: string;
  /** Stops watching; the turn goes on. */
  readonly signal?: AbortSignal;
  readonly receipt?: Receipt;
};

export interface AgentService {
  /** `AgentNotFoundError`, `TooManySessionsError`. */
  createTalkSession(userId: string | undefined, settings?: TalkSettings): Promise<SessionRecord>;
  /** The user's own sessions. */
  listSessions(userId: string | undefined, query?: Omit<SessionQuery, 'customerId'>): Promise<SessionPage>;
  getSession(userId: string | undefined, sessionId: string): Promise<SessionRecord>;
  /** Stores the message and returns; the run under way is stopped (or as the session's policy says), the newest message is answered. */
  addMessage(userId: string | undefined, sessionId: string, text: string): Promise<SessionEvent>;
  /** Messages behind `after` (default: all), first those stored, then new ones as they come; until `signal` fires. */
  getMessages(
    userId: string | undefined,
    sessionId: string,
    options: { readonly after?: number; readonly signal: AbortSignal },
  ): Promise<AsyncIterable<SessionEvent>>;
  /** One turn, answered when it is over. */
  process(request: TurnRequest): Promise<TurnResult>;
  /** One turn, frame by frame. */
  processStream(request: TurnRequest): Promise<TurnStream>;
  /** The end of a turn that was begun before (a repeated request). */
  rejoin(userId: string | undefined, turn: TurnPlace, signal?: AbortSignal): Promise<TurnResult>;
  /** The same, frame by frame. */
  rejoinStream(userId: string | undefined, turn: TurnPlace, signal?: AbortSignal): Promise<TurnStream>;
  startSessionPolling(userId: string | undefined, sessionId: string): Promise<SessionState>;
  stopSessionPolling(userId: string | undefined, sessionId: string): Promise<SessionState>;
}

export type CreateAgentServiceOptions = {
  readonly sessions: Sessions;
  readonly agents: AgentDirectory;
  readonly log: Pick<EventLog, 'read'>;
  readonly limits: {
    /** How long `process` waits for a turn. */
    readonly turnTimeoutMs: number;
    readonly sessionsPerCustomer: number;
    readonly maxMessageChars: number;
  };
  readonly defaultAgent: string;
  /** What a customer is called in messages; default: by the id. */
  readonly nameOf?: (customerId: string) => Promise<string>;
};

export function createAgentService({
  sessions,
  agents,
  log,
  limits,
  defaultAgent,
  nameOf = async (customerId) => customerId,
}: CreateAgentServiceOptions): AgentService {
  /** Sessions being made for a user and agent: two first messages at once share one. */
  const making = new Map<string, Promise<SessionRecord>>();
  const watch = { sessions, log, timeoutMs: limits.turnTimeoutMs };

  async function owned(userId: string | undefined, sessionId: string): Promise<SessionRecord> {
    const record = await sessions.get(sessionId);
    if (userId !== undefined && record.customerId !== userId) throw new SessionNotFoundError(sessionId);
    return record;
  }

  function agentOf(agentId: string): string {
    if (!agents.get(agentId)) throw new AgentNotFoundError(agentId);
    return agentId;
  }

  async function createTalkSession(userId: string | undefined, settings: TalkSettings = {}) {
    const agentId = agentOf(settings.agentId ?? defaultAgent);
    const session = { ...settings, agentId, customerId: userId ?? GUEST };
    return sessions.create(session, userId === undefined ? {} : { atMost: limits.sessionsPerCustomer });
  }

  async function sessionFor({ userId, sessionId, agentId }: TurnRequest): Promise<SessionRecord> {
    if (agentId !== undefined) agentOf(agentId);
    if (sessionId !== undefined) {
      const record = await owned(userId, sessionId);
      if (agentId !== undefined && record.agentId !== agentId)
        throw new IntentMismatchError(sessionId, record.agentId, agentId);
      return record;
    }
    return latestOrNew(userId, agentOf(agentId ?? defaultAgent));
  }

  function latestOrNew(userId: string | undefined, agentId: string): Promise<SessionRecord> {
    const customerId = userId ?? GUEST;
    const key = JSON.stringify([customerId, agentId]);
    const underWay = making.get(key);
    if (underWay) return underWay;
    const made = findOrMake().finally(() => making.delete(key));
    making.set(key, made);
    return made;

    async function findOrMake(): Promise<SessionRecord> {
      const { items } = await sessions.list({ customerId, agentId, sort: 'latest', limit: 1 });
      return items[0] ?? createTalkSession(userId, { agentId });
    }
  }

  async function toPost(text: string, { customerId }: SessionRecord, traceId: string): Promise<PostedEvent> {
    if (text.trim() === '') throw new InvalidMessageError('is empty');
    const length = charactersIn(text, limits);
    if (length > limits.maxMessageChars)
      throw new InvalidMessageError(`has ${length} characters; at most ${limits.maxMessageChars} are taken`);
    return {
      source: 'customer',
      kind: 'message',
      trace_id: traceId,
      data: {
        message: text,
        participant: { id: customerId, display_name: await nameOf(customerId) },
        flagged: false,
        tags: [],
      },
    };
  }

  const postOptions = ({ receipt }: TurnRequest) => (receipt ? { receipt } : {});
  const watchOf = (signal: AbortSignal | undefined) => (signal ? { ...watch, signal } : watch);
  const manual = (place: TurnPlace): TurnResult => ({ ...place, status: 'manual', messages: [] });

  return {
    createTalkSession,
    getSession: owned,
    listSessions: (userId, query = {}) =>
      sessions.list(userId === undefined ? query : { ...query, customerId: userId }),

    async addMessage(userId, sessionId, text) {
      const record = await owned(userId, sessionId);
      return sessions.post(sessionId, await toPost(text, record, newTraceId()));
    },

    async getMessages(userId, sessionId, { after = -1, signal }) {
      await owned(userId, sessionId);
      return messagesOf(await sessions.follow(sessionId, { after, kinds: ['message'], signal }));
    },

    async process(request) {
      const record = await sessionFor(request);
      const post = await toPost(request.text, record, newTraceId());
      const { offset, trace_id: traceId } = await sessions.post(record.id, post, postOptions(request));
      const place = { sessionId: record.id, traceId, offset };
      if (record.mode === 'manual') return manual(place);
      return awaitTurn(place, watchOf(request.signal));
    },

    async processStream(request) {
      const record = await sessionFor(request);
      const traceId = newTraceId();
      const post = await toPost(request.text, record, traceId);
      const begin = async () => (await sessions.post(record.id, post, postOptions(request))).offset;
      if (record.mode === 'manual') {
        const place = { sessionId: record.id, traceId, offset: await begin() };
        return { ...place, frames: nothing(), outcome: Promise.resolve(manual(place)) };
      }
      const where = { sessionId: record.id, traceId, after: record.nextOffset - 1 };
      return streamTurn(where, begin, watchOf(request.signal));
    },

    async rejoin(userId, turn, signal) {
      const { mode } = await owned(userId, turn.sessionId);
      return mode === 'manual' ? manual(turn) : awaitTurn(turn, watchOf(signal));
    },

    async rejoinStream(userId, turn, signal) {
      const { mode } = await owned(userId, turn.sessionId);
      if (mode === 'manual') return { ...turn, frames: nothing(), outcome: Promise.resolve(manual(turn)) };
      const where = { sessionId: turn.sessionId, traceId: turn.traceId, after: turn.offset - 1 };
      return streamTurn(where, async () => turn.offset, watchOf(signal));
    },

    async startSessionPolling(userId, sessionId) {
      await owned(userId, sessionId);
      return sessions.start(sessionId);
    },

    async stopSessionPolling(userId, sessionId) {
      await owned(userId, sessionId);
      return sessions.stop(sessionId);
    },
  };
}

/** Unicode code points, as JSON Schema counts and so the HTTP layer: 😀 is one, though two in UTF-16. Counted only where it matters. */
function charactersIn(text: string, { maxMessageChars }: { readonly maxMessageChars: number }): number {
  if (text.length <= maxMessageChars) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

async function* messagesOf(
  frames: Awaited<ReturnType<Sessions['follow']>>,
): AsyncGenerator<SessionEvent, void> {
  for await (const frame of wholeMessages(frames)) if (frame.type === 'event') yield frame.event;
}

async function* nothing(): AsyncGenerator<never, void> {}
