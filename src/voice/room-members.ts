/** Who is in a room, remembered for a moment: a flow may tell many things in a row. */
import type { Clock } from '../session/clock.ts';
import type { RoomPerson, VoiceRooms } from './voice-rooms.ts';

const REMEMBERED_MS = 2_000;

export interface RoomMembers {
  /** Rejects with `RoomsError`. A room that is gone is empty. */
  of(roomName: string): Promise<readonly RoomPerson[]>;
  /** Somebody came or went, or the room is gone. */
  forget(roomName: string): void;
}

export function createRoomMembers({
  rooms,
  clock,
}: {
  readonly rooms: Pick<VoiceRooms, 'peopleIn'>;
  readonly clock: Pick<Clock, 'now'>;
}): RoomMembers {
  const known = new Map<
    string,
    { readonly until: number; readonly people: Promise<readonly RoomPerson[]> }
  >();
  return {
    of(roomName) {
      const entry = known.get(roomName);
      if (entry && entry.until > clock.now()) return entry.people;
      const people = look(roomName);
      known.set(roomName, { until: clock.now() + REMEMBERED_MS, people });
      return people;
    },
    forget: (roomName) => void known.delete(roomName),
  };

  /** A failure is not remembered. */
  async function look(roomName: string): Promise<readonly RoomPerson[]> {
    try {
      return (await rooms.peopleIn(roomName)) ?? [];
    } catch (error) {
      known.delete(roomName);
      throw error;
    }
  }
}
