/** Somebody in a room, by the official client; what they hear on the topics is kept. */
import { dispose, ParticipantKind, type RemoteParticipant, Room, RoomEvent } from '@livekit/rtc-node';

export type Heard = {
  readonly topic: string;
  /** Undefined: the server itself. */
  readonly from: 'agent' | 'human' | undefined;
  readonly event: Readonly<Record<string, unknown>>;
};

export type Person = AsyncDisposable & {
  readonly heard: readonly Heard[];
  readonly isThere: boolean;
  /** What they heard of this type. */
  of(type: string): Heard[];
  /** Types to the agent. */
  write(text: string): Promise<void>;
};

/** Where agents read what is typed. */
const CHAT = 'lk.chat';

export async function join({
  url,
  token,
}: {
  readonly url: string;
  readonly token: string;
}): Promise<Person> {
  const room = new Room();
  const heard: Heard[] = [];
  let isThere = true;
  room.on(RoomEvent.Disconnected, () => {
    isThere = false;
  });
  room.on(RoomEvent.DataReceived, (payload, participant, _kind, topic = '') => {
    const event = JSON.parse(new TextDecoder().decode(payload)) as Heard['event'];
    heard.push({ topic, from: kindOf(participant), event });
  });
  await room.connect(url, token, { autoSubscribe: true, dynacast: false });
  return {
    heard,
    get isThere() {
      return isThere;
    },
    of: (type) => heard.filter(({ event }) => event['type'] === type),
    async write(text) {
      await room.localParticipant?.sendText(text, { topic: CHAT });
    },
    [Symbol.asyncDispose]: () => room.disconnect(),
  };
}

/** Lets go of the native part; the last thing of all. */
export function letGo(): Promise<void> {
  return dispose();
}

function kindOf(participant?: RemoteParticipant): Heard['from'] {
  if (!participant) return undefined;
  return participant.info.kind === ParticipantKind.AGENT ? 'agent' : 'human';
}
