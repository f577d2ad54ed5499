/**
 * The log of voice sessions: one stream of events each, in a log of their own, so that they are never among the talk sessions. The
 * record beside the events is a cache, written in the same commit. Here the log's words are translated: a lifecycle `POLLING` means
 * that something is left to do.
 */
import { z } from 'zod';
import type { EventDraft, JsonObject, SessionEvent } from '../event-log/event.ts';
import type { Log, Receipt } from '../event-log/event-log.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import { type VoiceSession, type VoiceStatus, voiceStatuses } from './voice-session.ts';

/** What an agent, or somebody who saw it, said of it. Stored as it is. */
export type AgentReport = {
  readonly type: 'agent.joined' | 'agent.ready' | 'agent.failed' | 'agent.left';
  /** ISO 8601. */
  readonly timestamp: string;
  readonly greeting?: string;
  readonly code?: string;
  readonly message?: string;
};

export type StatusChange = { readonly status: VoiceStatus; readonly at: string };

/** Methods that store reject with `LogUnavailableError`; calls of one turn of the event loop are one commit. */
export interface VoiceLog {
  /** With its first event, `voice.session.created`. */
  create(session: VoiceSession, receipt?: Receipt): Promise<void>;
  /** As committed. */
  find(sessionId: string): Promise<VoiceSession | undefined>;
  /** `voice.agent.status`. */
  tell(sessionId: string, report: AgentReport): Promise<void>;
  /** `voice.session.status`, and the record. */
  move(before: VoiceSession, after: VoiceSession): Promise<void>;
  keepTalkSession(sessionId: string, talkSessionId: string): Promise<void>;
  /** Nothing is left to do for it. */
  close(sessionId: string): Promise<void>;
  /** Those for which something is left to do, in pages. */
  unclosed(): AsyncIterable<readonly VoiceSession[]>;
  events(sessionId: string): Promise<readonly SessionEvent[]>;
  history(sessionId: string): Promise<readonly StatusChange[]>;
}

const PAGE = 500;

export function createVoiceLog(log: Log): VoiceLog {
  return {
    create(session, receipt) {
      const { id, agentId, ownerId } = session;
      const made = log.createSession(
        { id, agentId, customerId: ownerId, metadata: toMetadata(session) },
        receipt && { receipt },
      );
      const stored = log.append(id, [draft(id, 'voice.session.created', toCreated(session))]);
      return all(made, stored, log.setLifecycle(id, 'POLLING', null));
    },

    async find(sessionId) {
      const record = await log.getSession(sessionId);
      return record && toVoiceSession(record);
    },

    tell: (sessionId, report) =>
      all(log.append(sessionId, [draft(sessionId, 'voice.agent.status', { ...report, sessionId })])),

    move(before, after) {
      const { id, status, readyAt, failure } = after;
      const change = {
        from: before.status,
        to: status,
        failure,
        ...(status === 'ready' && { readyAt: toUtc(readyAt) }),
      };
      const stored = log.append(id, [draft(id, 'voice.session.status', change)]);
      return all(stored, log.updateSession(id, { metadata: { set: { status, readyAt, failure } } }));
    },

    keepTalkSession: (sessionId, talkSessionId) =>
      all(log.updateSession(sessionId, { metadata: { set: { talkSessionId } } })),

    close: (sessionId) => log.setLifecycle(sessionId, 'STOPPED', null),

    async *unclosed() {
      for (let cursor: string | undefined; ;) {
        const page = await log.listSessions({
          lifecycle: 'POLLING',
          limit: PAGE,
          ...(cursor !== undefined && { cursor }),
        });
        yield page.items.map(toVoiceSession);
        if (page.nextCursor === null) return;
        cursor = page.nextCursor;
      }
    },

    events: (sessionId) => log.read(sessionId),

    history: async (sessionId) => (await log.read(sessionId)).flatMap(toStatusChange),
  };
}

/** Whether this event tells a new status. */
export function isStatusEvent({ data }: SessionEvent): boolean {
  return (data as { readonly type?: unknown }).type === 'voice.session.status'; // every event here is of `draft`
}

function draft(sessionId: string, type: string, data: JsonObject): EventDraft {
  const source = type === 'voice.agent.status' ? 'ai_agent' : 'system';
  return { source, kind: 'custom', trace_id: traceOf(sessionId), data: { type, data } };
}

/** One trace per voice session, in the form of every trace id. */
function traceOf(sessionId: string): string {
  return sessionId.replace(/^vs_/, '').replaceAll('-', '');
}

function toCreated(session: VoiceSession): JsonObject {
  const { id, flowId, roomName, participantIdentity, status, deadlineAt } = session;
  return { sessionId: id, flowId, roomName, participantIdentity, status, deadlineAt: toUtc(deadlineAt) };
}

const kept = z.object({
  flowId: z.string(),
  orgId: z.string(),
  roomName: z.string(),
  participantIdentity: z.string(),
  participantName: z.string(),
  locale: z.string().nullable(),
  deadlineAt: z.number(),
  status: z.enum(voiceStatuses),
  readyAt: z.number().nullable(),
  failure: z
    .object({ code: z.string(), reason: z.string().nullable(), message: z.string().nullable() })
    .nullable(),
  talkSessionId: z.string().nullable(),
});

function toMetadata(session: VoiceSession): JsonObject {
  return kept.parse(session);
}

/** As `toMetadata` wrote it. */
function toVoiceSession({ id, agentId, customerId, metadata, lifecycle }: SessionRecord): VoiceSession {
  return { ...kept.parse(metadata), id, agentId, ownerId: customerId, isClosed: lifecycle === 'STOPPED' };
}

const told = z.discriminatedUnion('type', [
  z.object({ type: z.literal('voice.session.created'), data: z.object({ status: kept.shape.status }) }),
  z.object({ type: z.literal('voice.session.status'), data: z.object({ to: kept.shape.status }) }),
]);

function toStatusChange({ data, creation_utc: at }: SessionEvent): StatusChange[] {
  const parsed = told.safeParse(data);
  if (!parsed.success) return [];
  const event = parsed.data;
  return [{ status: event.type === 'voice.session.created' ? event.data.status : event.data.to, at }];
}

function toUtc(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** They are one commit: all or none. */
async function all(...stored: readonly Promise<unknown>[]): Promise<void> {
  await Promise.all(stored);
}
