import { once } from 'node:events';
import { connect } from 'node:net';
import { EventSource } from 'eventsource';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createHeldAgent } from '../support/runtime.ts';
import { openStream } from '../support/event-stream.ts';
import { heldMemory } from '../support/memory.ts';
import { named, type Named } from '../support/named-frames.ts';
import { startServer, type TestServer } from '../support/server.ts';

type Listed = { readonly id: string; readonly title: string | null };

const follow = (server: TestServer, user?: string, query = '') =>
  openStream(
    `${server.url}/api/me/events${query}`,
    user === undefined ? {} : { headers: { 'x-user-id': user } },
  );

/** The sessions of a stream's first frame. */
const listedIn = ([first]: readonly Named[]) => (first ? first['sessions'] : []) as readonly Listed[];
const listOf = (frames: readonly Named[]) => listedIn(frames).map(({ id }) => id);

describe('GET /api/me/events', () => {
  it('begins with the list as it is, latest activity first', async () => {
    await using server = await startServer();
    const [first, second, third] = [
      await server.session('ann'),
      await server.session('ann'),
      await server.session('ann'),
    ];
    await server.session('bob');
    await server.say(first, 'the latest');
    await using stream = await follow(server, 'ann');
    const [list] = named(await stream.until((all) => all.length > 0));
    expect(list).toMatchObject({ event: 'sessions', has_more: false });
    expect(listOf(named(stream.frames))).toEqual([first, third, second]);
    const { body } = await server.http('ann').get(`/sessions/${second}`);
    expect(listedIn(named(stream.frames)).at(-1)).toEqual(body);
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(stream.response.headers.get('cache-control')).toBe('no-store');
  });

  it('lists no more than was asked for, and says so', async () => {
    await using server = await startServer();
    for (let n = 0; n < 3; n++) await server.session('ann');
    await using two = await follow(server, 'ann', '?limit=2');
    await using three = await follow(server, 'ann', '?limit=3');
    const [lists] = await Promise.all(
      [two, three].map(async (stream) => named(await stream.until((all) => all.length > 0))),
    );
    expect([listOf(lists ?? []).length, lists?.[0]?.['has_more']]).toEqual([2, true]);
    expect(named(three.frames)[0]?.['has_more']).toBe(false);
  });

  it('tells of a session that is made, renamed, written to, stopped and deleted', async () => {
    await using server = await startServer();
    await using stream = await follow(server, 'ann');
    const until = (condition: (frame: Named) => boolean) =>
      stream.until((all) => named(all).slice(1).some(condition));
    const { body } = await server.http('ann').post('/sessions').send({ agent_id: 'echo' }).expect(201);
    await until(({ event, id, state }) => event === 'session' && id === body.id && state === 'NOT_STARTED');
    await server.http('ann').patch(`/sessions/${body.id}`).send({ title: 'My papers' }).expect(200);
    await until(({ title }) => title === 'My papers');
    await server.http('ann').post('/api/chat').send({ message: 'hello', session_id: body.id }).expect(200);
    await until(({ state }) => state === 'POLLING');
    const { last_activity_utc } = (await server.http('ann').get(`/sessions/${body.id}`)).body;
    await until((frame) => frame['last_activity_utc'] === last_activity_utc);
    await server.http('ann').post(`/sessions/${body.id}/stop`).expect(202);
    await until(({ state }) => state === 'STOPPED');
    await server.http('ann').delete(`/sessions/${body.id}`).expect(204);
    await until(({ event, id }) => event === 'deleted' && id === body.id);
    const told = named(stream.frames).filter(({ event }) => event === 'session');
    expect(told.at(-1)).toMatchObject({
      id: body.id,
      title: 'My papers',
      agent_id: 'echo',
      customer_id: 'ann',
    });
  });

  it('tells the newest state of a session once, however often it has changed meanwhile', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    await using stream = await follow(server, 'ann');
    await stream.until((all) => all.length > 0);
    const titles = Array.from({ length: 200 }, (_, n) => `title ${n}`);
    for (const title of titles) await server.sessions.update(id, { title });
    const frames = named(await stream.until((all) => named(all).at(-1)?.['title'] === 'title 199'));
    expect(frames.length).toBeLessThan(100);
  });

  it('never tells one customer of another’s sessions, whatever happens to them', async () => {
    await using server = await startServer();
    await using ofAnn = await follow(server, 'ann');
    await using ofBob = await follow(server, 'bob');
    const { body } = await server.http('bob').post('/api/chat').send({ message: 'a secret' }).expect(200);
    const id: string = body.session_id;
    await server.http('bob').patch(`/sessions/${id}`).send({ title: 'a secret' }).expect(200);
    await ofBob.until((all) => named(all).some(({ title }) => title === 'a secret'));
    await server.http('bob').delete(`/sessions/${id}`).expect(204);
    await ofBob.until((all) => named(all).some(({ event }) => event === 'deleted'));
    const own = await server.session('ann');
    await ofAnn.until((all) => all.length > 1);
    expect(named(ofAnn.frames).map((frame) => [frame.event, frame['id']])).toEqual([
      ['sessions', undefined],
      ['session', own],
    ]);
    expect(JSON.stringify(ofAnn.frames)).not.toContain(id);
  });

  it('takes a session from the old owner’s list when it is given to another customer, and puts it on theirs', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    await using ofAnn = await follow(server, 'ann');
    await using ofBob = await follow(server, 'bob');
    await server.http().patch(`/sessions/${id}`).send({ customer_id: 'bob' }).expect(200);
    await server.http().patch(`/sessions/${id}`).send({ title: 'of bob' }).expect(200);
    await ofBob.until((all) => named(all).some(({ title }) => title === 'of bob'));
    expect(named(ofAnn.frames).slice(1)).toEqual([{ event: 'deleted', id }]);
  });

  it('tells all tabs of a customer the same', async () => {
    await using server = await startServer();
    const tabs = await Promise.all(Array.from({ length: 8 }, () => follow(server, 'ann')));
    const id = await server.session('ann');
    for (const tab of tabs) {
      await tab.until((all) => named(all).some((frame) => frame['id'] === id));
      await tab[Symbol.asyncDispose]();
    }
    await expect
      .poll(async () => (await server.http().get('/metrics')).text)
      .toContain('colloquy_streams_open 0');
  });

  it('shows an operator what was created without a customer', async () => {
    await using server = await startServer();
    await server.session('ann');
    await using stream = await follow(server);
    const { body } = await server.http().post('/sessions').send({ agent_id: 'echo' }).expect(201);
    await stream.until((all) => all.length === 2);
    expect(named(stream.frames)).toMatchObject([
      { event: 'sessions', sessions: [] },
      { event: 'session', id: body.id, customer_id: 'guest' },
    ]);
  });

  it('is the list as JSON for who wants no stream', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    const { body } = await server.http('ann').get('/api/me/events').expect(200);
    expect(body).toMatchObject({ sessions: [{ id }], has_more: false });
    await server.http('ann').head('/api/me/events').set('Accept', 'text/event-stream').expect(200);
  });

  it.each(['limit=0', 'limit=1001', 'limit=-1', 'limit=x', 'limit=1&limit=2'])(
    'refuses ?%s',
    async (query) => {
      await using server = await startServer();
      const stream = await follow(server, 'ann', `?${query}`);
      expect(stream.response.status).toBe(422);
      const { body } = await server.http('ann').get(`/api/me/events?${query}`).expect(422);
      expect(body).toMatchObject({ code: 'INVALID_REQUEST', errors: [{ place: 'query', field: 'limit' }] });
    },
  );

  it('takes only GET', async () => {
    await using server = await startServer();
    const { headers } = await server.http('ann').post('/api/me/events').send({}).expect(405);
    expect(headers['allow']).toContain('GET');
  });
});

describe('the stream of own sessions', () => {
  it('is counted among the streams of its customer', async () => {
    await using server = await startServer({ settings: { streamsPerCustomer: 2 } });
    await using one = await follow(server, 'ann');
    await using two = await follow(server, 'ann');
    await using third = await follow(server, 'ann');
    await using ofBob = await follow(server, 'bob');
    await using ofOperator = await follow(server);
    expect([one, two, third, ofBob, ofOperator].map(({ response }) => response.status)).toEqual([
      200, 200, 429, 200, 200,
    ]);
    await one[Symbol.asyncDispose]();
    await expect
      .poll(async () => {
        await using again = await follow(server, 'ann');
        return again.response.status;
      })
      .toBe(200);
    expect(two.frames.length).toBeLessThanOrEqual(1);
  });

  it('comes back by itself when the server does, with the list anew', async () => {
    const { agent } = createHeldAgent();
    await using server = await startServer({ agents: [agent] });
    const id = await server.session('ann');
    const source = new EventSource(`${server.url}/api/me/events?user=ann`);
    const lists: unknown[] = [];
    source.addEventListener('sessions', ({ data }) =>
      lists.push((JSON.parse(data) as { sessions: Listed[] }).sessions),
    );
    await expect.poll(() => lists.length).toBe(1);
    await server.restart();
    await server.sessions.update(id, { title: 'after the restart' });
    await expect.poll(() => lists.length, { timeout: 10_000 }).toBe(2);
    expect(lists.at(-1)).toMatchObject([{ id, title: 'after the restart' }]);
    source.close();
  });

  it('ends with the server, which says when to come back', async () => {
    await using server = await startServer();
    await using stream = await follow(server, 'ann');
    await stream.until((all) => all.length > 0);
    await server.stop();
    await stream.ended;
    expect(stream.retryMs).toBe(1_000);
  });

  it('costs little when its reader is slow, delays nobody, and cuts it', async () => {
    await using server = await startServer({ stalledAfterMs: 2_000 });
    const id = await server.session('ann');
    const slow = connect(Number(new URL(server.url).port), '127.0.0.1').pause();
    slow.on('error', () => {});
    const request =
      'GET /api/me/events?user=ann HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n';
    slow.write(request);
    await using fast = await follow(server, 'ann');
    await fast.until((all) => all.length > 0);
    await expect
      .poll(async () => (await server.http().get('/metrics')).text)
      .toContain('colloquy_streams_open 2');
    const before = heldMemory();
    const filler = 'x'.repeat(100_000);
    let count = 0;
    const streams = async () => (await server.http().get('/metrics')).text;
    await expect
      .poll(
        async () => {
          await server.sessions.update(id, { metadata: { set: { filler, count: count++ } } });
          return streams();
        },
        { timeout: 30_000, interval: 50 },
      )
      .toContain('colloquy_streams_open 1');
    (fast.frames as unknown[]).splice(0, fast.frames.length - 1);
    expect(heldMemory() - before).toBeLessThan(16 * 1024 * 1024);
    await fast.until((all) => (named(all).at(-1)?.['metadata'] as { count?: number })?.count === count - 1);
    slow.destroy();
    await once(slow, 'close');
  }, 40_000);

  it('leaves nothing behind when its client goes before it begins', async () => {
    await using server = await startServer({ settings: { streamsPerCustomer: 1 } });
    const { sessions } = server;
    const list = sessions.list.bind(sessions);
    const reading = Promise.withResolvers<void>();
    let asked = 0;
    Object.assign(sessions, {
      async list(query: Parameters<typeof list>[0]) {
        asked++;
        await reading.promise;
        return list(query);
      },
    });
    const leave = new AbortController();
    const request = fetch(`${server.url}/api/me/events?user=ann`, {
      headers: { accept: 'text/event-stream' },
      signal: leave.signal,
    });
    await expect.poll(() => asked).toBe(1);
    leave.abort();
    await expect(request).rejects.toThrow('aborted');
    await expect.poll(() => server.logged.some((line) => line.includes('/api/me/events'))).toBe(true);
    reading.resolve();
    Object.assign(sessions, { list });
    await using next = await follow(server, 'ann');
    expect(next.response.status).toBe(200);
  });
});

describe('with AUTH=jwt', () => {
  const secret = 'a secret of at least thirty-two characters';
  const jwt = { auth: 'jwt', jwtSecret: secret } as const;
  const tokenOf = (sub: string, claims: Record<string, unknown> = {}, expires = '1h') =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(sub)
      .setExpirationTime(expires)
      .sign(new TextEncoder().encode(secret));
  const open = async (server: TestServer, token?: string) =>
    openStream(
      `${server.url}/api/me/events`,
      token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
    );

  it('the token says whose sessions they are; nobody without one', async () => {
    await using server = await startServer({ settings: jwt });
    const id = await server.session('ann');
    await server.session('bob');
    await using ofAnn = await open(server, await tokenOf('ann'));
    expect(listOf(named(await ofAnn.until((all) => all.length > 0)))).toEqual([id]);
    const nobody = await open(server);
    expect(nobody.response.status).toBe(401);
    const byName = await openStream(`${server.url}/api/me/events?user=ann`, {
      headers: { 'x-user-id': 'ann' },
    });
    expect(byName.response.status).toBe(401);
  });

  it('the stream ends with the token', async () => {
    await using server = await startServer({ settings: jwt });
    await using stream = await open(server, await tokenOf('ann', {}, '2s'));
    await stream.until((all) => all.length > 0);
    await stream.ended;
    expect(stream.response.status).toBe(200);
  });
});
