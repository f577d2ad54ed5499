/**
 * A LiveKit server as its official library sees it: the HTTP API in LiveKit's own messages, with grants checked, webhooks signed, and
 * faults on demand. Like the real one it starts no job without a worker, says nothing about that, and buffers nothing. People are put into
 * rooms by hand; `test/voice-e2e` adds the WebSockets by which official workers and clients come in themselves.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import * as P from '@livekit/protocol';
import { AccessToken, type ClaimGrants, TokenVerifier, type VideoGrant } from 'livekit-server-sdk';

/** LiveKit's messages: whoever makes some must take them from here, two copies of the package do not mix. */
export { P as protocol };

export const API_KEY = 'devkey';
export const API_SECRET = 'a secret that is long enough for HS256';

export type FakeMember = {
  readonly info: () => P.ParticipantInfo;
  readonly receive: (packet: P.DataPacket) => void;
  readonly kick: () => void;
};

export type FakeRoom = {
  readonly sid: string;
  readonly name: string;
  metadata: string;
  readonly members: Map<string, FakeMember>;
  readonly dispatches: P.AgentDispatch[];
};

/** Gets the jobs for one agent name. */
export type FakeWorker = {
  readonly agentName: string;
  readonly take: (job: P.Job, place: { readonly room: FakeRoom; readonly dispatch: P.AgentDispatch }) => void;
};

/** What one method does instead. */
export type Fault = {
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  /** Default exactly `application/json`, as LiveKit's: the library reads a code under no other. */
  readonly contentType?: string;
  /** Sent as it is. */
  readonly text?: string;
  /** The answer never comes, until `release`. */
  readonly hang?: true;
  /** After so many calls all is well again. */
  readonly times?: number;
};

export type Call = {
  readonly method: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly grant: VideoGrant;
};

export type Sent = {
  readonly room: string;
  readonly topic: string;
  readonly to: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
};

export type FakeLiveKit = AsyncDisposable & {
  readonly url: string;
  readonly server: Server;
  readonly rooms: Map<string, FakeRoom>;
  readonly workers: Set<FakeWorker>;
  readonly calls: Call[];
  /** What `SendData` was asked to send. */
  readonly sent: Sent[];
  readonly faults: Map<string, Fault>;
  /** Where webhooks go; undefined: nowhere. */
  webhookUrl: string | undefined;
  /** How many calls hang. */
  readonly hanging: number;
  /** Lets the hanging calls go on as if nothing had been. */
  release(): void;
  methods(): string[];
  openRoom(name: string, metadata?: string): FakeRoom;
  /** Puts somebody into a room. */
  join(roomName: string, person: Person): FakeMember;
  leave(roomName: string, identity: string): void;
  /** Tells the server under test, and resolves with its answer. */
  webhook(event: string, roomName: string, more?: object): Promise<Response | undefined>;
  verify(token: string): Promise<ClaimGrants>;
  newSid(prefix: string): string;
  roomInfo(room: FakeRoom): P.Room;
  deliver(room: FakeRoom, packet: P.DataPacket, from?: string): void;
};

export type Person = {
  readonly identity: string;
  readonly isAgent?: true;
  readonly isJoining?: true;
  readonly attributes?: Readonly<Record<string, string>>;
};

type Answer = { readonly status: number; readonly body: unknown; readonly contentType?: string };

export async function startFakeLiveKit(): Promise<FakeLiveKit> {
  const rooms = new Map<string, FakeRoom>();
  const workers = new Set<FakeWorker>();
  const calls: Call[] = [];
  const sent: Sent[] = [];
  const faults = new Map<string, Fault>();
  const hung = new Set<() => void>();
  const verifier = new TokenVerifier(API_KEY, API_SECRET);

  const server = createServer((req, res) => void answer(req, res));
  // The server forgets those that become WebSockets, and waits for them all the same.
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP

  const fake: FakeLiveKit = {
    url: `http://127.0.0.1:${port}`,
    server,
    rooms,
    workers,
    calls,
    sent,
    faults,
    webhookUrl: undefined,
    get hanging() {
      return hung.size;
    },
    release() {
      for (const go of hung) go();
      hung.clear();
    },
    methods: () => calls.map(({ method }) => method),
    openRoom,
    join(roomName, person) {
      const room = openRoom(roomName);
      const member = toMember(person, () => room.members.delete(person.identity));
      room.members.set(person.identity, member);
      return member;
    },
    leave: (roomName, identity) => void rooms.get(roomName)?.members.delete(identity),
    webhook,
    verify: (token) => verifier.verify(token),
    newSid,
    roomInfo,
    deliver,
    async [Symbol.asyncDispose]() {
      fake.release();
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
  return fake;

  function openRoom(name: string, metadata = ''): FakeRoom {
    const found = rooms.get(name);
    if (found) return found;
    const room = { sid: newSid('RM_'), name, metadata, members: new Map(), dispatches: [] };
    rooms.set(name, room);
    return room;
  }

  async function webhook(event: string, roomName: string, more: object = {}) {
    if (fake.webhookUrl === undefined) return undefined;
    const room = rooms.get(roomName);
    const message = new P.WebhookEvent({
      event,
      id: newSid('EV_'),
      createdAt: nowSeconds(),
      room: room ? roomInfo(room) : new P.Room({ name: roomName }),
      ...more,
    });
    return postWebhook(fake.webhookUrl, message.toJsonString());
  }

  function deliver(room: FakeRoom, packet: P.DataPacket, from?: string): void {
    const { destinationIdentities: to } = packet;
    for (const [identity, member] of room.members) {
      if (identity !== from && (to.length === 0 || to.includes(identity))) member.receive(packet);
    }
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = new URL(req.url ?? '', fake.url).pathname;
    const method = /^\/twirp\/livekit\.(?:RoomService|AgentDispatchService)\/(\w+)$/.exec(path)?.[1];
    // Clients look here before they join.
    if (method === undefined)
      return send(res, { status: path === '/rtc/validate' ? 200 : 404, body: 'success' });
    const body = await readJson(req);
    const claims = await verifier.verify(bearerOf(req)).catch(() => undefined);
    // The layer in front answers before the API does, in plain text.
    if (!claims)
      return send(res, { status: 401, body: 'invalid authorization token', contentType: 'text/plain' });
    const grant = claims.video ?? {};
    calls.push({ method, body, grant });
    const fault = takeFault(method);
    if (fault?.hang) await new Promise<void>((resolve) => void hung.add(resolve));
    else if (fault) return send(res, toFaultAnswer(fault));
    send(
      res,
      isGranted(method, grant, body)
        ? perform(method, body)
        : refusal(401, 'unauthenticated', 'permissions denied'),
    );
  }

  function takeFault(method: string): Fault | undefined {
    const fault = faults.get(method);
    if (fault?.times !== undefined) {
      if (fault.times <= 1) faults.delete(method);
      else faults.set(method, { ...fault, times: fault.times - 1 });
    }
    return fault;
  }

  function perform(method: string, body: Call['body']): Answer {
    const name = textIn(body, 'name') || textIn(body, 'room');
    if (method === 'CreateRoom') return ok(roomInfo(openRoom(name, textIn(body, 'metadata'))));
    if (method === 'CreateDispatch') return ok(callAgent(openRoom(name), body));
    const room = rooms.get(name);
    if (!room) return refusal(404, 'not_found', 'requested room does not exist');
    switch (method) {
      case 'DeleteRoom':
        rooms.delete(name);
        for (const member of room.members.values()) member.kick();
        void webhook('room_finished', name);
        return { status: 200, body: {} };
      case 'ListParticipants':
        return list(
          'participants',
          [...room.members.values()].map((member) => member.info()),
        );
      case 'ListDispatch':
        return list('agentDispatches', room.dispatches);
      case 'SendData':
        sendData(room, P.SendDataRequest.fromJson(body as never)); // JSON of this message
        return { status: 200, body: {} };
      default:
        return refusal(404, 'bad_route', `no handler for ${method}`);
    }
  }

  /** Twice for the same room starts two agents, as the real one does. */
  function callAgent(room: FakeRoom, body: Call['body']): P.AgentDispatch {
    const dispatch = new P.AgentDispatch({
      id: newSid('AD_'),
      room: room.name,
      agentName: textIn(body, 'agentName'),
      metadata: textIn(body, 'metadata'),
      state: {},
    });
    room.dispatches.push(dispatch);
    const worker = [...workers].find(({ agentName }) => agentName === dispatch.agentName);
    if (worker) worker.take(toJob(room, dispatch), { room, dispatch });
    return dispatch;
  }

  function toJob(room: FakeRoom, { id, agentName, metadata }: P.AgentDispatch): P.Job {
    return new P.Job({
      id: newSid('AJ_'),
      dispatchId: id,
      type: P.JobType.JT_ROOM,
      room: roomInfo(room),
      agentName,
      metadata,
      state: { status: P.JobStatus.JS_RUNNING },
    });
  }

  function sendData(room: FakeRoom, request: P.SendDataRequest): void {
    const { data, topic = '', destinationIdentities: to, kind } = request;
    sent.push({ room: room.name, topic, to: [...to], data: JSON.parse(new TextDecoder().decode(data)) });
    const value = { case: 'user' as const, value: new P.UserPacket({ payload: data, topic }) };
    deliver(room, new P.DataPacket({ kind, destinationIdentities: to, value }));
  }
}

/** Signed as LiveKit does: the token stands in the header without `Bearer`, and has the digest of the body. */
export async function signWebhook(body: string): Promise<string> {
  const token = new AccessToken(API_KEY, API_SECRET, { ttl: 300 });
  token.sha256 = createHash('sha256').update(body).digest('base64');
  return token.toJwt();
}

async function postWebhook(url: string, body: string): Promise<Response | undefined> {
  const headers = { 'content-type': 'application/webhook+json', authorization: await signWebhook(body) };
  return fetch(url, { method: 'POST', body, headers }).catch(() => undefined);
}

function toMember(person: Person, onKick: () => void): FakeMember {
  const { identity, isAgent, isJoining, attributes = {} } = person;
  const info = new P.ParticipantInfo({
    sid: newSid('PA_'),
    identity,
    attributes: { ...attributes },
    kind: isAgent ? P.ParticipantInfo_Kind.AGENT : P.ParticipantInfo_Kind.STANDARD,
    state: isJoining ? P.ParticipantInfo_State.JOINED : P.ParticipantInfo_State.ACTIVE,
  });
  return { info: () => info, receive: () => {}, kick: onKick };
}

function roomInfo({ sid, name, metadata, members }: FakeRoom): P.Room {
  return new P.Room({ sid, name, metadata, numParticipants: members.size });
}

function isGranted(method: string, grant: VideoGrant, body: Call['body']): boolean {
  if (method === 'CreateRoom' || method === 'DeleteRoom') return grant.roomCreate === true;
  return grant.roomAdmin === true && grant.room === body['room'];
}

function toFaultAnswer({
  status = 500,
  code = 'internal',
  message = code,
  contentType,
  text,
}: Fault): Answer {
  const answer = text === undefined ? refusal(status, code, message) : { status, body: text };
  return { ...answer, ...(contentType && { contentType }) };
}

function refusal(status: number, code: string, msg: string): Answer {
  return { status, body: { code, msg } };
}

function ok(message: P.Room | P.AgentDispatch): Answer {
  return { status: 200, body: message.toJson() };
}

function list(field: string, messages: readonly (P.ParticipantInfo | P.AgentDispatch)[]): Answer {
  return { status: 200, body: { [field]: messages.map((message) => message.toJson()) } };
}

function send(res: ServerResponse, { status, body, contentType = 'application/json' }: Answer): void {
  res.writeHead(status, { 'content-type': contentType, 'access-control-allow-origin': '*' });
  res.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function readJson(req: IncomingMessage): Promise<Call['body']> {
  let text = '';
  for await (const part of req) text += String(part);
  return JSON.parse(text || '{}') as Call['body'];
}

function textIn(body: Call['body'], field: string): string {
  const value = body[field];
  return typeof value === 'string' ? value : '';
}

function bearerOf({ headers }: IncomingMessage): string {
  return (headers.authorization ?? '').replace(/^Bearer /, '');
}

function newSid(prefix: string): string {
  return `${prefix}${randomBytes(6).toString('hex')}`;
}

function nowSeconds(): bigint {
  return BigInt(Math.floor(Date.now() / 1_000));
}
