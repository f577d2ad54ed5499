/** Sessions and events through Parlant's official client, over a real socket. */
import { Parlant, ParlantError } from 'parlant-client';
import { describe, expect, it } from 'vitest';
import { createParlantClient } from '../support/parlant-client.ts';
import { createHeldAgent, shorten } from '../support/runtime.ts';
import { startServer, type TestServerOptions } from '../support/server.ts';

/** Without these the client asks again behind every 504, and gives up when the server does. */
const once = { maxRetries: 0, timeoutInSeconds: 30 };
const hello = { kind: 'message', source: 'customer', message: 'hello' } as const;

async function start(options: TestServerOptions = {}) {
  const server = await startServer(options);
  const { sessions } = createParlantClient(server);
  return {
    server,
    sessions,
    create: (more: Partial<Parlant.SessionCreationParams> = {}) =>
      sessions.create({ agentId: server.settings.defaultAgent, ...more }),
    /** Everything there is now. */
    history: (id: string, filter: Parlant.SessionsListEventsRequest = {}) =>
      sessions.listEvents(id, { waitForData: 0, ...filter }, once),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const story = (events: readonly Parlant.Event[]) => events.map((event) => shorten(event as never)); // the same envelope

async function expectFailure(answer: Promise<unknown>, statusCode: number, code: string) {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ParlantError);
  expect(error).toMatchObject({ statusCode, body: { code } });
}

describe('sessions, with the official client', () => {
  it('are created with defaults, read, listed, changed and deleted', async () => {
    await using at = await start();
    const made = await at.create();
    expect(made).toMatchObject({
      id: expect.stringMatching(/^[0-9A-Za-z]{10}$/),
      agentId: 'echo',
      customerId: 'guest',
      creationUtc: expect.any(Date),
      mode: 'auto',
      consumptionOffsets: { client: 0 },
      metadata: {},
      labels: [],
    });
    expect(made.title).toBeUndefined();
    expect(await at.sessions.retrieve(made.id)).toEqual(made);
    expect(await at.sessions.list()).toEqual([made]);
    const changed = await at.sessions.update(made.id, {
      title: '',
      mode: 'manual',
      consumptionOffsets: { client: 3 },
      metadata: { set: { a: 1, b: [null] }, unset: ['c'] },
      labels: { upsert: ['x', 'y', 'x'], remove: ['z'] },
    });
    expect(changed).toMatchObject({
      title: '',
      mode: 'manual',
      consumptionOffsets: { client: 3 },
      metadata: { a: 1, b: [null] },
      labels: ['x', 'y'],
    });
    const again = await at.sessions.update(made.id, {
      consumptionOffsets: { client: 0 },
      metadata: { set: { a: 2, c: 3 }, unset: ['b', 'c'] },
      labels: { upsert: ['w', 'v'], remove: ['v', 'x'] },
    });
    expect(again).toMatchObject({
      title: '',
      mode: 'manual',
      consumptionOffsets: { client: 0 },
      metadata: { a: 2 },
      labels: ['y', 'w'],
    });
    expect(await at.sessions.update(made.id)).toEqual(again);
    expect(await at.history(made.id)).toEqual([]);
    await at.sessions.delete(made.id);
    await expectFailure(at.sessions.retrieve(made.id), 404, 'SESSION_NOT_FOUND');
    await expectFailure(at.sessions.delete(made.id), 404, 'SESSION_NOT_FOUND');
    await expectFailure(at.sessions.update(made.id, { title: 'x' }), 404, 'SESSION_NOT_FOUND');
  });

  it('take every field at creation; a greeting that nobody has to say is no event', async () => {
    await using at = await start();
    const fields = {
      customerId: 'ann',
      title: 'T'.repeat(200),
      metadata: { deep: { er: [1, 'two', null] } },
      labels: ['b', 'a', 'b'],
    };
    const made = await at.create({ ...fields, allowGreeting: true });
    expect(made).toMatchObject({ ...fields, labels: ['b', 'a'] });
    expect(await at.history(made.id)).toEqual([]);
  });

  it('are refused with what is wrong', async () => {
    await using at = await start();
    await expectFailure(at.create({ agentId: 'nobody' }), 404, 'AGENT_NOT_FOUND');
    await expect(at.create({ title: 'T'.repeat(201) })).rejects.toThrow(Parlant.UnprocessableEntityError);
    const { id } = await at.create();
    await expectFailure(at.sessions.update(id, { title: 'T'.repeat(201) }), 422, 'INVALID_REQUEST');
    await expectFailure(
      at.sessions.update(id, { consumptionOffsets: { client: -1 } }),
      422,
      'INVALID_REQUEST',
    );
    await expectFailure(at.sessions.update(id, { agentId: 'nobody' }), 404, 'AGENT_NOT_FOUND');
  });

  it('are listed by page and label, with the right counts', async () => {
    await using at = await start();
    const made: Parlant.Session[] = [];
    for (let n = 0; n < 7; n++) {
      const labels = n % 2 === 0 ? ['even', `n${n}`] : ['odd'];
      made.push(await at.create({ customerId: n < 5 ? 'ann' : 'bob', labels }));
    }
    const ids = made.map(({ id }) => id);
    const pages = async (query: Parlant.SessionsListRequest) => {
      const seen: { ids: number[]; total: number; more: boolean }[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await at.sessions.list({ ...query, ...(cursor !== undefined && { cursor }) });
        if (Array.isArray(page)) throw new Error('a page was asked for');
        seen.push({
          ids: page.items.map(({ id }) => ids.indexOf(id)),
          total: page.totalCount,
          more: page.hasMore,
        });
        cursor = page.nextCursor;
        if (cursor === undefined) return seen;
      }
    };
    expect(await pages({ limit: 3 })).toEqual([
      { ids: [0, 1, 2], total: 7, more: true },
      { ids: [3, 4, 5], total: 4, more: true },
      { ids: [6], total: 1, more: false },
    ]);
    expect(await pages({ limit: 4, sort: 'desc', customerId: 'ann' })).toEqual([
      { ids: [4, 3, 2, 1], total: 5, more: true },
      { ids: [0], total: 1, more: false },
    ]);
    expect(await pages({ limit: 2, labels: 'even' })).toEqual([
      { ids: [0, 2], total: 4, more: true },
      { ids: [4, 6], total: 2, more: false },
    ]);
    expect(await pages({ limit: 7, labels: ['even', 'n4'] })).toEqual([{ ids: [4], total: 1, more: false }]);
    expect(await at.sessions.list({ cursor: 'no cursor', agentId: 'echo' })).toHaveLength(7);
    expect(await at.sessions.list({ agentId: 'other' })).toEqual([]);
    for (const limit of [0, 101]) await expectFailure(at.sessions.list({ limit }), 422, 'INVALID_REQUEST');
    await at.sessions.deleteMany({ customerId: 'ann' });
    expect(await at.sessions.list()).toHaveLength(2);
    await at.sessions.deleteMany();
    expect(await at.sessions.list()).toEqual([]);
  });
});

describe('events, with the official client', () => {
  it('of a turn come one after the other by long-polling, all of one trace', async () => {
    await using at = await start();
    const { id } = await at.create({ customerId: 'ann' });
    const polled = at.sessions.listEvents(id, { minOffset: 1, waitForData: 20 }, once);
    const posted = await at.sessions.createEvent(id, hello, once);
    expect(posted).toMatchObject({
      offset: 0,
      correlationId: posted.traceId,
      data: { message: 'hello', participant: { id: 'ann', display_name: 'ann' }, flagged: false, tags: [] },
      metadata: {},
      deleted: false,
    });
    const events = [posted, ...(await polled)];
    while (shorten(events.at(-1) as never) !== 'completed') {
      const minOffset = (events.at(-1)?.offset ?? 0) + 1;
      events.push(...(await at.sessions.listEvents(id, { minOffset, waitForData: 20 }, once)));
    }
    expect(story(events)).toEqual([
      'customer: hello',
      'acknowledged',
      'processing',
      'agent: echo: hello',
      'completed',
    ]);
    expect(new Set(events.map(({ traceId }) => traceId)).size).toBe(1);
    expect(events.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
    expect(await at.history(id)).toEqual(events);
  });

  it('that do not come are a 504, and none with waitForData 0', async () => {
    await using at = await start();
    const { id } = await at.create();
    const answer = at.sessions.listEvents(id, { waitForData: 1 }, once);
    await expect(answer).rejects.toThrow(Parlant.GatewayTimeoutError);
    await expect(answer).rejects.toMatchObject({ body: { detail: 'Request timed out' } });
    expect(await at.history(id)).toEqual([]);
    await expectFailure(at.history('nobody'), 404, 'SESSION_NOT_FOUND');
  });

  it('that are waited for are a 404 when the session is deleted meanwhile', async () => {
    await using at = await start();
    const { id } = await at.create();
    const answer = expectFailure(
      at.sessions.listEvents(id, { waitForData: 20 }, once),
      404,
      'SESSION_NOT_FOUND',
    );
    await expect.poll(() => at.server.log.followers(id)).toBe(1);
    await at.sessions.delete(id);
    await answer;
  });

  it('wake those who wait for them, and not those who wait for others', async () => {
    await using at = await start();
    const { id } = await at.create();
    const wait = (filter: Parlant.SessionsListEventsRequest) =>
      at.sessions.listEvents(id, { waitForData: 20, ...filter }, once);
    const custom = wait({ kinds: 'custom,tool' });
    const system = wait({ source: 'system' });
    await expect.poll(() => at.server.log.followers(id)).toBe(2);
    const first = await at.sessions.createEvent(id, { kind: 'custom', source: 'customer_ui', data: [0] });
    expect(await custom).toEqual([first]);
    expect(at.server.log.followers(id)).toBe(1);
    const second = await at.sessions.createEvent(id, { kind: 'status', source: 'system', status: 'typing' });
    expect(await system).toEqual([second]);
  });

  it('are filtered by source, kinds, trace and offset', async () => {
    await using at = await start();
    const { id } = await at.create();
    const { traceId } = await at.sessions.createEvent(id, hello, once);
    await expect.poll(async () => (await at.history(id)).length).toBe(5);
    await at.sessions.createEvent(id, { kind: 'custom', source: 'customer_ui', data: { n: 1 } });
    const offsets = async (filter: Parlant.SessionsListEventsRequest) =>
      (await at.history(id, filter)).map(({ offset }) => offset);
    expect(await offsets({ source: 'customer' })).toEqual([0]);
    expect(await offsets({ kinds: 'message' })).toEqual([0, 3]);
    expect(await offsets({ kinds: 'message,custom' })).toEqual([0, 3, 5]);
    // As the client sends a list, which Parlant's documentation shows and its server misreads.
    expect(await offsets({ kinds: ['message', 'custom'] as never })).toEqual([0, 3, 5]);
    expect(await offsets({ traceId, minOffset: 2 })).toEqual([2, 3, 4]);
    expect(await offsets({ correlationId: traceId, kinds: 'message' })).toEqual([0, 3]);
    expect(await offsets({ minOffset: -5 })).toHaveLength(6);
    expect(await offsets({ minOffset: 6 })).toEqual([]);
    await expectFailure(at.history(id, { kinds: 'message,gossip' }), 422, 'INVALID_REQUEST');
  });

  it('of every kind and source are posted by their rules', async () => {
    await using at = await start();
    const { id } = await at.create({ customerId: 'ann' });
    const { sessions } = at;
    const post = (event: Parlant.EventCreationParams) => sessions.createEvent(id, event, once);
    const human = { id: 'h1', displayName: 'Hana' };
    expect(
      await post({ kind: 'message', source: 'human_agent', message: 'hi', participant: human }),
    ).toMatchObject({ data: { message: 'hi', participant: { id: 'h1', display_name: 'Hana' } } });
    expect(
      await post({
        kind: 'message',
        source: 'human_agent_on_behalf_of_ai_agent',
        message: 'hi',
        participant: human,
      }),
    ).toMatchObject({ data: { message: 'hi', participant: { id: 'echo', display_name: 'Echo' } } });
    expect(
      await post({ kind: 'custom', source: 'ai_agent', data: { a: [1] }, metadata: { m: 1 } }),
    ).toMatchObject({ data: { a: [1] }, metadata: { m: 1 } });
    expect(
      await post({ kind: 'status', source: 'system', status: 'processing', data: { stage: 'Reading' } }),
    ).toMatchObject({ data: { status: 'processing', data: { stage: 'Reading' } } });
    expect(await at.history(id)).toHaveLength(4);
    for (const [event, about] of [
      [{ kind: 'message', source: 'customer' }, 'message'],
      [{ kind: 'message', source: 'human_agent', message: 'hi' }, 'display_name'],
      [{ kind: 'message', source: 'human_agent_on_behalf_of_ai_agent' }, 'message'],
      [{ kind: 'message', source: 'ai_agent', message: 'hi' }, 'dictated'],
      [{ kind: 'message', source: 'system', message: 'hi' }, 'source'],
      [{ kind: 'custom', source: 'customer_ui' }, 'data'],
      [{ kind: 'status', source: 'system' }, 'status'],
      [{ kind: 'tool', source: 'system', data: {} }, 'kind'],
    ] as const)
      await expect(post(event)).rejects.toMatchObject({
        statusCode: 422,
        body: { detail: expect.stringContaining(about) },
      });
    expect(await at.history(id)).toHaveLength(4);
  });

  it('are read one by one, and their metadata changed', async () => {
    await using at = await start();
    const { id } = await at.create();
    const posted = await at.sessions.createEvent(id, { kind: 'custom', source: 'customer_ui', data: [0] });
    expect(await at.sessions.readEvent(id, posted.id)).toEqual(posted);
    const whole = { waitForCompletion: true, waitForData: 20 };
    expect(await at.sessions.readEvent(id, posted.id, whole, once)).toEqual(posted);
    const set = await at.sessions.updateEvent(id, posted.id, { metadata: { set: { a: 1, b: 2 } } });
    expect(set).toEqual({ ...posted, metadata: { a: 1, b: 2 } });
    const unset = await at.sessions.updateEvent(id, posted.id, {
      metadata: { set: { c: 3 }, unset: ['a', 'c'] },
    });
    expect(unset.metadata).toEqual({ b: 2 });
    expect(await at.history(id)).toEqual([unset]);
    await expectFailure(at.sessions.readEvent(id, 'none'), 404, 'EVENT_NOT_FOUND');
    await expectFailure(at.sessions.updateEvent(id, 'none', {}), 404, 'EVENT_NOT_FOUND');
  });

  it('are deleted from where a turn begins, and sent again', async () => {
    await using at = await start();
    const { id } = await at.create();
    for (const n of [1, 2]) {
      await at.sessions.createEvent(id, hello, once);
      await expect.poll(async () => (await at.history(id)).length).toBe(5 * n);
    }
    await expectFailure(at.sessions.deleteEvents(id, { minOffset: 7 }), 422, 'MID_TURN');
    const { id: deleted } = (await at.history(id))[5]!;
    await at.sessions.deleteEvents(id, { minOffset: 5 });
    await at.sessions.deleteEvents(id, { minOffset: 5 });
    expect(await at.history(id)).toHaveLength(5);
    expect(await at.sessions.readEvent(id, deleted)).toMatchObject({ deleted: true });
    await expectFailure(at.sessions.updateEvent(id, deleted, {}), 404, 'EVENT_NOT_FOUND');
    expect(await at.sessions.createEvent(id, hello, once)).toMatchObject({ offset: 10 });
  });
});

describe('a conversation, with the official client', () => {
  it('goes on with the newest message: the turn before is cancelled, then ready, then the new one begins', async () => {
    const { agent, turns } = createHeldAgent();
    await using at = await start({ agents: [agent] });
    const { id } = await at.create();
    const first = await at.sessions.createEvent(id, { ...hello, message: 'one' }, once);
    await expect.poll(() => turns.length).toBe(1);
    const second = await at.sessions.createEvent(id, { ...hello, message: 'two' }, once);
    await expect.poll(() => turns.length).toBe(2);
    await turns[1]?.say('both');
    turns[1]?.finish();
    await expect.poll(async () => story(await at.history(id)).at(-1)).toBe('completed');
    expect(story(await at.history(id, { traceId: first.traceId }))).toEqual([
      'customer: one',
      'acknowledged',
      'processing',
      'cancelled',
      'completed',
    ]);
    const answered = await at.history(id, { traceId: second.traceId });
    expect(story(answered).filter((what) => what !== 'typing')).toEqual([
      'customer: two',
      'acknowledged',
      'processing',
      'agent: both',
      'completed',
    ]);
    const begun = answered.find((event) => shorten(event as never) === 'acknowledged');
    const closed = (await at.history(id)).filter(({ traceId }) => traceId === first.traceId).at(-1);
    expect(begun?.offset).toBeGreaterThan(closed?.offset ?? Infinity);
  });

  it('is answered by a human in mode manual, and by the agent when it is asked to', async () => {
    await using at = await start();
    const { id } = await at.create();
    await at.sessions.update(id, { mode: 'manual' });
    await at.sessions.createEvent(id, hello, once);
    const ask = () => at.sessions.createEvent(id, { kind: 'message', source: 'ai_agent' }, once);
    await expectFailure(ask(), 422, 'MANUAL_MODE');
    await at.sessions.createEvent(id, {
      kind: 'message',
      source: 'human_agent',
      message: 'A moment, please.',
      participant: { displayName: 'Hana' },
    });
    await at.sessions.update(id, { mode: 'auto' });
    expect(story(await at.history(id))).toEqual(['customer: hello', 'human_agent: A moment, please.']);
    const { traceId, data } = await ask();
    expect(data).toEqual({ status: 'acknowledged', data: {} });
    await expect
      .poll(async () => story(await at.history(id, { traceId })))
      .toEqual(['acknowledged', 'processing', 'agent: echo: hello', 'completed']);
    await expectFailure(
      at.sessions.createEvent(
        id,
        {
          kind: 'message',
          source: 'ai_agent',
          guidelines: [{ action: 'say hello', rationale: 'buy_time' }],
        },
        once,
      ),
      422,
      'GUIDELINES_NOT_SUPPORTED',
    );
  });

  it('survives the client’s own repeats of an idle poll', async () => {
    await using at = await start();
    const { id } = await at.create();
    const answer = at.sessions.listEvents(id, { waitForData: 1 }, { timeoutInSeconds: 30 });
    await expect.poll(() => at.server.log.followers(id)).toBe(1);
    await expect.poll(() => at.server.log.followers(id), { timeout: 5_000 }).toBe(0);
    const posted = await at.sessions.createEvent(id, { kind: 'custom', source: 'customer_ui', data: [1] });
    expect(await answer).toEqual([posted]);
  });
});
