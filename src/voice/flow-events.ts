/**
 * Tells watchers in a room what their flow does, on the topic `flow-events`: each type of event has a lowest role, and only people of at
 * least that role get it. Users, agents and people without a role get nothing, ever.
 */
import type { Json } from '../event-log/event.ts';
import type { RoomMembers } from './room-members.ts';
import { isAtLeast, toVoiceRole, type WatcherRole } from './voice-roles.ts';
import type { RoomPerson, VoiceRooms } from './voice-rooms.ts';
import type { VoiceSession } from './voice-session.ts';

const TOPIC = 'flow-events';
/** What fits into one packet for certain. */
const MOST_BYTES = 15 * 1_024;

export type FlowEvent = {
  /** `flow.…` */
  readonly type: string;
  readonly data: Json;
  /** Its place in the talk session. */
  readonly offset: number;
  /** The how-manieth of its session, from 1: a reader sees gaps. */
  readonly seq: number;
  /** ISO 8601. */
  readonly timestamp: string;
};

export type FlowEventDeps = {
  readonly rooms: Pick<VoiceRooms, 'send'>;
  readonly members: Pick<RoomMembers, 'of'>;
};

/** Resolves when it is on its way to all who may have it. Rejects with `RoomsError`. */
export async function sendFlowEvent(
  { rooms, members }: FlowEventDeps,
  session: VoiceSession,
  { event, least }: { readonly event: FlowEvent; readonly least: WatcherRole },
): Promise<void> {
  const people = await members.of(session.roomName);
  const [first, ...others] = people
    .filter((person) => mayHear(person, least))
    .map(({ identity }) => identity);
  // To LiveKit nobody named means everybody: the user as well.
  if (first === undefined) return;
  await rooms.send(session.roomName, {
    topic: TOPIC,
    payload: toPayload(session, event),
    to: [first, ...others],
  });
}

function mayHear({ kind, isActive, attributes }: RoomPerson, least: WatcherRole): boolean {
  const role = toVoiceRole(attributes['role']);
  return kind === 'human' && isActive && role !== undefined && isAtLeast(role, least);
}

function toPayload({ id, flowId, talkSessionId }: VoiceSession, event: FlowEvent): Uint8Array {
  const { type, data, offset, seq, timestamp } = event;
  const head = { type, sessionId: id, flowId, seq, offset, timestamp };
  const whole = encode({ ...head, data });
  return whole.length <= MOST_BYTES ? whole : encode({ ...head, truncated: true, talkSessionId });
}

function encode(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
