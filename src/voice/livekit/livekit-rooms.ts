/** The rooms of a LiveKit server, by its official library. One call is one attempt; a call that hangs ends after a time limit. */
import {
  AgentDispatchClient,
  DataPacket_Kind,
  ParticipantInfo_State,
  RoomServiceClient,
} from 'livekit-server-sdk';
import type { RoomPerson, VoiceRooms } from '../voice-rooms.ts';
import { isNotFound, isThereAlready, toRoomsError } from './livekit-fault.ts';

export type LiveKitServer = {
  /** `ws(s)` or `http(s)`. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
};

export type LiveKitRoomsOptions = LiveKitServer & {
  /** The workers to call; absent: they come by themselves. */
  readonly agentName?: string;
  /** How long an agent may take: a room nobody comes into outlives it. */
  readonly readyTimeoutMs: number;
  /** Of one call. */
  readonly timeoutMs: number;
};

/** A room that no human came into is gone after this time and the deadline: else LiveKit would end it before the deadline. */
const EMPTY_TIMEOUT_S = 90;
const DEPARTURE_TIMEOUT_S = 20;
const MOST_PARTICIPANTS = 10;

/** Kinds of participants on LiveKit's wire; its library exports no names for them. */
const kinds = new Map<number, RoomPerson['kind']>([
  [0, 'human'],
  [4, 'agent'],
]);

export function createLiveKitRooms(options: LiveKitRoomsOptions): VoiceRooms {
  const { url, apiKey, apiSecret, agentName, readyTimeoutMs, timeoutMs } = options;
  const limits = { requestTimeout: timeoutMs / 1_000 };
  const rooms = new RoomServiceClient(url, apiKey, apiSecret, limits);
  const dispatches = new AgentDispatchClient(url, apiKey, apiSecret, limits);
  const emptyTimeout = EMPTY_TIMEOUT_S + Math.ceil(readyTimeoutMs / 1_000);

  return {
    openRoom: (name, metadata) =>
      attempt(async () => {
        await rooms.createRoom({
          name,
          metadata,
          emptyTimeout,
          departureTimeout: DEPARTURE_TIMEOUT_S,
          maxParticipants: MOST_PARTICIPANTS,
        });
      }, isThereAlready),

    ensureDispatch: (roomName, { sessionId, metadata }) =>
      attempt(async () => {
        if (agentName === undefined || (await isCalled(roomName, sessionId))) return;
        await dispatches.createDispatch(roomName, agentName, { metadata });
      }, isThereAlready),

    peopleIn: (roomName) =>
      attempt(async () => {
        const people = await rooms.listParticipants(roomName).catch(nothingFound);
        return people?.map(toPerson);
      }),

    jobsIn: (roomName) =>
      attempt(async () => {
        const called = (await dispatches.listDispatch(roomName).catch(nothingFound)) ?? [];
        return called.reduce((jobs, { state }) => jobs + (state?.jobs.length ?? 0), 0);
      }),

    send: (roomName, { topic, payload, to }) =>
      attempt(() =>
        rooms.sendData(roomName, payload, DataPacket_Kind.RELIABLE, {
          topic,
          destinationIdentities: [...to],
        }),
      ),

    removeRoom: (roomName) => attempt(() => rooms.deleteRoom(roomName), isNotFound),
  };

  /** LiveKit starts an agent for every dispatch it is told of: whether one was called before, we must look ourselves. */
  async function isCalled(roomName: string, sessionId: string): Promise<boolean> {
    const called = (await dispatches.listDispatch(roomName).catch(nothingFound)) ?? [];
    return called.some((call) => call.agentName === agentName && isOfSession(call.metadata, sessionId));
  }
}

function isOfSession(metadata: string, sessionId: string): boolean {
  try {
    const read: unknown = JSON.parse(metadata);
    return typeof read === 'object' && read !== null && Reflect.get(read, 'sessionId') === sessionId;
  } catch {
    return false;
  }
}

type Participant = Awaited<ReturnType<RoomServiceClient['listParticipants']>>[number];

function toPerson({ identity, kind, state, attributes }: Participant): RoomPerson {
  return {
    identity,
    kind: kinds.get(kind) ?? 'other',
    isActive: state === ParticipantInfo_State.ACTIVE,
    attributes,
  };
}

/** `isFine`: what is no failure to whoever calls. */
async function attempt<Result>(
  call: () => Promise<Result>,
  isFine?: (error: unknown) => boolean,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (isFine?.(error)) return undefined as Result; // only calls without a result say so
    throw toRoomsError(error);
  }
}

function nothingFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
