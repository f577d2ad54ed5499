/** The one look at a room when the deadline has passed: why its agent is not ready, or that it is and the message was lost. */
import type { ProbeOutput } from '../../machines/voice-session.machine.ts';
import { RoomsError, type RoomPerson, type VoiceRooms } from './voice-rooms.ts';
import type { VoiceSession } from './voice-session.ts';

/** What an agent sets on itself before it reports: the session's id. */
const READY_ATTRIBUTE = 'agent.ready';

export type LateReason =
  | 'no_worker'
  | 'agent_not_joined'
  | 'user_not_joined'
  | 'agent_not_ready'
  | 'room_gone'
  | 'livekit_unreachable';

/** `now`: when the agent counts as ready. */
export async function probeRoom(
  rooms: Pick<VoiceRooms, 'peopleIn' | 'jobsIn'>,
  session: VoiceSession,
  now: () => number,
): Promise<ProbeOutput> {
  const found = await look(rooms, session).catch((error: unknown): LateReason => {
    if (error instanceof RoomsError) return 'livekit_unreachable';
    throw error;
  });
  if (found === 'ready') return { kind: 'ready', readyAt: now() };
  return { kind: 'late', failure: { code: 'ready_deadline', reason: found, message: null } };
}

async function look(
  rooms: Pick<VoiceRooms, 'peopleIn' | 'jobsIn'>,
  { id, roomName, participantIdentity }: VoiceSession,
): Promise<LateReason | 'ready'> {
  const people = await rooms.peopleIn(roomName);
  if (!people) return 'room_gone';
  const agents = people.filter(({ kind }) => kind === 'agent');
  if (agents.some((agent) => agent.attributes[READY_ATTRIBUTE] === id)) return 'ready';
  if (agents.length > 0) return isThere(people, participantIdentity) ? 'agent_not_ready' : 'user_not_joined';
  return (await rooms.jobsIn(roomName)) > 0 ? 'agent_not_joined' : 'no_worker';
}

function isThere(people: readonly RoomPerson[], identity: string): boolean {
  return people.some((person) => person.identity === identity);
}
