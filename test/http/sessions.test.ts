import { describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { sessionPageSchema, sessionSchema, sessionStateSchema } from '../../src/http/schemas/session.ts';
import { createHeldAgent } from '../support/runtime.ts';
import { startServer } from '../support/server.ts';
import { upTo } from '../event-log/support.ts';

describe('POST /sessions', () => {
  it("answers with Parlant's fields and ours", async () => {
    await using server = await startServer();
    const { body } = await server
      .http()
      .post('/sessions')
      .send({
        agent_id: 'echo',
        title: 'Ärger',
        metadata: { a: [1] },
        labels: ['x', 'x'],
        interruption: 'reject',
      })
      .expect(201);
    expect(sessionSchema.parse(body)).toMatchObject({
      agent_id: 'echo',
      customer_id: 'guest',
      title: 'Ärger',
      mode: 'auto',
      consumption_offsets: { client: 0 },
      metadata: { a: [1] },
      labels: ['x'],
      state: 'NOT_STARTED',
      interruption: 'reject',
    });
    expect(body.creation_utc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it('belongs to the customer who asks, or whom an operator names', async () => {
    await using server = await startServer();
    const create = (user?: string, more = {}) =>
      server
        .http(user)
        .post('/sessions')
        .send({ agent_id: 'echo', ...more });
    expect((await create('ann')).body.customer_id).toBe('ann');
    expect((await create(undefined, { customer_id: 'bob' })).body.customer_id).toBe('bob');
    expect((await create('ann', { customer_id: 'bob' }).expect(403)).body.code).toBe('OPERATOR_ONLY');
  });

  it('takes an id of the client, once', async () => {
    await using server = await startServer();
    const create = () => server.http().post('/sessions').send({ agent_id: 'echo', id: 'My_own-id' });
    expect((await create().expect(201)).body.id).toBe('My_own-id');
    expect((await create().expect(409)).body.code).toBe('SESSION_ID_TAKEN');
  });

  it('takes null for what may be absent', async () => {
    await using server = await startServer();
    const nulls = {
      id: null,
      customer_id: null,
      title: null,
      metadata: null,
      labels: null,
      interruption: null,
    };
    const { status } = await server
      .http()
      .post('/sessions')
      .send({ agent_id: 'echo', ...nulls });
    expect(status).toBe(201);
  });

  it('makes no more for a customer than allowed, operators may', async () => {
    await using server = await startServer({ settings: { sessionsPerCustomer: 1 } });
    const create = (user?: string) => server.http(user).post('/sessions').send({ agent_id: 'echo' });
    await create('ann').expect(201);
    expect((await create('ann').expect(429)).body.code).toBe('TOO_MANY_SESSIONS');
    await create('bob').expect(201);
    await create().expect(201);
    await create().expect(201);
  });

  it('makes no more for a customer than allowed, however many are asked for at once', async () => {
    await using server = await startServer({
      settings: { sessionsPerCustomer: 3 },
      agents: upTo(8).map((n) => createEchoAgent({ id: `echo${n}` })),
    });
    const create = () => server.http('ann').post('/sessions').send({ agent_id: 'echo0' });
    const chat = (intent: string) => server.http('ann').post('/api/chat').send({ message: 'hi', intent });
    const answers = await Promise.all(upTo(8).flatMap((n) => [create(), chat(`echo${n}`)]));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(13);
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['TOO_MANY_SESSIONS']));
    expect(await server.log.countSessions({ customerId: 'ann' })).toBe(3);
  });
});

describe('GET /sessions', () => {
  it('is an array of all without a limit, and pages with one', async () => {
    await using server = await startServer();
    const ids = [await server.session('ann'), await server.session('bob'), await server.session('ann')];
    const all = await server.http().get('/sessions').expect(200);
    expect(all.body.map(({ id }: { id: string }) => id)).toEqual(ids);
    const first = sessionPageSchema.parse((await server.http().get('/sessions?limit=2')).body);
    expect(first).toMatchObject({ total_count: 3, has_more: true });
    const cursor = encodeURIComponent(first.next_cursor ?? '');
    const second = sessionPageSchema.parse(
      (await server.http().get(`/sessions?limit=2&cursor=${cursor}`)).body,
    );
    expect(second).toMatchObject({ has_more: false, next_cursor: null });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
  });

  it.each(['agent_id', 'customer_id', 'labels'])('finds none where %s is empty', async (filter) => {
    await using server = await startServer();
    await server.session('ann');
    expect((await server.http().get(`/sessions?${filter}=`).expect(200)).body).toEqual([]);
  });

  it('is an array of all, also when that is a lot', async () => {
    await using server = await startServer();
    const made = await Promise.all(
      Array.from({ length: 1_001 }, (_, n) => server.session(n % 2 ? 'ann' : 'bob')),
    );
    const ids = async (user?: string): Promise<string[]> =>
      (await server.http(user).get('/sessions').expect(200)).body.map(({ id }: { id: string }) => id);
    expect(new Set(await ids())).toEqual(new Set(made));
    expect(await ids()).toHaveLength(1_001);
    expect(await ids('ann')).toHaveLength(500);
  });

  it('filters by agent, customer and labels, and sorts', async () => {
    await using server = await startServer({ agents: [createEchoAgent(), createEchoAgent({ id: 'other' })] });
    const a = await server.session('ann', { labels: ['x', 'y'] });
    const b = await server.session('bob', { agentId: 'other', labels: ['x'] });
    const list = async (query: string) =>
      (await server.http().get(`/sessions?${query}`).expect(200)).body.map(({ id }: { id: string }) => id);
    expect(await list('agent_id=other')).toEqual([b]);
    expect(await list('customer_id=ann')).toEqual([a]);
    expect(await list('labels=x&labels=y')).toEqual([a]);
    expect(await list('labels=x')).toEqual([a, b]);
    expect(await list('sort=desc')).toEqual([b, a]);
  });

  it('ignores parameters it does not know, and a cursor it did not make', async () => {
    await using server = await startServer();
    await server.session('ann');
    expect((await server.http().get('/sessions?more=1&cursor=nonsense').expect(200)).body).toHaveLength(1);
  });

  it('shows a customer their own only', async () => {
    await using server = await startServer();
    const own = await server.session('ann');
    await server.session('bob');
    const list = async (query = '') => (await server.http('ann').get(`/sessions${query}`).expect(200)).body;
    expect(await list()).toMatchObject([{ id: own }]);
    expect(await list('?customer_id=bob')).toEqual([]);
    expect(await list('?limit=10')).toMatchObject({ items: [{ id: own }], total_count: 1 });
    expect(await list('?limit=10&customer_id=bob')).toMatchObject({
      items: [],
      total_count: 0,
      has_more: false,
    });
  });
});

describe('PATCH /sessions/{id}', () => {
  it('changes what is named and leaves what is absent or null', async () => {
    await using server = await startServer();
    const id = await server.session('ann', {
      title: 'old',
      labels: ['a', 'b'],
      metadata: { keep: 1, drop: 2 },
    });
    const patch = (body: object) => server.http().patch(`/sessions/${id}`).send(body).expect(200);
    const { body } = await patch({
      title: null,
      mode: 'manual',
      interruption: 'enqueue',
      consumption_offsets: { client: 3 },
      metadata: { set: { more: 3 }, unset: ['drop', 'unknown'] },
      labels: { upsert: ['c'], remove: ['a'] },
    });
    expect(body).toMatchObject({
      title: 'old',
      mode: 'manual',
      interruption: 'enqueue',
      consumption_offsets: { client: 3 },
      metadata: { keep: 1, more: 3 },
    });
    expect(body.labels.toSorted()).toEqual(['b', 'c']);
    expect((await patch({})).body).toEqual(body);
    expect((await patch({ title: '' })).body.title).toBe('');
  });

  it('lets a customer rename their session, and no more', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    const patch = (body: object) => server.http('ann').patch(`/sessions/${id}`).send(body);
    expect((await patch({ title: 'mine', consumption_offsets: { client: 1 } }).expect(200)).body.title).toBe(
      'mine',
    );
    for (const more of [
      { mode: 'manual' },
      { customer_id: 'bob' },
      { agent_id: 'echo' },
      { interruption: 'reject' },
      { metadata: { set: { a: 1 } } },
      { labels: { upsert: ['a'] } },
    ]) {
      expect((await patch({ title: 'changed', ...more }).expect(403)).body.code).toBe('OPERATOR_ONLY');
    }
    expect((await server.sessions.get(id)).title).toBe('mine');
  });
});

describe('DELETE /sessions/{id}', () => {
  it('is a 204 once, and then a 404', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    const first = await server.http('ann').delete(`/sessions/${id}`);
    expect([first.status, first.text]).toEqual([204, '']);
    expect((await server.http('ann').delete(`/sessions/${id}`)).status).toBe(404);
    expect((await server.http('ann').get(`/sessions/${id}`)).status).toBe(404);
  });
});

describe('start, stop, cancel and state', () => {
  it('answers each command with the state after it', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    const command = async (name: string) =>
      sessionStateSchema.parse((await server.http('ann').post(`/sessions/${id}/${name}`).expect(202)).body);
    expect(await command('start')).toMatchObject({
      session_id: id,
      state: 'POLLING',
      turn: 'idle',
      queue_depth: 0,
    });
    expect(await command('start')).toMatchObject({ state: 'POLLING' });
    expect(await command('cancel')).toMatchObject({ state: 'POLLING', turn: 'idle' });
    expect(await command('stop')).toMatchObject({ state: 'STOPPED', turn: null, reason: 'USER' });
    expect(await command('stop')).toMatchObject({ state: 'STOPPED' });
    expect((await server.http('ann').get(`/sessions/${id}`)).body.state).toBe('STOPPED');
  });

  it('cancels the turn under way, and says when the one named is over', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent] });
    const id = await server.session('ann');
    const cancel = (body?: object) => server.http('ann').post(`/sessions/${id}/cancel`).send(body);
    const first = await server.say(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await cancel({ trace_id: first.trace_id }).expect(202);
    // It is over because it was cancelled: the command has what it wanted.
    await cancel({ trace_id: first.trace_id }).expect(202);
    const second = await server.say(id, 'two');
    await expect.poll(() => turns.length).toBe(2);
    turns[1]?.finish();
    await expect.poll(async () => (await server.sessions.stateOf(id)).turn).toBe('ready');
    expect((await cancel({ trace_id: second.trace_id }).expect(409)).body.code).toBe('TURN_OVER');
    expect((await cancel({ trace_id: 'never' }).expect(404)).body.code).toBe('TURN_NOT_FOUND');
    await cancel().expect(202);
  });

  it('tells the state at any past offset', async () => {
    await using server = await startServer();
    const { body } = await server.http('ann').post('/api/chat').send({ message: 'hello' });
    const at = async (offset: number) =>
      (await server.http('ann').get(`/sessions/${body.session_id}/state?at=${offset}`).expect(200)).body;
    expect(await at(1)).toMatchObject({ state: 'POLLING', turn: 'acknowledged', last_offsets: { local: 1 } });
    expect(await at(4)).toMatchObject({ turn: 'ready', trace_id: null });
    const now = (await server.http('ann').get(`/sessions/${body.session_id}/state`)).body;
    expect(sessionStateSchema.parse(now)).toMatchObject({
      live: true,
      turn: 'ready',
      last_offsets: { local: 4, upstream: null },
    });
  });
});

describe('GET /agents', () => {
  it("has Parlant's shape, with descriptions for operators only", async () => {
    await using server = await startServer();
    const [agent] = (await server.http().get('/agents').expect(200)).body;
    expect(agent).toEqual({
      id: 'echo',
      name: 'Echo',
      description: 'Repeats what it is told, in five chunks.',
      max_engine_iterations: 1,
      composition_mode: 'fluid',
      message_output_mode: 'block',
      tags: [],
    });
    expect((await server.http('ann').get('/agents')).body).toEqual([{ ...agent, description: null }]);
    expect((await server.http('ann').get('/agents/echo')).body).toEqual({ ...agent, description: null });
    expect((await server.http().get('/agents/nobody').expect(404)).body.code).toBe('AGENT_NOT_FOUND');
  });
});

describe('/healthz and /readyz', () => {
  it('says that the process answers, and that events can be stored', async () => {
    await using server = await startServer();
    const { body } = await server.http().get('/healthz').expect(200);
    expect(body.status).toMatch(/^(healthy|degraded|unhealthy)$/);
    expect((await server.http().get('/readyz').expect(200)).body).toEqual({ status: 'ready' });
  });

  it('is not ready when the log is gone', async () => {
    await using server = await startServer();
    const http = server.http();
    await server.log.close();
    await http.get('/healthz').expect(200);
    const { body } = await http.get('/readyz').expect(503);
    expect(body).toMatchObject({ code: 'LOG_UNAVAILABLE', retryable: true });
  });
});
