import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createWebSocketReceiver, type StatelyInspectionEvent } from '@statelyai/inspect';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Actor, assign, createActor, fromPromise, setup } from 'xstate';
import { DomainError } from '../../src/errors.ts';
import { createInspector, type Inspector } from '../../src/telemetry/inspector.ts';

describe('the inspector', () => {
  it('shows the official receiver an actor, the events it gets and the states it takes', async () => {
    const { inspector, url } = await serve();
    const frames = await receive(url);
    const session = startConversation(inspector, 's1');
    session.send({ type: 'message.received', traceId: 't1', text: 'hello' });

    await expect.poll(() => valuesOf(frames)).toEqual(['waiting', 'answering', 'waiting']);
    expect(frames.find(({ type }) => type === '@xstate.actor')).toMatchObject({
      name: 'conversation',
      sessionId: session.sessionId,
      rootId: session.sessionId,
      definition: expect.stringContaining('"answering"') as unknown,
      _version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as unknown,
    });
    expect(eventTypesOf(frames, session)).toEqual([
      'xstate.init',
      'message.received',
      'xstate.done.actor.answer',
    ]);
    expect(new Set(frames.map(({ type }) => type))).toEqual(
      new Set(['@xstate.actor', '@xstate.event', '@xstate.snapshot']),
    );
  });

  it('tells one who joins late of the actors that live, where they stand, and of none that ended', async () => {
    const { inspector, url } = await serve();
    const over = startConversation(inspector, 'over');
    over.stop();
    const answering = startConversation(inspector, 'answering', { answer: () => new Promise(() => {}) });
    answering.send({ type: 'message.received', traceId: 't1', text: 'hello' });

    const frames = await receive(url);
    await expect.poll(() => actorsOf(frames)).toHaveLength(2);
    const [root, child] = actorsOf(frames);
    expect(root).toMatchObject({ sessionId: answering.sessionId, snapshot: { value: 'answering' } });
    expect(child).toMatchObject({ name: 'answer', parentId: answering.sessionId });

    answering.send({ type: 'message.received', traceId: 't2', text: 'again' });
    await expect.poll(() => eventTypesOf(frames, answering)).toEqual(['message.received']);
    expect(actorsOf(frames)).toHaveLength(2);
  });

  it('forgets an actor that failed in a transition', async () => {
    const { inspector, url } = await serve();
    const failing = startConversation(inspector, 'failing');
    failing.subscribe({ error: () => {} });
    failing.send({ type: 'fail' });
    const living = startConversation(inspector, 'living');
    const frames = await receive(url);
    await expect.poll(() => actorsOf(frames).map(({ sessionId }) => sessionId)).toEqual([living.sessionId]);
  });

  it('shows only the session that is asked for', async () => {
    const { inspector, url } = await serve();
    startConversation(inspector, 'before');
    const frames = await receive(`${url}?session=mine`);
    const other = startConversation(inspector, 'other');
    const mine = startConversation(inspector, 'mine');
    other.send({ type: 'message.received', traceId: 't1', text: 'hello' });
    mine.send({ type: 'message.received', traceId: 't2', text: 'hello' });

    await expect.poll(() => valuesOf(frames)).toEqual(['waiting', 'answering', 'waiting']);
    expect(new Set(frames.map(({ rootId }) => rootId))).toEqual(new Set([mine.sessionId]));
  });

  it('shows no text of a message, whatever carries it', async () => {
    const { inspector, url } = await serve();
    const frames = await receive(url);
    const session = startConversation(inspector, 's1');
    session.send({ type: 'message.received', traceId: 't1', text: 'secret', tags: ['secret', 'a secret'] });
    session.send({ type: 'message.received', traceId: 'no secret of an id' });
    await expect.poll(() => valuesOf(frames)).toContain('answering');
    const late = await receive(url);
    await expect.poll(() => actorsOf(late)).not.toHaveLength(0);

    expect(JSON.stringify([frames, late])).not.toContain('secret');
    expect(JSON.stringify(frames)).toContain('"text":"«6 characters»"');
    expect(JSON.stringify(frames)).toContain('"traceId":"t1"');
  });

  it('shows the text when it is asked to', async () => {
    const { inspector, url } = await serve({ includeText: true });
    const frames = await receive(url);
    startConversation(inspector, 's1').send({ type: 'message.received', traceId: 't1', text: 'no secret' });
    await expect.poll(() => JSON.stringify(frames)).toContain('"output":"You said: no secret"');
  });

  it('survives a context that is no JSON', async () => {
    const { inspector, url } = await serve();
    const session = startConversation(inspector, 's1', { answer: () => Promise.resolve(10n as never) });
    const frames = await receive(url);
    session.send({ type: 'message.received', traceId: 't1', text: 'hello' });
    await expect.poll(() => eventTypesOf(frames, session)).toContain('xstate.done.actor.answer');
    const late = await receive(url);
    await expect.poll(() => actorsOf(late)).toMatchObject([{ snapshot: { status: 'active' } }]);
  });

  it('cuts an inspector that does not read, and goes on for the others', async () => {
    const { inspector, url, port } = await serve({ includeText: true });
    const stalled = connect(port, '127.0.0.1');
    stalled.on('error', () => {});
    stalled.write(handshake('/api/inspect'));
    await once(stalled, 'readable');
    const frames = await receive(url);
    const session = startConversation(inspector, 's1', { answer: () => new Promise(() => {}) });
    const closed = once(stalled, 'close');

    for (let round = 0; round < 32 && stalled.readyState !== 'closed'; round++) {
      session.send({ type: 'noise', text: 'x'.repeat(2 * 1024 * 1024) });
      await expect.poll(() => eventTypesOf(frames, session)).toHaveLength(round + 2);
    }
    stalled.resume();
    await closed;
    session.send({ type: 'noise', text: 'still here' });
    await expect.poll(() => JSON.stringify(frames.at(-2))).toContain('still here');
  });

  it('introduces thousands of actors at the pace they are read', async () => {
    const { inspector, url } = await serve();
    const sessions = Array.from({ length: 3000 }, (_, n) => startConversation(inspector, `s${n}`));
    const frames = await receive(url);
    await expect.poll(() => actorsOf(frames).length, { timeout: 15_000 }).toBe(sessions.length);
  });

  it('lets nobody in who comes through a proxy', async () => {
    const { url, page } = await serve();
    expect((await fetch(page, { headers: { 'x-forwarded-for': '203.0.113.7' } })).status).toBe(403);
    const socket = new WebSocket(url, { headers: { forwarded: 'for=203.0.113.7' } });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(403);
    expect(response.headers.connection).toBe('close');
    expect(await textOf(response)).toBe('LOOPBACK_ONLY');
  });

  it.each([
    ['of an unknown version', { 'sec-websocket-version': '7' }],
    ['with a broken key', { 'sec-websocket-key': 'x' }],
  ])('answers a handshake %s with 400', async (_, headers) => {
    const { port } = await serve();
    const answer = await rawAnswer(port, handshake('/api/inspect', headers));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('ends a connection that sends more than a little', async () => {
    const { url } = await serve();
    const socket = new WebSocket(url);
    await once(socket, 'open');
    socket.send('x'.repeat(2000));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
  });

  it('leaves other paths and other upgrades to the app', async () => {
    const { port } = await serve();
    expect(await rawAnswer(port, handshake('/elsewhere'))).toMatch(/^HTTP\/1\.1 404 /);
    const asked = request({
      port,
      path: '/elsewhere',
      headers: { connection: 'upgrade', upgrade: 'h2c' },
    }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(404);
    response.resume();
  });

  it('serves a page that hands the frames to the inspector of stately.ai and to nobody else', async () => {
    const { page } = await serve();
    const response = await fetch(page);
    const html = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(html).toContain(`<script nonce="${nonce}">`);
    expect(html).toContain('src="https://stately.ai/inspect"');
    expect(policy).toContain("default-src 'none'");
    expect((await (await fetch(page)).text()).includes(`nonce="${nonce}"`)).toBe(false);
  });

  it('ends its connections when it is closed', async () => {
    const { inspector, url } = await serve();
    const socket = new WebSocket(url);
    await once(socket, 'open');
    inspector.close();
    await expect.poll(() => socket.readyState).toBe(socket.CLOSED);
  });
});

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** A server with nothing but the inspector, as the app has it: a route that may throw. */
async function serve({ includeText = false } = {}) {
  const inspector = createInspector({ includeText });
  const server = createServer((req, res) => {
    try {
      if (req.url?.startsWith('/api/inspect')) return inspector.handle(req, res);
      res.writeHead(404).end();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      res.writeHead(error.status).end(error.code);
    }
  });
  inspector.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => {
    inspector.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    inspector,
    port,
    url: `ws://127.0.0.1:${port}/api/inspect`,
    page: `http://127.0.0.1:${port}/api/inspect`,
  };
}

/** What the official receiver gets, from the moment it is connected. */
async function receive(url: string): Promise<readonly StatelyInspectionEvent[]> {
  const frames: StatelyInspectionEvent[] = [];
  createWebSocketReceiver({ server: url }).subscribe((frame) => frames.push(frame));
  // The receiver does not tell when it is open; a second socket that is opened after it is, is.
  const after = new WebSocket(url);
  await once(after, 'open');
  after.terminate();
  return frames;
}

type ConversationEvent =
  | { type: 'message.received'; traceId: string; text?: string; tags?: string[] }
  | { type: 'noise'; text: string }
  | { type: 'fail' };

/** A session as small as can be: it answers by a promise and remembers what was said. */
function startConversation(
  inspector: Inspector,
  sessionId: string,
  { answer = (text: string): Promise<string> => Promise.resolve(`You said: ${text}`) } = {},
): Actor<typeof conversation> {
  const conversation = createConversation(answer);
  const actor = createActor(conversation, { input: { sessionId }, inspect: inspector.inspect }).start();
  cleanUps.push(() => actor.stop());
  return actor;
}

const conversation = createConversation(() => Promise.resolve(''));

function createConversation(answer: (text: string) => Promise<string>) {
  return setup({
    types: {
      context: {} as { sessionId: string; said: readonly string[] },
      input: {} as { sessionId: string },
      events: {} as ConversationEvent,
    },
    actors: { answer: fromPromise<string, { text: string }>(({ input }) => answer(input.text)) },
    actions: {
      remember: assign(({ context }, { text }: { text: string }) => ({ said: [...context.said, text] })),
    },
    guards: {
      fails: () => {
        throw new Error('a bug');
      },
    },
  }).createMachine({
    id: 'conversation',
    context: ({ input }) => ({ sessionId: input.sessionId, said: [] }),
    initial: 'waiting',
    on: { fail: { guard: 'fails' } },
    states: {
      waiting: {
        on: {
          'message.received': {
            target: 'answering',
            actions: { type: 'remember', params: ({ event }) => ({ text: event.text ?? '' }) },
          },
        },
      },
      answering: {
        invoke: {
          id: 'answer',
          src: 'answer',
          input: ({ context }) => ({ text: context.said.at(-1) ?? '' }),
          onDone: {
            target: 'waiting',
            actions: { type: 'remember', params: ({ event }) => ({ text: event.output }) },
          },
        },
      },
    },
  });
}

function actorsOf(frames: readonly StatelyInspectionEvent[]) {
  return frames.filter((frame) => frame.type === '@xstate.actor');
}

/** The states taken by roots, in order. */
function valuesOf(frames: readonly StatelyInspectionEvent[]): unknown[] {
  return frames.flatMap((frame) =>
    frame.type === '@xstate.snapshot' && 'value' in frame.snapshot ? [frame.snapshot.value] : [],
  );
}

function eventTypesOf(
  frames: readonly StatelyInspectionEvent[],
  { sessionId }: { sessionId: string },
): string[] {
  return frames.flatMap((frame) =>
    frame.type === '@xstate.event' && frame.sessionId === sessionId ? [frame.event.type] : [],
  );
}

function handshake(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = {
    host: '127.0.0.1',
    connection: 'upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.from('sixteen byte key').toString('base64'),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

async function rawAnswer(port: number, asked: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(asked);
  return textOf(socket);
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const part of stream) text += part.toString();
  return text;
}
