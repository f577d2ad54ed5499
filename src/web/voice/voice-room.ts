/**
 * The room of a call, by LiveKit's client: what is heard, and what the agent says of itself. A chunk of its own, loaded with the first call.
 */
import {
  ParticipantKind,
  type RemoteParticipant,
  type RemoteTrack,
  Room,
  RoomEvent,
  Track,
} from 'livekit-client';
import type { VoiceStart } from './voice-wire.ts';

export type RoomListener = {
  readonly onReady: () => void;
  /** The room is gone, or this page was put out of it. */
  readonly onLeft: () => void;
};

export type JoinedRoom = {
  /** Rejects where there is no microphone, or it may not be used. */
  speak(): Promise<void>;
  leave(): Promise<void>;
};

const TOPIC = 'agent-status';

/** Rejects where it cannot be joined. */
export async function joinRoom(
  { url, token, sessionId }: VoiceStart,
  { onReady, onLeft }: RoomListener,
): Promise<JoinedRoom> {
  const room = new Room();
  const sounds = new Set<HTMLMediaElement>();
  let isOurs = false;
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind === Track.Kind.Audio) sounds.add(play(track));
  });
  room.on(RoomEvent.DataReceived, (payload, sender, _kind, topic) => {
    if (topic === TOPIC && isReady(payload, sender, sessionId)) onReady();
  });
  room.on(RoomEvent.Disconnected, () => {
    for (const sound of sounds) sound.remove();
    if (isOurs) onLeft();
  });
  await room.connect(url, token);
  isOurs = true;
  return {
    async speak() {
      await room.localParticipant.setMicrophoneEnabled(true);
    },
    async leave() {
      isOurs = false;
      await room.disconnect();
    },
  };
}

function play(track: RemoteTrack): HTMLMediaElement {
  const sound = track.attach();
  sound.hidden = true;
  document.body.append(sound);
  return sound;
}

/** Anybody who may speak in the room can send anything: only an agent is believed. */
function isReady(payload: Uint8Array, sender: RemoteParticipant | undefined, sessionId: string): boolean {
  if (sender?.kind !== ParticipantKind.AGENT) return false;
  try {
    const event = JSON.parse(new TextDecoder().decode(payload)) as {
      type?: unknown;
      sessionId?: unknown;
    } | null;
    return event?.type === 'agent.ready' && event.sessionId === sessionId;
  } catch {
    return false;
  }
}
