import { describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { chatAnswerSchema } from '../../src/http/schemas/chat.ts';
import { hasFinalReady, offsetsOf, openStream } from '../support/event-stream.ts';
import { createHeldAgent } from '../support/runtime.ts';
import { startServer, type TestServer } from '../support/server.ts';

const asJson = { 'content-type': 'application/json' };
const post = (body: object, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { ...asJson, ...headers },
  body: JSON.stringify(body),
});

describe('POST /api/chat', () => {
  it('answers with the session, the trace and what the agent said', async () => {
    await using server = await startServer();
    const { body } = await server.http('ann').post('/api/chat').send({ message: 'hello' }).expect(200);
    expect(chatAnswerSchema.parse(body)).toMatchObject({
      status: 'ready',
      messages: [
        { kind: 'message', source: 'ai_agent', data: { message: 'echo: hello' }, trace_id: body.trace_id },
      ],
    });
  });

  it('goes on in the latest session with that agent when none is named', async () => {
    await using server = await startServer({ agents: [createEchoAgent(), createEchoAgent({ id: 'other' })] });
    const say = async (message: string, intent: string) =>
      (await server.http('ann').post('/api/chat').send({ message, intent })).body.session_id;
    const first = await say('one', 'echo');
    const other = await say('two', 'other');
    expect(other).not.toBe(first);
    expect(await say('three', 'echo')).toBe(first);
  });

  it('keeps the conversations of two customers apart', async () => {
    await using server = await startServer();
    const ann = await server.http('ann').post('/api/chat').send({ message: 'one' });
    const bob = await server.http('bob').post('/api/chat').send({ message: 'two' });
    expect(bob.body.session_id).not.toBe(ann.body.session_id);
  });

  it('gives the guest what an operator says without a session', async () => {
    await using server = await startServer();
    const { body } = await server.http().post('/api/chat').send({ message: 'hello' });
    expect((await server.sessions.get(body.session_id)).customerId).toBe('guest');
  });

  it('answers at once, without messages, where a human answers', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    await server.sessions.update(id, { mode: 'manual' });
    const { body } = await server.http('ann').post('/api/chat').send({ message: 'hello', session_id: id });
    expect(body).toMatchObject({ status: 'manual', messages: [], session_id: id });
  });

  it('tells an interrupted turn from one that was answered', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent] });
    const id = await server.session('ann');
    const first = server
      .http('ann')
      .post('/api/chat')
      .send({ message: 'one', session_id: id })
      .then(({ body }) => body);
    await expect.poll(() => turns.length).toBe(1);
    const second = server
      .http('ann')
      .post('/api/chat')
      .send({ message: 'two', session_id: id })
      .then(({ body }) => body);
    expect((await first).status).toBe('interrupted');
    await expect.poll(() => turns.length).toBe(2);
    turns[1]?.finish();
    expect((await second).status).toBe('ready');
  });

  it('says that an agent failed, and leaves out how', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent] });
    const answer = server
      .http('ann')
      .post('/api/chat')
      .send({ message: 'one' })
      .then(({ body }) => body);
    await expect.poll(() => turns.length).toBe(1);
    turns[0]?.fail(new Error('broken'));
    expect(await answer).toMatchObject({ status: 'error', messages: [] });
  });

  it('goes on with the turn when the client goes away', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent] });
    const id = await server.session('ann');
    const leave = new AbortController();
    const asked = fetch(`${server.url}/api/chat?user=ann`, {
      ...post({ message: 'one', session_id: id }),
      signal: leave.signal,
    });
    await expect.poll(() => turns.length).toBe(1);
    leave.abort();
    await expect(asked).rejects.toThrow('aborted');
    await turns[0]?.say('all the same');
    turns[0]?.finish();
    await expect
      .poll(async () =>
        (await server.log.read(id, { kinds: ['message'], source: 'ai_agent' })).map(({ data }) => data),
      )
      .toMatchObject([{ message: 'all the same' }]);
  });

  it.each([
    [{ message: 'hi', intent: 'nobody' }, 404, 'AGENT_NOT_FOUND'],
    [{ message: 'hi', session_id: 'nowhere' }, 404, 'SESSION_NOT_FOUND'],
  ])('refuses %j with %d %s and stores nothing', async (body, status, code) => {
    await using server = await startServer();
    const answer = await server.http('ann').post('/api/chat').send(body).expect(status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status, code });
    expect((await server.sessions.list({})).items).toEqual([]);
  });

  it('refuses an intent that contradicts the session', async () => {
    await using server = await startServer({ agents: [createEchoAgent(), createEchoAgent({ id: 'other' })] });
    const id = await server.session('ann');
    const { body } = await server
      .http('ann')
      .post('/api/chat')
      .send({ message: 'hi', session_id: id, intent: 'other' })
      .expect(409);
    expect(body.code).toBe('INTENT_MISMATCH');
    expect(await server.log.read(id)).toEqual([]);
  });

  it('makes no more sessions for a customer than allowed', async () => {
    await using server = await startServer({
      settings: { sessionsPerCustomer: 1 },
      agents: [createEchoAgent(), createEchoAgent({ id: 'other' })],
    });
    const chat = (intent: string) => server.http('ann').post('/api/chat').send({ message: 'hi', intent });
    await chat('echo').expect(200);
    await chat('echo').expect(200);
    expect((await chat('other').expect(429)).body.code).toBe('TOO_MANY_SESSIONS');
  });
});

describe('POST /api/chat when the server ends', () => {
  it('is answered if its turn is over in time', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent], settings: { shutdownGraceMs: 60_000 } });
    const answer = chat(server);
    await expect.poll(() => turns.length).toBe(1);
    const stopped = server.stop();
    await turns[0]?.say('just in time');
    turns[0]?.finish();
    expect((await answer).status).toBe(200);
    expect(await (await answer).json()).toMatchObject({
      status: 'ready',
      messages: [{ data: { message: 'just in time' } }],
    });
    await stopped;
  });

  it('is refused otherwise, and the next server has the answer', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent] });
    const answer = chat(server);
    await expect.poll(() => turns.length).toBe(1);
    await server.stop();
    const refused = await answer;
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ code: 'SHUTTING_DOWN', retryable: true });
    expect(server.logged.join('')).not.toContain('LOG_UNAVAILABLE');
    await server.restart();
    const again = chat(server);
    await expect.poll(() => turns.length).toBe(2);
    await turns[1]?.say('the answer');
    turns[1]?.finish();
    expect(await (await again).json()).toMatchObject({ messages: [{ data: { message: 'the answer' } }] });
    expect((await again).headers.get('idempotency-replayed')).toBe('true');
  });

  const chat = ({ url }: TestServer) =>
    fetch(`${url}/api/chat?user=ann`, post({ message: 'hello' }, { 'idempotency-key': 'once' }));
});

describe('POST /api/chat as a stream', () => {
  it('sends the frames of the turn, its text while it is made, and then what the JSON answer would be', async () => {
    await using server = await startServer();
    await using stream = await openStream(`${server.url}/api/chat?user=ann`, post({ message: 'hello' }));
    await stream.ended;
    expect(stream.response.headers.get('content-type')).toMatch('text/event-stream');
    expect(hasFinalReady(stream.frames)).toBe(true);
    const text = stream.frames
      .filter(({ event }) => event === 'chunk')
      .map(({ data }) => (data as { text: string }).text)
      .join('');
    expect(text).toBe('echo: hello');
    const done = stream.frames.at(-1);
    expect(done?.event).toBe('done');
    expect(chatAnswerSchema.parse(done?.data)).toMatchObject({
      status: 'ready',
      messages: [{ data: { message: 'echo: hello' } }],
    });
  });

  it('carries this turn and no other', async () => {
    await using server = await startServer();
    await server.http('ann').post('/api/chat').send({ message: 'before' });
    await using stream = await openStream(`${server.url}/api/chat?user=ann`, post({ message: 'now' }));
    await stream.ended;
    const traces = new Set(
      stream.frames
        .filter(({ id }) => id !== undefined)
        .map(({ data }) => (data as { trace_id: string }).trace_id),
    );
    expect(traces.size).toBe(1);
    expect(offsetsOf(stream.frames)).toEqual([5, 6, 7, 8, 9]);
  });

  it('answers what is wrong as an error, not as a stream', async () => {
    await using server = await startServer();
    const response = await fetch(`${server.url}/api/chat?user=ann`, {
      ...post({ message: '' }),
      headers: { ...asJson, accept: 'text/event-stream' },
    });
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toMatch('application/problem+json');
  });

  it('stays open while the agent is silent: a request that was read is no client that left', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent], settings: { pingMs: 1_000 } });
    const raw = fetch(`${server.url}/api/chat?user=ann`, {
      ...post({ message: 'hello' }),
      headers: { ...asJson, accept: 'text/event-stream' },
    });
    const reader = (await raw).body?.getReader();
    let text = '';
    // A ping is proof that the channel still knows the client a second after its request was read.
    while (!text.includes('\n:\n')) text += new TextDecoder().decode((await reader?.read())?.value);
    turns[0]?.finish();
    while (!text.includes('event: done')) text += new TextDecoder().decode((await reader?.read())?.value);
    expect(text).toContain('"status":"ready"');
  });

  it('ends with what there is when the client asks for a session where a human answers', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    await server.sessions.update(id, { mode: 'manual' });
    await using stream = await openStream(
      `${server.url}/api/chat?user=ann`,
      post({ message: 'hi', session_id: id }),
    );
    await stream.ended;
    expect(stream.frames.map(({ event }) => event)).toEqual(['done']);
  });
});
