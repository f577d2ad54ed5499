/**
 * Voice sessions as living actors: the one door through which HTTP reaches them. It knows nothing of callers and their rights. A method
 * that is about one session throws `VoiceSessionNotFoundError` where there is none.
 */
import type { InspectionEvent } from 'xstate';
import type { VoiceSessionEvent } from '../../machines/voice-session.machine.ts';
import { ShuttingDownError, VoiceSessionNotFoundError, VoiceSessionOverError } from '../errors.ts';
import type { SessionEvent } from '../event-log/event.ts';
import type { Log, Receipt } from '../event-log/event-log.ts';
import type { Frame } from '../event-log/frame.ts';
import { type Clock, systemClock } from '../session/clock.ts';
import { startVoiceSweep } from './voice-sweep.ts';
import { VoiceHost, type VoiceLogger, type VoiceWork } from './voice-host.ts';
import { type AgentReport, createVoiceLog, type StatusChange } from './voice-log.ts';
import {
  isOver,
  newVoiceSession,
  type NewVoiceSession,
  sessionIdOfRoom,
  type VoiceSession,
  type VoiceStatus,
} from './voice-session.ts';
import type { RoomNews } from './webhooks.ts';

/** What became of a report. `duplicate`: nothing, it was known. */
export type Reported = { readonly status: VoiceStatus; readonly duplicate: boolean };

export interface VoiceSessions {
  /** Stores it and calls an agent; resolves when it is on disk, with LiveKit not asked yet. */
  create(request: NewVoiceSession, options?: { readonly receipt?: Receipt }): Promise<VoiceSession>;
  /** As it stands when LiveKit has answered, or after `dispatchWaitMs` if that is sooner. Never waits for the agent. */
  dispatched(sessionId: string): Promise<VoiceSession>;
  get(sessionId: string): Promise<VoiceSession>;
  /** Everything stored of it. */
  events(sessionId: string): Promise<readonly SessionEvent[]>;
  /** Every status it had, oldest first. */
  history(sessionId: string): Promise<readonly StatusChange[]>;
  /** What its worker says. `VoiceSessionOverError` once it has failed or ended. */
  report(sessionId: string, report: AgentReport): Promise<Reported>;
  /** What LiveKit says of a room. Rooms of others, and sessions that are over, are left alone. */
  notice(news: RoomNews): Promise<void>;
  /** Ends it; nothing happens if it is over. */
  stop(sessionId: string): Promise<VoiceSession>;
  /** Remembers the conversation that belongs to it. */
  keepTalkSession(sessionId: string, talkSessionId: string): Promise<void>;
  follow(
    sessionId: string,
    options: { readonly after: number; readonly signal: AbortSignal },
  ): AsyncIterable<Frame>;
  /** One that is not over, at once; undefined for all others. */
  live(sessionId: string): VoiceSession | undefined;
  /** Brings back every session that is not over, and says how many. Once at the start, before requests come in. */
  resume(): Promise<number>;
  /** Lets all go without a word; the next start brings them back. */
  shutdown(): Promise<void>;
}

export type CreateVoiceSessionsOptions = {
  /** Of voice sessions only. */
  readonly log: Log;
  readonly work: VoiceWork;
  readonly logger: VoiceLogger;
  readonly limits: {
    readonly readyTimeoutMs: number;
    readonly dispatchWaitMs: number;
    /** A session that was ready for this time is stopped. */
    readonly sessionTtlMs: number;
  };
  /** Default: the machine's own. */
  readonly clock?: Clock;
  readonly inspect?: (event: InspectionEvent) => void;
};

export function createVoiceSessions(options: CreateVoiceSessionsOptions): VoiceSessions {
  const { log, limits, clock = systemClock } = options;
  const voiceLog = createVoiceLog(log);
  const host = new VoiceHost({ ...options, voiceLog, clock });
  const sweep = startVoiceSweep({ ...options, host, ttlMs: limits.sessionTtlMs, clock, stop });
  let closing = false;

  return {
    async create(request, { receipt } = {}) {
      if (closing) throw new ShuttingDownError();
      const session = newVoiceSession(request, clock.now() + limits.readyTimeoutMs);
      await voiceLog.create(session, receipt);
      host.begin(session);
      return session;
    },

    async dispatched(sessionId) {
      const live = host.live.get(sessionId);
      if (live) {
        const waited = new AbortController();
        const limit = clock.waitUntil(clock.now() + limits.dispatchWaitMs, waited.signal);
        await Promise.race([live.leftPending, limit]);
        waited.abort();
      }
      return get(sessionId);
    },

    get,

    events: (sessionId) => voiceLog.events(sessionId),

    history: (sessionId) => voiceLog.history(sessionId),

    async report(sessionId, report) {
      const live = await host.wake(sessionId);
      if (!live || isOver(live.session))
        throw new VoiceSessionOverError(sessionId, (await get(sessionId)).status);
      const isNews = await host.tell(live, toMachineEvent(report, clock.now()), report);
      return { status: live.session.status, duplicate: !isNews };
    },

    async notice({ roomName, change }) {
      const sessionId = sessionIdOfRoom(roomName);
      if (sessionId === undefined || change.type === 'people.changed') return;
      const live = await wakeOrNothing(sessionId);
      if (live?.session.roomName !== roomName) return;
      if (change.type === 'room.finished') await host.tell(live, { type: 'room.finished' });
      else {
        const report: AgentReport =
          change.type === 'agent.failed' ? { ...change, code: 'agent_job_failed' } : change;
        await host.tell(live, toMachineEvent(report, clock.now()), report);
      }
    },

    stop,

    keepTalkSession: (sessionId, talkSessionId) => voiceLog.keepTalkSession(sessionId, talkSessionId),

    follow: (sessionId, where) => log.follow(sessionId, where),

    live(sessionId) {
      const session = host.live.get(sessionId)?.session;
      return session && !isOver(session) ? session : undefined;
    },

    async resume() {
      let count = 0;
      for await (const sessions of voiceLog.unclosed()) {
        for (const session of sessions) if (host.bringBack(session)) count++;
      }
      return count;
    },

    async shutdown() {
      closing = true;
      await sweep.stop();
      host.close();
    },
  };

  async function get(sessionId: string): Promise<VoiceSession> {
    const session = await voiceLog.find(sessionId);
    if (!session) throw new VoiceSessionNotFoundError(sessionId);
    return session;
  }

  async function stop(sessionId: string): Promise<VoiceSession> {
    if (closing) throw new ShuttingDownError();
    const live = await host.wake(sessionId);
    if (live) await host.tell(live, { type: 'session.stop' });
    return get(sessionId);
  }

  async function wakeOrNothing(sessionId: string) {
    try {
      return await host.wake(sessionId);
    } catch (error) {
      if (error instanceof VoiceSessionNotFoundError) return undefined;
      throw error;
    }
  }
}

function toMachineEvent({ type, code, message }: AgentReport, now: number): VoiceSessionEvent {
  switch (type) {
    case 'agent.ready':
      return { type, readyAt: now };
    case 'agent.failed':
      return { type, failure: { code: code ?? 'agent_failed', reason: null, message: message ?? null } };
    default:
      return { type };
  }
}
