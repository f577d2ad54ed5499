/**
 * One customer as the load generator plays it: a session, one SSE follower and one kept connection for messages. Requests are
 * written to the socket by hand, because the generator shares the machine with what it measures.
 */
import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';

/** When things arrived at the client, in ms since the message was written to the socket. */
export type TurnTimes = {
  /** The frame of the customer's own message. */
  readonly frameMs: number;
  /** The frame of the `ready` that ends the turn. */
  readonly readyMs: number;
};

export type Talker = {
  readonly sessionId: string;
  isBusy(): boolean;
  /** Posts a message; resolves when it was answered with 201 and the turn's last frame is here. One turn at a time. */
  turn(): Promise<TurnTimes>;
  close(): void;
};

type Turn = {
  readonly sentAt: number;
  frameAt: number;
  readyAt: number;
  accepted: boolean;
  events: number;
  chunks: number;
  readonly resolve: (times: TurnTimes) => void;
  readonly reject: (error: Error) => void;
};

/** Servers close a kept connection after some seconds: one that was idle for so long is not trusted any more. */
const idleMs = 2_000;

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** A talker without a follower: the session exists and takes messages, nobody listens. */
export async function createSession(port: number, customer: string, agentId = 'echo'): Promise<string> {
  const { statusCode, body } = await post(port, '/sessions', customer, { agent_id: agentId });
  if (statusCode !== 201) throw new Error(`POST /sessions answered ${statusCode}: ${body.slice(0, 300)}`);
  return (JSON.parse(body) as { id: string }).id;
}

export async function openTalker(port: number, customer: string): Promise<Talker> {
  const sessionId = await createSession(port, customer);
  let turn: Turn | undefined;
  let commands = await openCommands();

  const follower = await follow(port, sessionId, customer, (frame) => {
    if (turn) noteFrame(turn, frame);
    finish();
  });
  follower.once('close', () => fail(new Error('a stream ended in the middle of a turn')));

  async function openCommands(): Promise<Socket> {
    const socket = await openSocket(port);
    onResponses(socket, (status) => {
      if (turn) turn.accepted = true;
      if (status !== 201) fail(new Error(`a message was answered with ${status}`));
      finish();
    });
    socket.once('close', () => turn?.accepted === false && fail(new Error('a message was not answered')));
    return socket;
  }

  function finish(): void {
    if (!turn?.accepted || turn.readyAt === 0) return;
    const { sentAt, frameAt, readyAt, events, chunks, resolve } = turn;
    if (events !== 5 || chunks !== 5)
      return fail(new Error(`a turn of ${events} events and ${chunks} chunks, not 5 and 5`));
    turn = undefined;
    resolve({ frameMs: frameAt - sentAt, readyMs: readyAt - sentAt });
  }

  function fail(error: Error): void {
    turn?.reject(error);
    turn = undefined;
  }

  let spokeAt = performance.now();
  const body = JSON.stringify({
    kind: 'message',
    source: 'customer',
    message: 'Tell me about chronic kidney disease, stage 3.',
  });
  const message =
    `POST /sessions/${sessionId}/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-User-Id: ${customer}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  return {
    sessionId,
    isBusy: () => turn !== undefined,
    async turn() {
      if (turn) throw new Error('the turn before has not ended yet');
      if (performance.now() - spokeAt > idleMs) {
        commands.destroy();
        commands = await openCommands();
      }
      spokeAt = performance.now();
      return new Promise((resolve, reject) => {
        turn = {
          sentAt: performance.now(),
          frameAt: 0,
          readyAt: 0,
          accepted: false,
          events: 0,
          chunks: 0,
          resolve,
          reject,
        };
        commands.write(message);
      });
    },
    close: () => {
      commands.destroy();
      follower.destroy();
    },
  };
}

function noteFrame(turn: Turn, frame: string): void {
  if (/^event: ?chunk$/m.test(frame)) turn.chunks++;
  if (!/^id:/m.test(frame)) return;
  turn.events++;
  if (turn.events === 1) turn.frameAt = performance.now();
  if (frame.includes('"status":"ready"') && frame.includes('"stage":"completed"'))
    turn.readyAt = performance.now();
}

/** Follows a session from its end or `lastEventId`; resolves when the server has begun to stream. */
export async function follow(
  port: number,
  sessionId: string,
  customer: string,
  onFrame: (frame: string) => void,
  options: { readonly lastEventId?: number; readonly agent?: Agent } = {},
): Promise<IncomingMessage> {
  const asked = request({
    port,
    host: '127.0.0.1',
    path: `/sessions/${sessionId}/events`,
    agent: options.agent ?? false,
    headers: {
      accept: 'text/event-stream',
      'x-user-id': customer,
      ...(options.lastEventId === undefined ? {} : { 'last-event-id': String(options.lastEventId) }),
    },
  });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`following answered ${response.statusCode}`);
  response.setEncoding('utf8');
  response.on('error', () => {});
  let rest = '';
  response.on('data', (part: string) => {
    rest += part;
    let start = 0;
    for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n', start)) {
      onFrame(rest.slice(start, end));
      start = end + 2;
    }
    rest = rest.slice(start);
  });
  return response;
}

async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket.setEncoding('utf8');
}

/** Calls back with the status of each response. Bodies here are ASCII, so characters are bytes. */
function onResponses(socket: Socket, onStatus: (status: number) => void): void {
  let rest = '';
  socket.on('data', (part: string) => {
    rest += part;
    for (;;) {
      const head = rest.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(rest.slice(0, head))?.[1] ?? 0);
      if (rest.length < head + 4 + length) return;
      const status = Number(rest.slice(9, 12));
      rest = rest.slice(head + 4 + length);
      onStatus(status);
    }
  });
}

type Answer = { readonly statusCode: number; readonly body: string };

/** One POST over a kept connection; over another where the server has given that one up in the same moment. */
export async function post(port: number, path: string, customer: string, body: object): Promise<Answer> {
  const json = JSON.stringify(body);
  const asked = ask(port, path, customer, json);
  try {
    return await answered(asked);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // of a socket
    if (!asked.reusedSocket || code !== 'ECONNRESET') throw error;
    return answered(ask(port, path, customer, json));
  }
}

function ask(port: number, path: string, customer: string, json: string): ClientRequest {
  const asked = request({
    port,
    host: '127.0.0.1',
    path,
    method: 'POST',
    agent,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(json),
      'x-user-id': customer,
    },
  });
  asked.end(json);
  return asked;
}

async function answered(asked: ClientRequest): Promise<Answer> {
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const part of response.setEncoding('utf8') as AsyncIterable<string>) text += part;
  return { statusCode: response.statusCode ?? 0, body: text };
}
