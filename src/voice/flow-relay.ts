/**
 * Carries what a flow tells of itself from its conversation to the watchers of the voice session: `custom` events whose `data.type` begins
 * with `flow.`, in order, each once it is stored. What customers post is none of it. A watcher who misses something reads it in the log.
 */
import type { Json, SessionEvent } from '../event-log/event.ts';
import type { Log } from '../event-log/event-log.ts';
import { type FlowEventDeps, sendFlowEvent } from './flow-events.ts';
import type { Flows } from './flows.ts';
import type { RoomMembers } from './room-members.ts';
import type { VoiceLogger } from './voice-host.ts';
import { isStatusEvent } from './voice-log.ts';
import { RoomsError } from './voice-rooms.ts';
import { sessionIdOfTalk, type VoiceSession } from './voice-session.ts';
import type { VoiceSessions } from './voice-sessions.ts';

/** How many events of one session may wait for LiveKit. */
const MOST_WAITING = 100;

export type FlowRelayDeps = Omit<FlowEventDeps, 'members'> & {
  /** Of talk sessions. */
  readonly log: Pick<Log, 'onCommitted' | 'read'>;
  /** Of voice sessions. */
  readonly voiceEvents: Pick<Log, 'onCommitted'>;
  readonly voiceSessions: Pick<VoiceSessions, 'live'>;
  readonly members: RoomMembers;
  readonly flows: Flows;
  readonly logger: VoiceLogger;
};

/** What one session still has to send, in order. */
type Lane = { waiting: number; seq: number | undefined; tail: Promise<void> };

type FlowSays = { readonly type: string; readonly data?: Json };

/** Listens until `close`. */
export function startFlowRelay(deps: FlowRelayDeps): { close(): void } {
  const { log, voiceEvents, voiceSessions, members, flows, logger } = deps;
  const lanes = new Map<string, Lane>();
  const detach = [
    log.onCommitted((talkSessionId, events) => {
      const voiceSessionId = sessionIdOfTalk(talkSessionId);
      if (voiceSessionId === undefined) return;
      const session = voiceSessions.live(voiceSessionId);
      if (session) for (const event of events.filter(isOfFlow)) enqueue(session, talkSessionId, event);
    }),
    voiceEvents.onCommitted((sessionId, events) => {
      if (!events.some(isStatusEvent) || voiceSessions.live(sessionId)) return;
      lanes.delete(sessionId);
    }),
  ];

  return {
    close() {
      for (const stop of detach) stop();
      lanes.clear();
    },
  };

  function enqueue(session: VoiceSession, talkSessionId: string, event: SessionEvent): void {
    const lane = laneOf(session.id);
    if (lane.waiting >= MOST_WAITING) return report(session, event, 'too_many_waiting');
    lane.waiting++;
    lane.tail = lane.tail.then(async () => {
      try {
        await send(lane, { ...session, talkSessionId }, event);
      } catch (error) {
        report(session, event, error instanceof RoomsError ? error.fault : 'internal_error', error);
      } finally {
        lane.waiting--;
      }
    });
  }

  function laneOf(sessionId: string): Lane {
    const lane = lanes.get(sessionId) ?? { waiting: 0, seq: undefined, tail: Promise.resolve() };
    lanes.set(sessionId, lane);
    return lane;
  }

  async function send(
    lane: Lane,
    session: VoiceSession & { readonly talkSessionId: string },
    event: SessionEvent,
  ): Promise<void> {
    lane.seq = await seqOf(session.talkSessionId, lane, event.offset);
    const { type, data = null } = toFlowSays(event);
    const least = flows.get(session.flowId, session.orgId).eventRoles[type] ?? 'monitor';
    const { offset, creation_utc: timestamp } = event;
    await sendFlowEvent({ ...deps, members }, session, {
      event: { type, data, offset, seq: lane.seq, timestamp },
      least,
    });
  }

  /** One more than before; the first time in this process, those in the log are counted. */
  async function seqOf(talkSessionId: string, { seq }: Lane, offset: number): Promise<number> {
    if (seq !== undefined) return seq + 1;
    const before = await log.read(talkSessionId, { kinds: ['custom'], to: offset });
    return before.filter(isOfFlow).length + 1;
  }

  function report({ id }: VoiceSession, { offset }: SessionEvent, code: string, error?: unknown): void {
    const isBug = code === 'internal_error';
    logger.warn(
      { event: 'voice.flow_event.undelivered', sessionId: id, offset, code, ...(isBug && { err: error }) },
      'a flow event was not delivered',
    );
  }
}

function isOfFlow({ kind, source, data }: SessionEvent): boolean {
  if (kind !== 'custom' || source === 'customer' || source === 'customer_ui') return false;
  if (typeof data !== 'object' || data === null || !('type' in data)) return false;
  return typeof data.type === 'string' && data.type.startsWith('flow.');
}

function toFlowSays({ data }: SessionEvent): FlowSays {
  return data as FlowSays; // `isOfFlow` has looked
}
