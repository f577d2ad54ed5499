/** The port to what holds the rooms (LiveKit). Every method is one look or one change; none is tried again here. */
import type { VoiceFailure } from './voice-session.ts';

/** Somebody in a room. */
export type RoomPerson = {
  readonly identity: string;
  /** `other`: recorders, telephones and the like. */
  readonly kind: 'human' | 'agent' | 'other';
  /** Whether it is connected, not only on its way. */
  readonly isActive: boolean;
  readonly attributes: Readonly<Record<string, string>>;
};

export type RoomMessage = {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Identities. Never empty: nobody named would be everybody. */
  readonly to: readonly [string, ...string[]];
};

/** Every method rejects with `RoomsError`. */
export interface VoiceRooms {
  /** Makes the room unless it is there. Everybody in it can read `metadata`. */
  openRoom(roomName: string, metadata: string): Promise<void>;
  /** Calls an agent into the room, unless one was called for this session. Only the agent can read `metadata`. */
  ensureDispatch(
    roomName: string,
    call: { readonly sessionId: string; readonly metadata: string },
  ): Promise<void>;
  /** Undefined: there is no such room. */
  peopleIn(roomName: string): Promise<readonly RoomPerson[] | undefined>;
  /** How many workers were given the room as a job. */
  jobsIn(roomName: string): Promise<number>;
  send(roomName: string, message: RoomMessage): Promise<void>;
  /** Throws everybody out. One that is gone is removed. */
  removeRoom(roomName: string): Promise<void>;
}

/** Why a call failed, by whose fault. */
export type RoomsFault =
  | 'livekit_unavailable'
  | 'livekit_timeout'
  | 'livekit_unreachable'
  | 'livekit_auth'
  | 'livekit_rejected';

export class RoomsError extends Error {
  readonly fault: RoomsFault;
  constructor(fault: RoomsFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** What is stored of a call that failed. Anything else is a bug, and thrown on. */
export function toFailure(error: unknown): VoiceFailure {
  if (!(error instanceof RoomsError)) throw error;
  return { code: error.fault, reason: null, message: error.message };
}
