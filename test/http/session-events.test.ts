import { describe, expect, it } from 'vitest';
import { eventSchema } from '../../src/http/schemas/event.ts';
import { createHeldAgent } from '../support/runtime.ts';
import { startServer, type TestServer } from '../support/server.ts';

const custom = (n: number) => ({ kind: 'custom', source: 'customer_ui', data: { n } });

async function withSession(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options);
  const id = await server.session('ann');
  const path = `/sessions/${id}/events`;
  return {
    server,
    id,
    path,
    post: (body: object, user?: string) => server.http(user).post(path).send(body),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe('POST /sessions/{id}/events', () => {
  it('answers with the event as it is stored, and asks for a turn of the same trace', async () => {
    await using at = await withSession();
    const { body } = await at
      .post({ kind: 'message', source: 'customer', message: 'hello' }, 'ann')
      .expect(201);
    expect(eventSchema.parse(body)).toMatchObject({
      offset: 0,
      kind: 'message',
      source: 'customer',
      correlation_id: body.trace_id,
      data: { message: 'hello', participant: { id: 'ann', display_name: 'ann' }, flagged: false, tags: [] },
    });
    await expect
      .poll(async () => (await at.server.log.read(at.id, { traceId: body.trace_id })).length)
      .toBe(5);
    expect(await at.server.log.find(at.id, body.id)).toEqual(body);
  });

  it.each([
    [
      'a human agent',
      {
        kind: 'message',
        source: 'human_agent',
        message: 'hi',
        participant: { id: 'h1', display_name: 'Hana' },
      },
      { message: 'hi', participant: { id: 'h1', display_name: 'Hana' } },
    ],
    [
      'a human in the name of the agent',
      {
        kind: 'message',
        source: 'human_agent_on_behalf_of_ai_agent',
        message: 'hi',
        participant: { display_name: 'x' },
      },
      { message: 'hi', participant: { id: 'echo', display_name: 'Echo' } },
    ],
    [
      'a customer named by the operator',
      { kind: 'message', source: 'customer', message: 'hi', participant: { display_name: 'Ann A.' } },
      { message: 'hi', participant: { id: null, display_name: 'Ann A.' }, flagged: false, tags: [] },
    ],
    ['a custom event', { kind: 'custom', source: 'system', data: [0] }, [0]],
    ['a status', { kind: 'status', source: 'human_agent', status: 'typing' }, { status: 'typing', data: {} }],
    [
      'a status with data',
      { kind: 'status', source: 'system', status: 'processing', data: { stage: 'Reading' } },
      { status: 'processing', data: { stage: 'Reading' } },
    ],
  ])('stores %s for an operator', async (_name, body, data) => {
    await using at = await withSession();
    const answer = await at.post({ ...body, metadata: { m: 1 } }).expect(201);
    expect(answer.body).toMatchObject({ offset: 0, data, metadata: { m: 1 } });
  });

  it.each([
    ['a message without text', { kind: 'message', source: 'customer' }, /message/],
    ['a blank message', { kind: 'message', source: 'customer', message: ' \n' }, /message/],
    [
      'a human agent without a name',
      { kind: 'message', source: 'human_agent', message: 'hi' },
      /display_name/,
    ],
    [
      'words put into the mouth of the agent',
      { kind: 'message', source: 'ai_agent', message: 'hi' },
      /ai_agent/,
    ],
    ['a message by the page', { kind: 'message', source: 'customer_ui', message: 'hi' }, /source/],
    ['a message by the system', { kind: 'message', source: 'system', message: 'hi' }, /source/],
    ['a tool event', { kind: 'tool', source: 'ai_agent', data: {} }, /kind/],
    ['a custom event without data', { kind: 'custom', source: 'customer_ui' }, /data/],
    ['a custom event with empty data', { kind: 'custom', source: 'customer_ui', data: {} }, /data/],
    ['a custom event with 0', { kind: 'custom', source: 'customer_ui', data: 0 }, /data/],
    ['a status without a status', { kind: 'status', source: 'system' }, /status/],
    ['a status with a list', { kind: 'status', source: 'system', status: 'ready', data: [1] }, /data/],
  ])('refuses %s with a text, as Parlant does, and stores nothing', async (_name, body, text) => {
    await using at = await withSession();
    const answer = await at.post(body).expect(422);
    expect(answer.body).toMatchObject({ code: 'INVALID_EVENT', detail: expect.stringMatching(text) });
    expect(await at.server.log.read(at.id)).toEqual([]);
  });

  it.each([
    { kind: 'message', source: 'human_agent', message: 'hi', participant: { display_name: 'Hana' } },
    { kind: 'message', source: 'human_agent_on_behalf_of_ai_agent', message: 'hi' },
    { kind: 'message', source: 'customer', message: 'hi', participant: { display_name: 'Somebody' } },
    { kind: 'custom', source: 'system', data: 1 },
    { kind: 'custom', source: 'customer', data: 1 },
    { kind: 'status', source: 'customer', status: 'typing' },
    { kind: 'message', source: 'ai_agent' },
  ])('leaves %j to operators', async (body) => {
    await using at = await withSession();
    expect((await at.post(body, 'ann').expect(403)).body.code).toBe('OPERATOR_ONLY');
    expect(await at.server.log.read(at.id)).toEqual([]);
  });

  it('stores a message in a session with a human, and nothing follows', async () => {
    await using at = await withSession();
    await at.server.sessions.update(at.id, { mode: 'manual' });
    await at.post({ kind: 'message', source: 'customer', message: 'hello' }).expect(201);
    expect(await at.server.log.read(at.id)).toHaveLength(1);
    expect((await at.server.sessions.get(at.id)).lifecycle).toBe('NOT_STARTED');
  });

  it('has the agent speak again for an operator, and answers with the first status of the turn', async () => {
    await using at = await withSession();
    await at.post({ kind: 'message', source: 'customer', message: 'hello' }).expect(201);
    await expect.poll(async () => (await at.server.log.read(at.id)).length).toBe(5);
    const { body } = await at
      .post({ kind: 'message', source: 'ai_agent', message: '', guidelines: [], metadata: { ignored: 1 } })
      .expect(201);
    expect(eventSchema.parse(body)).toMatchObject({
      offset: 5,
      data: { status: 'acknowledged' },
      metadata: {},
    });
    await expect
      .poll(async () => (await at.server.log.read(at.id, { traceId: body.trace_id })).length)
      .toBe(4);
  });

  it('answers a repeat of the same request with the same status, and asks once', async () => {
    await using at = await withSession();
    await at.post({ kind: 'message', source: 'customer', message: 'hello' }).expect(201);
    await expect.poll(async () => (await at.server.log.read(at.id)).length).toBe(5);
    const ask = () =>
      at.post({ kind: 'message', source: 'ai_agent' }).set('Idempotency-Key', 'once').expect(201);
    const [first, second] = [await ask(), await ask()];
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
    await expect.poll(async () => (await at.server.log.read(at.id)).length).toBe(9);
  });

  it.each([
    ['NOTHING_TO_ANSWER', {}, {}],
    ['MANUAL_MODE', { mode: 'manual' as const }, {}],
    ['GUIDELINES_NOT_SUPPORTED', {}, { guidelines: [{ action: 'say hello', rationale: 'buy_time' }] }],
    ['INVALID_REQUEST', {}, { guidelines: [{ action: '' }] }],
    ['INVALID_REQUEST', {}, { guidelines: 'hello' }],
    ['INVALID_REQUEST', {}, { guidelines: [{ action: 'hello', rationale: 'whim' }] }],
  ])('does not have the agent speak: %s', async (code, patch, more) => {
    await using at = await withSession();
    await at.server.sessions.update(at.id, patch);
    const answer = await at.post({ kind: 'message', source: 'ai_agent', ...more }).expect(422);
    expect(answer.body.code).toBe(code);
    expect(await at.server.log.read(at.id)).toEqual([]);
  });

  it.each(['none', 'auto', 'paranoid'])('takes moderation=%s, and flags nothing', async (moderation) => {
    await using at = await withSession();
    const { body } = await at.server
      .http()
      .post(`${at.path}?moderation=${moderation}`)
      .send({ kind: 'message', source: 'customer', message: 'hello' })
      .expect(201);
    expect(body.data).toMatchObject({ flagged: false, tags: [] });
  });

  it('refuses a second message where the session answers one at a time', async () => {
    const { agent, turns } = createHeldAgent({ interruption: 'reject' });
    await using at = await withSession({ agents: [agent] });
    const say = () => at.post({ kind: 'message', source: 'customer', message: 'hello' });
    await say().expect(201);
    await expect.poll(() => turns.length).toBe(1);
    expect((await say().expect(409)).body.code).toBe('TURN_IN_PROGRESS');
    turns[0]?.finish();
  });

  it('refuses what the queue has no room for, and counts it', async () => {
    const { agent, turns } = createHeldAgent({ interruption: 'enqueue' });
    await using at = await withSession({ agents: [agent], settings: { queueLimit: 1 } });
    const say = () => at.post({ kind: 'message', source: 'customer', message: 'hello' });
    await say().expect(201);
    await expect.poll(() => turns.length).toBe(1);
    await say().expect(201);
    const { body, headers } = await say().expect(429);
    expect(body.code).toBe('QUEUE_FULL');
    expect(headers['retry-after']).toBe('1');
    const { text } = await at.server.http().get('/metrics');
    expect(text).toContain('colloquy_queue_overflows_total 1');
    expect(text).toContain('colloquy_errors_total{code="QUEUE_FULL"} 1');
    expect(text).toContain('colloquy_queue_depth 1');
    expect(at.server.logged.join('')).toContain('QUEUE_FULL');
  });
});

describe('GET /sessions/{id}/events as JSON', () => {
  async function offsets(server: TestServer, path: string): Promise<number[]> {
    const { body } = await server.http().get(path).expect(200);
    return body.map(({ offset }: { offset: number }) => offset);
  }

  it('lists from min_offset, which counts itself in, in order', async () => {
    await using at = await withSession();
    for (const n of [0, 1, 2]) await at.post(custom(n));
    expect(await offsets(at.server, at.path)).toEqual([0, 1, 2]);
    expect(await offsets(at.server, `${at.path}?min_offset=1`)).toEqual([1, 2]);
    expect(await offsets(at.server, `${at.path}?min_offset=-5`)).toEqual([0, 1, 2]);
    expect(await offsets(at.server, `${at.path}?min_offset=3&wait_for_data=0`)).toEqual([]);
    expect(await offsets(at.server, `${at.path}?min_offset=999999999999999&wait_for_data=-1`)).toEqual([]);
  });

  it('filters by kinds (listed or repeated), source and trace, also by its old name', async () => {
    await using at = await withSession();
    await at.post(custom(0));
    const { body } = await at.post({ kind: 'status', source: 'system', status: 'typing' });
    await at.post({ kind: 'message', source: 'human_agent_on_behalf_of_ai_agent', message: 'hi' });
    expect(await offsets(at.server, `${at.path}?kinds=custom,message`)).toEqual([0, 2]);
    expect(await offsets(at.server, `${at.path}?kinds=custom&kinds=status`)).toEqual([0, 1]);
    expect(await offsets(at.server, `${at.path}?source=system`)).toEqual([1]);
    expect(await offsets(at.server, `${at.path}?trace_id=${body.trace_id}`)).toEqual([1]);
    expect(await offsets(at.server, `${at.path}?correlation_id=${body.trace_id}`)).toEqual([1]);
    expect(await offsets(at.server, `${at.path}?kinds=tool&wait_for_data=0`)).toEqual([]);
  });

  it.each([499, 500, 501, 1000, 1203])('lists all there is, also when that is a lot: %d', async (count) => {
    await using at = await withSession();
    const draft = { kind: 'custom', source: 'system', trace_id: 't', data: { text: 'ä\n"' } } as const;
    await at.server.log.append(
      at.id,
      Array.from({ length: count }, () => draft),
    );
    const { body } = await at.server.http('ann').get(at.path).expect(200);
    expect(body).toEqual(await at.server.log.read(at.id));
    expect(body).toHaveLength(count);
    const dump = await fetch(`${at.server.url}${at.path}?sse=true&wait_for_data=0`);
    expect((await dump.text()).match(/^data: /gm)).toHaveLength(count);
  });

  it('stops reading a long list when its client has left', async () => {
    await using at = await withSession();
    const draft = {
      kind: 'custom',
      source: 'system',
      trace_id: 't',
      data: { text: 'x'.repeat(10_000) },
    } as const;
    for (let n = 0; n < 10; n++)
      await at.server.log.append(
        at.id,
        Array.from({ length: 200 }, () => draft),
      );
    const leave = new AbortController();
    const response = await fetch(`${at.server.url}${at.path}`, { signal: leave.signal });
    leave.abort();
    await expect(response.text()).rejects.toThrow('aborted');
    await expect
      .poll(() =>
        at.server.logged.filter((line) => line.includes('/events') && line.includes('"status":200')),
      )
      .toHaveLength(1);
    expect(at.server.logged.join('')).not.toContain('INTERNAL_ERROR');
  });

  it('waits for an event that matches, and answers with it', async () => {
    await using at = await withSession();
    await at.post(custom(0));
    const waiting = at.server
      .http('ann')
      .get(`${at.path}?min_offset=1&kinds=status`)
      .then(({ body }) => body);
    await expect.poll(() => at.server.log.followers(at.id)).toBe(1);
    await at.post(custom(1));
    await at.post({ kind: 'status', source: 'system', status: 'typing' });
    expect(await waiting).toMatchObject([{ offset: 2, kind: 'status' }]);
    await expect.poll(() => at.server.log.followers(at.id)).toBe(0);
  });

  it('answers 504 when nothing came in time', async () => {
    await using at = await withSession();
    const { body, type } = await at.server.http('ann').get(`${at.path}?wait_for_data=1`).expect(504);
    expect(type).toBe('application/json');
    expect(body).toMatchObject({ detail: 'Request timed out', code: 'POLL_TIMED_OUT' });
    expect(at.server.log.followers(at.id)).toBe(0);
  });

  it('answers 404 when the session is deleted meanwhile', async () => {
    await using at = await withSession();
    const waiting = at.server
      .http('ann')
      .get(at.path)
      .then(({ status }) => status);
    await expect.poll(() => at.server.log.followers(at.id)).toBe(1);
    await at.server.sessions.delete(at.id);
    expect(await waiting).toBe(404);
  });

  it('waits no longer for a client that went away', async () => {
    await using at = await withSession();
    const leave = new AbortController();
    const waiting = fetch(`${at.server.url}${at.path}`, { signal: leave.signal });
    await expect.poll(() => at.server.log.followers(at.id)).toBe(1);
    leave.abort();
    await expect(waiting).rejects.toThrow('aborted');
    await expect.poll(() => at.server.log.followers(at.id)).toBe(0);
  });

  it('does not wait, nor send a body, when only the head is asked for', async () => {
    await using at = await withSession();
    const response = await fetch(`${at.server.url}${at.path}`, {
      method: 'HEAD',
      headers: { accept: 'text/event-stream' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch('application/json');
  });
});
