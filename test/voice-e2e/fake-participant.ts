/**
 * Somebody in a room of the fake LiveKit server, by version 0 of its signalling: one peer connection, offered by the client, whose data
 * channels carry the packets. Audio is taken and thrown away.
 */
import type { ClaimGrants, VideoGrant } from 'livekit-server-sdk';
import { type RTCDataChannel, RTCPeerConnection } from 'werift';
import type { WebSocket } from 'ws';
import { type FakeLiveKit, type FakeMember, type FakeRoom, protocol as P } from '../support/fake-livekit.ts';

type Signal = NonNullable<P.SignalResponse['message']>;

/** How long a client that is thrown out may read that it is. */
const GOODBYE_MS = 50;
/** A track counts as heard after it. */
const SUBSCRIBED_AFTER_MS = 200;

export class FakeParticipant implements FakeMember {
  readonly #fake: FakeLiveKit;
  readonly #socket: WebSocket;
  readonly #claims: ClaimGrants;
  readonly #video: VideoGrant;
  readonly #room: FakeRoom;
  readonly #identity: string;
  readonly #sid: string;
  readonly #attributes: Record<string, string>;
  readonly #channels = new Map<string, RTCDataChannel>();
  readonly #connection = new RTCPeerConnection({
    iceServers: [],
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1'],
  });
  #state = P.ParticipantInfo_State.JOINED;
  #disconnectReason = P.DisconnectReason.UNKNOWN_REASON;

  constructor(fake: FakeLiveKit, socket: WebSocket, claims: ClaimGrants) {
    this.#fake = fake;
    this.#socket = socket;
    this.#claims = claims;
    this.#video = claims.video ?? {};
    this.#room = fake.openRoom(this.#video.room ?? '');
    this.#identity = claims.sub ?? '';
    this.#sid = fake.newSid('PA_');
    this.#attributes = { ...claims.attributes };
    this.#room.members.get(this.#identity)?.kick();
    this.#room.members.set(this.#identity, this);
    this.#listen();
    this.#welcome();
  }

  info(): P.ParticipantInfo {
    const { canPublish = true, canSubscribe = true, canPublishData = true } = this.#video;
    return new P.ParticipantInfo({
      sid: this.#sid,
      identity: this.#identity,
      name: this.#claims.name ?? '',
      metadata: this.#claims.metadata ?? '',
      attributes: this.#attributes,
      state: this.#state,
      disconnectReason: this.#disconnectReason,
      joinedAt: BigInt(Math.floor(Date.now() / 1_000)),
      kind: this.#claims.kind === 'agent' ? P.ParticipantInfo_Kind.AGENT : P.ParticipantInfo_Kind.STANDARD,
      permission: new P.ParticipantPermission({ canPublish, canSubscribe, canPublishData }),
    });
  }

  /** Lost where the channel is not open: nothing is buffered. */
  receive(packet: P.DataPacket): void {
    const channel = this.#channels.get(packet.kind === P.DataPacket_Kind.LOSSY ? '_lossy' : '_reliable');
    if (channel?.readyState === 'open') channel.send(Buffer.from(packet.toBinary()));
  }

  kick(): void {
    const { ROOM_DELETED: reason } = P.DisconnectReason;
    this.#disconnectReason = reason;
    this.#tell({
      case: 'leave',
      value: new P.LeaveRequest({ reason, action: P.LeaveRequest_Action.DISCONNECT }),
    });
    setTimeout(() => this.#socket.close(), GOODBYE_MS);
  }

  #listen(): void {
    const connection = this.#connection;
    connection.onIceCandidate.subscribe((candidate) => {
      if (!candidate) return;
      const candidateInit = JSON.stringify(candidate.toJSON());
      const value = new P.TrickleRequest({ target: P.SignalTarget.PUBLISHER, candidateInit });
      this.#tell({ case: 'trickle', value });
    });
    connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected') this.#arrive();
    });
    connection.onDataChannel.subscribe((channel) => {
      this.#channels.set(channel.label, channel);
      channel.onMessage.subscribe((bytes) => this.#deliver(channel.label, Buffer.from(bytes)));
    });
    this.#socket.on('message', (data: Buffer) => {
      void this.#answer(P.SignalRequest.fromBinary(new Uint8Array(data)).message);
    });
    this.#socket.on('close', () => this.#leave());
  }

  #welcome(): void {
    const others = [...this.#room.members.values()].filter((other) => other !== this);
    const value = new P.JoinResponse({
      room: this.#fake.roomInfo(this.#room),
      participant: this.info(),
      otherParticipants: others.map((other) => other.info()),
      serverVersion: '0.0.0',
      serverInfo: new P.ServerInfo({ version: '0.0.0', protocol: 16 }),
      subscriberPrimary: false,
      pingInterval: 5,
      pingTimeout: 15,
    });
    this.#tell({ case: 'join', value });
  }

  #arrive(): void {
    if (this.#state === P.ParticipantInfo_State.ACTIVE) return;
    this.#state = P.ParticipantInfo_State.ACTIVE;
    this.#tellAll();
    void this.#fake.webhook('participant_joined', this.#room.name, { participant: this.info() });
  }

  #leave(): void {
    void this.#connection.close();
    if (this.#room.members.get(this.#identity) !== this) return;
    this.#room.members.delete(this.#identity);
    this.#state = P.ParticipantInfo_State.DISCONNECTED;
    this.#tellAll();
    void this.#fake.webhook('participant_left', this.#room.name, { participant: this.info() });
  }

  async #answer(message: P.SignalRequest['message']): Promise<void> {
    switch (message.case) {
      case 'offer':
        return this.#answerOffer(message.value);
      case 'trickle':
        return this.#addCandidate(message.value);
      case 'pingReq':
        return this.#pong(message.value);
      case 'ping':
        return this.#tell({ case: 'pong', value: BigInt(Date.now()) });
      case 'updateMetadata':
        return this.#updateAttributes(message.value);
      case 'addTrack':
        return this.#addTrack(message.value);
      case 'leave':
        // Agents go when their user has gone on purpose, not when a connection broke.
        this.#disconnectReason = P.DisconnectReason.CLIENT_INITIATED;
        return this.#socket.close();
      default:
    }
  }

  async #answerOffer({ sdp, id }: P.SessionDescription): Promise<void> {
    await this.#connection.setRemoteDescription({ type: 'offer', sdp });
    await this.#connection.setLocalDescription(await this.#connection.createAnswer());
    const own = this.#connection.localDescription?.sdp ?? '';
    this.#tell({ case: 'answer', value: new P.SessionDescription({ type: 'answer', sdp: own, id }) });
  }

  async #addCandidate({ target, candidateInit }: P.TrickleRequest): Promise<void> {
    const init = JSON.parse(candidateInit) as { candidate?: string };
    if (target !== P.SignalTarget.PUBLISHER || !init.candidate) return;
    await this.#connection.addIceCandidate(init).catch(() => {});
  }

  #pong({ timestamp }: P.Ping): void {
    const value = new P.Pong({ lastPingTimestamp: timestamp, timestamp: BigInt(Date.now()) });
    this.#tell({ case: 'pongResp', value });
  }

  /** Without the grant the client hears that it may not, in an answer that official clients do not wait for. */
  #updateAttributes({ attributes, requestId }: P.UpdateParticipantMetadata): void {
    const isAllowed = this.#video.canUpdateOwnMetadata === true;
    if (isAllowed) {
      for (const [name, value] of Object.entries(attributes)) {
        if (value) this.#attributes[name] = value;
        else delete this.#attributes[name];
      }
      this.#tellAll();
    }
    const reason = isAllowed ? P.RequestResponse_Reason.OK : P.RequestResponse_Reason.NOT_ALLOWED;
    this.#tell({ case: 'requestResponse', value: new P.RequestResponse({ requestId, reason }) });
  }

  #addTrack({ cid, type, name, source }: P.AddTrackRequest): void {
    const trackSid = this.#fake.newSid('TR_');
    const track = new P.TrackInfo({ sid: trackSid, type, name, source });
    this.#tell({ case: 'trackPublished', value: new P.TrackPublishedResponse({ cid, track }) });
    const heard: Signal = { case: 'trackSubscribed', value: new P.TrackSubscribed({ trackSid }) };
    setTimeout(() => this.#tell(heard), SUBSCRIBED_AFTER_MS);
  }

  /** As the real one: the channel says how a packet travels, and nobody says who they are. */
  #deliver(label: string, bytes: Buffer): void {
    if (this.#video.canPublishData === false) return;
    const packet = P.DataPacket.fromBinary(new Uint8Array(bytes));
    packet.kind = label === '_lossy' ? P.DataPacket_Kind.LOSSY : P.DataPacket_Kind.RELIABLE;
    const sender = { participantIdentity: this.#identity, participantSid: this.#sid };
    Object.assign(packet, sender);
    if (packet.value.case === 'user') {
      const { value: user } = packet.value;
      Object.assign(user, sender);
      if (packet.destinationIdentities.length === 0)
        packet.destinationIdentities = user.destinationIdentities;
    }
    this.#fake.deliver(this.#room, packet, this.#identity);
  }

  #tellAll(): void {
    const value = new P.ParticipantUpdate({ participants: [this.info()] });
    for (const other of this.#room.members.values())
      if (other instanceof FakeParticipant) other.#tell({ case: 'update', value });
  }

  #tell(message: Signal): void {
    if (this.#socket.readyState === 1) this.#socket.send(new P.SignalResponse({ message }).toBinary());
  }
}
