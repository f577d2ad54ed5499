import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { openStream } from '../support/event-stream.ts';
import { named, type Named } from '../support/named-frames.ts';
import { createHeldAgent } from '../support/runtime.ts';
import { startServer, type TestServer } from '../support/server.ts';

const watch = (server: TestServer, headers: Record<string, string> = {}, query = '') =>
  openStream(`${server.url}/api/live${query}`, { headers });

/** The last that was told of a session. */
function lastOf(frames: readonly Named[], id: string): Named | undefined {
  return frames.findLast((frame) => frame['session_id'] === id);
}

describe('GET /api/live', () => {
  it('begins with the sessions in memory, those that moved last first', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent] });
    const asleep = await server.session('ann');
    const first = await server.session('ann');
    await server.sessions.start(first);
    const second = await server.session('bob');
    await server.say(second, 'hello');
    await expect.poll(() => turns.length).toBe(1);
    await using stream = await watch(server);
    const [list] = named(await stream.until((all) => all.length > 0));
    expect(list).toMatchObject({ event: 'sessions', total_count: 2 });
    expect(list?.['sessions']).toEqual([
      {
        session_id: second,
        agent_id: 'held',
        customer_id: 'bob',
        state: 'POLLING',
        turn: expect.stringMatching(/acknowledged|processing/),
        mode: 'auto',
        since: expect.stringMatching(/^\d{4}-.*Z$/),
        followers: 0,
        queue_depth: 0,
        last_offset: expect.any(Number),
        last_poll_utc: null,
        lag_ms: null,
      },
      expect.objectContaining({ session_id: first, turn: 'idle' }),
    ]);
    expect(JSON.stringify(list)).not.toContain(asleep);
  });

  it('tells of a session that comes to memory, moves, is followed, waits, and leaves', async () => {
    const { agent, turns } = createHeldAgent({ interruption: 'enqueue' });
    await using server = await startServer({ agents: [agent] });
    await using stream = await watch(server);
    await stream.until((all) => all.length > 0);
    const id = await server.session('ann');
    const until = (condition: (frame: Named) => boolean) =>
      stream.until((all) => named(all).some((frame) => frame['session_id'] === id && condition(frame)));
    await server.say(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await until(({ turn }) => turn === 'processing');
    await server.say(id, 'two');
    await until((frame) => frame['queue_depth'] === 1);
    {
      await using follower = await openStream(`${server.url}/sessions/${id}/events`);
      await until(({ followers }) => followers === 1);
      expect(follower.response.status).toBe(200);
    }
    await until(({ followers }) => followers === 0);
    turns[0]?.finish();
    await until((frame) => frame['queue_depth'] === 0 && frame['turn'] === 'processing');
    await server.sessions.delete(id);
    await until(({ event }) => event === 'left');
    expect(lastOf(named(stream.frames), id)).toEqual({ event: 'left', session_id: id });
  });

  it('lists no more than was asked for, and says how many there are', async () => {
    await using server = await startServer();
    for (let n = 0; n < 3; n++) await server.sessions.start(await server.session('ann'));
    const { body } = await server.http().get('/api/live?limit=2').expect(200);
    expect([body.sessions.length, body.total_count]).toEqual([2, 3]);
    for (const limit of ['0', '10001', 'x']) {
      const refused = await server.http().get(`/api/live?limit=${limit}`).expect(422);
      expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', errors: [{ field: 'limit' }] });
    }
  });

  it('keeps up with many sessions, each told as it is in the end', async () => {
    await using server = await startServer();
    await using stream = await watch(server);
    await stream.until((all) => all.length > 0);
    const ids = await Promise.all(Array.from({ length: 200 }, () => server.session('ann')));
    await Promise.all(ids.map((id) => server.say(id, 'hello')));
    await stream.until((all) => {
      const frames = named(all);
      return ids.every((id) => lastOf(frames, id)?.['turn'] === 'ready');
    });
    expect(lastOf(named(stream.frames), ids[0] ?? '')).toMatchObject({ last_offset: 4, state: 'POLLING' });
  });

  it('is told to many operators at once, and forgets those who leave', async () => {
    await using server = await startServer();
    const watchers = await Promise.all(Array.from({ length: 30 }, () => watch(server)));
    const id = await server.session('ann');
    await server.sessions.start(id);
    for (const watcher of watchers) {
      await watcher.until((all) => lastOf(named(all), id)?.['state'] === 'POLLING');
      await watcher[Symbol.asyncDispose]();
    }
    await expect
      .poll(async () => (await server.http().get('/metrics')).text)
      .toContain('colloquy_streams_open 0');
  });

  it('ends with the server, which says when to come back', async () => {
    await using server = await startServer();
    await using stream = await watch(server);
    await stream.until((all) => all.length > 0);
    await server.stop();
    await stream.ended;
    expect(stream.retryMs).toBe(1_000);
  });

  it.each(['text/event-stream', 'application/json'])('is for operators only (%s)', async (accept) => {
    await using server = await startServer();
    const { body } = await server.http('ann').get('/api/live').set('Accept', accept).expect(403);
    expect(body.code).toBe('OPERATOR_ONLY');
  });

  it('asks for the role in the token with AUTH=jwt', async () => {
    const jwtSecret = 'a secret of at least thirty-two characters';
    await using server = await startServer({ settings: { auth: 'jwt', jwtSecret } });
    const tokenOf = (claims: Record<string, unknown>) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('ann')
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(jwtSecret));
    const statusFor = async (headers: Record<string, string>) => {
      await using stream = await watch(server, headers);
      return stream.response.status;
    };
    const bearer = async (claims: Record<string, unknown>) => ({
      authorization: `Bearer ${await tokenOf(claims)}`,
    });
    expect(await statusFor(await bearer({ roles: ['operator'] }))).toBe(200);
    expect(await statusFor(await bearer({ roles: ['customer'] }))).toBe(403);
    expect(await statusFor(await bearer({}))).toBe(403);
    expect(await statusFor({})).toBe(401);
  });
});

describe('an operator', () => {
  it('takes a session over, answers in the place of the agent, and hands it back', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent] });
    const id = await server.session('ann');
    await using live = await watch(server);
    await using ofAnn = await openStream(`${server.url}/sessions/${id}/events?user=ann`);
    const messages = () =>
      ofAnn.frames.flatMap(({ event, data }) =>
        event === 'message' ? [data as { source: string; data: { message: string } }] : [],
      );
    const post = (body: Record<string, unknown>, user?: string) =>
      server.http(user).post(`/sessions/${id}/events`).send(body);
    const ask = { kind: 'message', source: 'customer' };

    await post({ ...ask, message: 'Is anybody there?' }, 'ann').expect(201);
    await expect.poll(() => turns.length).toBe(1);

    await server.http().patch(`/sessions/${id}`).send({ mode: 'manual' }).expect(200);
    await server.http().post(`/sessions/${id}/cancel`).expect(202);
    await live.until((all) => lastOf(named(all), id)?.['mode'] === 'manual');
    await live.until((all) => lastOf(named(all), id)?.['turn'] === 'ready');

    await post({ ...ask, message: 'A person, please.' }, 'ann').expect(201);
    const participant = { display_name: 'Olga' };
    await post({ kind: 'message', source: 'human_agent', message: 'I am here.', participant }).expect(201);
    await ofAnn.until(() => messages().some(({ source }) => source === 'human_agent'));
    expect(messages().at(-1)).toMatchObject({ data: { message: 'I am here.', participant } });
    expect(turns.length).toBe(1);

    await server.http().patch(`/sessions/${id}`).send({ mode: 'auto' }).expect(200);
    await live.until((all) => lastOf(named(all), id)?.['mode'] === 'auto');
    expect(turns.length).toBe(1);
    await post({ kind: 'message', source: 'ai_agent' }).expect(201);
    await expect.poll(() => turns.length).toBe(2);
    await turns[1]?.say('At your service.');
    turns[1]?.finish();
    await ofAnn.until(() => messages().at(-1)?.source === 'ai_agent');
    expect(messages().map(({ source }) => source)).toEqual([
      'customer',
      'customer',
      'human_agent',
      'ai_agent',
    ]);
  });

  it('is the only one who may', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    const participant = { display_name: 'Ann' };
    const tries = [
      server.http('ann').patch(`/sessions/${id}`).send({ mode: 'manual' }),
      server
        .http('ann')
        .post(`/sessions/${id}/events`)
        .send({ kind: 'message', source: 'human_agent', message: 'I am the staff', participant }),
    ];
    for (const { status, body } of await Promise.all(tries)) {
      expect([status, body.code]).toEqual([403, 'OPERATOR_ONLY']);
    }
    expect(await server.log.read(id)).toEqual([]);
    expect((await server.sessions.get(id)).mode).toBe('auto');
  });
});
