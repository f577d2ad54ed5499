import { describe, expect, it } from 'vitest';
import { createHeldAgent } from '../support/runtime.ts';
import { hasFinalReady, openStream } from '../support/event-stream.ts';
import { startServer } from '../support/server.ts';

const hello = { kind: 'message', source: 'customer', message: 'hello' };

describe('Idempotency-Key', () => {
  it('answers a repeated event with the first one and stores nothing', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    const post = () =>
      server.http('ann').post(`/sessions/${id}/events`).set('Idempotency-Key', 'k1').send(hello).expect(201);
    const first = await post();
    const second = await post();
    expect(second.body).toEqual(first.body);
    expect([first, second].map(({ headers }) => headers['idempotency-replayed'])).toEqual([
      undefined,
      'true',
    ]);
    expect(await server.log.read(id, { source: 'customer' })).toHaveLength(1);
  });

  it('answers a repeated session with the first one', async () => {
    await using server = await startServer();
    const create = () =>
      server
        .http('ann')
        .post('/sessions')
        .set('Idempotency-Key', 'k1')
        .send({ agent_id: 'echo' })
        .expect(201);
    const [first, second] = [await create(), await create()];
    expect(second.body).toEqual(first.body);
    expect((await server.sessions.list({})).items).toHaveLength(1);
  });

  it('joins a repeated chat to the same turn, as JSON and as a stream', async () => {
    await using server = await startServer();
    const chat = () =>
      server
        .http('ann')
        .post('/api/chat')
        .set('Idempotency-Key', 'k1')
        .send({ message: 'hello' })
        .expect(200);
    const first = await chat();
    expect((await chat()).body).toEqual(first.body);
    await using stream = await openStream(`${server.url}/api/chat?user=ann`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
      body: JSON.stringify({ message: 'hello' }),
    });
    await stream.ended;
    expect(stream.frames.at(-1)).toMatchObject({ event: 'done', data: first.body });
    expect(await server.log.read(first.body.session_id, { source: 'customer' })).toHaveLength(1);
  });

  it('joins a chat whose turn is still under way', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent] });
    const open = () =>
      openStream(`${server.url}/api/chat?user=ann`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
        body: JSON.stringify({ message: 'hello' }),
      });
    await using first = await open();
    await expect.poll(() => turns.length).toBe(1);
    await turns[0]?.say('so far ');
    await first.until((frames) => frames.some(({ event }) => event === 'chunk'));
    await using second = await open();
    await second.until((frames) => frames.some(({ event }) => event === 'chunk'));
    await turns[0]?.say('so good');
    turns[0]?.finish();
    await Promise.all([first.ended, second.ended]);
    expect(hasFinalReady(second.frames)).toBe(true);
    expect(second.frames.at(-1)).toEqual(first.frames.at(-1));
    expect(turns).toHaveLength(1);
  });

  it('stores once what comes ten times at once', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        server
          .http('ann')
          .post(`/sessions/${id}/events`)
          .set('Idempotency-Key', 'k1')
          .send(hello)
          .expect(201),
      ),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await server.log.read(id, { source: 'customer' })).toHaveLength(1);
  });

  it('refuses the key for another body, query or after the first is done', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    const post = (body: object, query = '') =>
      server.http('ann').post(`/sessions/${id}/events${query}`).set('Idempotency-Key', 'k1').send(body);
    const [first, other] = await Promise.all([post(hello), post({ ...hello, message: 'other' })]);
    expect(new Set([first.status, other.status])).toEqual(new Set([201, 422]));
    const said = first.status === 201 ? 'hello' : 'other';
    const { body } = await post({ ...hello, message: `not ${said}` }).expect(422);
    expect(body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await post({ ...hello, message: said }, '?moderation=auto').expect(422)).body.code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
    expect(await server.log.read(id, { source: 'customer' })).toHaveLength(1);
  });

  it('counts for one caller and one address', async () => {
    await using server = await startServer();
    const ids = [await server.session('ann'), await server.session('ann')];
    const create = (user?: string) =>
      server.http(user).post('/sessions').set('Idempotency-Key', 'k1').send({ agent_id: 'echo' }).expect(201);
    const made = await Promise.all([create('ann'), create('bob'), create()]);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(3);
    for (const id of ids) {
      await server
        .http('ann')
        .post(`/sessions/${id}/events`)
        .set('Idempotency-Key', 'k1')
        .send(hello)
        .expect(201);
      expect(await server.log.read(id, { source: 'customer' })).toHaveLength(1);
    }
  });

  it('keeps no refusal: the same request may succeed later', async () => {
    const { agent, turns } = createHeldAgent({ interruption: 'reject' });
    await using server = await startServer({ agents: [agent] });
    const id = await server.session('ann');
    const post = (key: string) =>
      server.http('ann').post(`/sessions/${id}/events`).set('Idempotency-Key', key).send(hello);
    await post('k1').expect(201);
    await expect.poll(() => turns.length).toBe(1);
    await post('k2').expect(409);
    turns[0]?.finish();
    await expect.poll(async () => (await server.sessions.stateOf(id)).turn).toBe('ready');
    await post('k2').expect(201);
  });

  it('answers the first result after a restart on the same file, though the first answer never arrived', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    const event = () =>
      server.http('ann').post(`/sessions/${id}/events`).set('Idempotency-Key', 'k1').send(hello).expect(201);
    const session = () =>
      server
        .http('ann')
        .post('/sessions')
        .set('Idempotency-Key', 'k1')
        .send({ agent_id: 'echo' })
        .expect(201);
    const chat = () =>
      server
        .http('ann')
        .post('/api/chat')
        .set('Idempotency-Key', 'k1')
        .send({ message: 'hi', session_id: id })
        .expect(200);
    const first = [await event(), await session(), await chat()].map(({ body }) => body);
    await server.restart();
    expect([await event(), await session(), await chat()].map(({ body }) => body)).toEqual(first);
    expect(await server.log.read(id, { source: 'customer' })).toHaveLength(2);
  });

  it('cancels once: a repeated cancel leaves the next turn alone', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent] });
    const id = await server.session('ann');
    const cancel = () =>
      server.http('ann').post(`/sessions/${id}/cancel`).set('Idempotency-Key', 'k1').expect(202);
    await server.say(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    const first = await cancel();
    await server.say(id, 'two');
    await expect.poll(() => turns.length).toBe(2);
    expect((await cancel()).body).toEqual(first.body);
    expect(turns[1]?.turn.signal.aborted).toBe(false);
    turns[1]?.finish();
  });

  it.each(['', 'x'.repeat(256), 'ümlaut'])('must be printable: %j is refused', async (key) => {
    await using server = await startServer();
    const response = await fetch(`${server.url}/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ agent_id: 'echo' }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'INVALID_IDEMPOTENCY_KEY' });
    expect((await server.sessions.list({})).items).toEqual([]);
  });
});
