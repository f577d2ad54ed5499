import { Parlant, ParlantError } from 'parlant-client';
import { describe, expect, it } from 'vitest';
import { createParlantClient, type ParlantClient } from '../support/parlant-client.ts';
import { startServer } from '../support/server.ts';

/** A server, and Parlant's official client towards it. */
async function start() {
  const server = await startServer();
  return {
    server,
    client: createParlantClient(server),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const anId = expect.stringMatching(/^[0-9A-Za-z]{10}$/);
const noAgent = '0000000000';

describe('agents, with the official client', () => {
  it('are created with defaults, read, listed behind the configured ones, changed and deleted', async () => {
    await using at = await start();
    const { agents } = at.client;
    const made = await agents.create({ name: 'Haxon', description: 'Sells phones' });
    expect(made).toEqual({
      id: anId,
      name: 'Haxon',
      description: 'Sells phones',
      maxEngineIterations: 3,
      compositionMode: 'fluid',
      messageOutputMode: 'block',
      tags: [],
    });
    expect(await agents.retrieve(made.id)).toEqual(made);
    expect((await agents.list()).map(({ id }) => id)).toEqual(['echo', made.id]);
    const changed = await agents.update(made.id, {
      name: 'Haxon II',
      maxEngineIterations: 5,
      compositionMode: Parlant.CompositionModeDto.StrictCanned,
      messageOutputMode: Parlant.MessageOutputModeDto.Stream,
    });
    expect(changed).toEqual({
      ...made,
      name: 'Haxon II',
      maxEngineIterations: 5,
      compositionMode: 'strict_canned',
      messageOutputMode: 'stream',
    });
    expect(await agents.update(made.id, {})).toEqual(changed);
    await agents.delete(made.id);
    await expect(agents.retrieve(made.id)).rejects.toThrow(Parlant.NotFoundError);
    await expect(agents.delete(made.id)).rejects.toThrow(Parlant.NotFoundError);
    await expect(agents.update(made.id, { name: 'x' })).rejects.toThrow(Parlant.NotFoundError);
  });

  it('take every field at creation, and an id of the client’s choice once', async () => {
    await using at = await start();
    const { agents, tags } = at.client;
    const vip = await tags.create({ name: 'vip' });
    const all = {
      id: 'my agent/1',
      name: 'Ünï 🤖 中文',
      description: '',
      maxEngineIterations: 1,
      compositionMode: Parlant.CompositionModeDto.CompositedCanned,
      messageOutputMode: Parlant.MessageOutputModeDto.Stream,
      tags: [vip.id],
    };
    expect(await agents.create(all)).toEqual(all);
    expect(await agents.retrieve(all.id)).toEqual(all);
    await expectCode(agents.create({ ...all, name: 'Another' }), 422, 'ID_TAKEN');
    await expectCode(agents.create({ id: 'echo', name: 'Another' }), 422, 'ID_TAKEN');
    expect(await agents.retrieve(all.id)).toEqual(all);
    await agents.delete(all.id);
    await expect(agents.retrieve(all.id)).rejects.toThrow(Parlant.NotFoundError);
  });

  it('have ids made of their content, also when the content is the same', async () => {
    await using one = await start();
    await using other = await start();
    const make = async ({ agents }: ParlantClient) => [
      (await agents.create({ name: 'Same' })).id,
      (await agents.create({ name: 'Same' })).id,
      (await agents.create({ name: 'Other' })).id,
    ];
    const ids = await make(one.client);
    expect(new Set(ids).size).toBe(3);
    expect(await make(other.client)).toEqual(ids);
  });

  it('can hold sessions at once, and say honestly that they were taught nothing', async () => {
    await using at = await start();
    const { client, server } = at;
    const agent = await client.agents.create({ name: 'Novice', description: 'Secret purpose' });
    const session = await client.sessions.create({ agentId: agent.id, customerId: 'ann' });
    await client.sessions.createEvent(
      session.id,
      { kind: 'message', source: 'customer', message: 'Hello?' },
      { maxRetries: 0 },
    );
    const texts = async () =>
      (await server.log.read(session.id, { kinds: ['message'], source: 'ai_agent' })).map(({ data }) => data);
    await expect
      .poll(texts)
      .toMatchObject([{ message: "I don't know: I am Novice, and I have not been taught anything yet." }]);
    await server.restart();
    const chat = await server.http('bob').post('/api/chat').send({ message: 'And you?', intent: agent.id });
    expect(chat.body).toMatchObject({ status: 'ready', messages: [{ source: 'ai_agent' }] });
    expect(JSON.stringify(chat.body)).not.toContain('Secret purpose');
    await client.agents.update(agent.id, { name: 'Renamed' });
    const again = await server.http('bob').post('/api/chat').send({ message: 'Again', intent: agent.id });
    expect(again.body.messages[0].data.message).toContain('I am Renamed');
  });

  it('leave their sessions readable when they are deleted, and the server fit to start', async () => {
    await using at = await start();
    const { client, server } = at;
    const agent = await client.agents.create({ name: 'Gone soon' });
    const session = await client.sessions.create({ agentId: agent.id });
    await client.agents.delete(agent.id);
    const post = server.http().post(`/sessions/${session.id}/events`);
    const { status, body } = await post.send({ kind: 'message', source: 'customer', message: 'Anybody?' });
    expect([status, body.code]).toEqual([404, 'AGENT_NOT_FOUND']);
    await server.restart();
    expect(await client.sessions.retrieve(session.id)).toMatchObject({ agentId: agent.id });
    expect(await server.log.read(session.id)).toEqual([]);
  });

  it('of the configuration are read, and changed only there', async () => {
    await using at = await start();
    const { agents } = at.client;
    const before = await agents.retrieve('echo');
    expect(before).toMatchObject({ id: 'echo', name: 'Echo', maxEngineIterations: 1, tags: [] });
    await expectCode(agents.update('echo', { name: 'Mine' }), 409, 'AGENT_CONFIGURED');
    await expectCode(agents.delete('echo'), 409, 'AGENT_CONFIGURED');
    expect(await agents.list()).toEqual([before]);
  });

  it('carry ordinary tags only', async () => {
    await using at = await start();
    const { agents, tags } = at.client;
    const [red, blue] = [await tags.create({ name: 'red' }), await tags.create({ name: 'blue' })];
    const { id } = await agents.create({ name: 'Tagged', tags: [red.id, red.id] });
    expect((await agents.update(id, { tags: { add: [blue.id, red.id] } })).tags).toEqual([red.id, blue.id]);
    expect((await agents.update(id, { tags: { remove: [red.id] } })).tags).toEqual([blue.id]);
    await expectCode(agents.update(id, { tags: { remove: [red.id] } }), 404, 'TAG_NOT_ATTACHED');
    await expectCode(agents.update(id, { name: 'x', tags: { add: [red.id, 'none'] } }), 404, 'TAG_NOT_FOUND');
    await expectCode(agents.update(id, { tags: { add: ['agent:echo'] } }), 404, 'TAG_NOT_FOUND');
    await expectCode(agents.create({ name: 'Lost', tags: ['none'] }), 404, 'TAG_NOT_FOUND');
    expect(await agents.retrieve(id)).toMatchObject({ name: 'Tagged', tags: [blue.id] });
    expect((await agents.list()).length).toBe(2);
  });
});

describe('customers, with the official client', () => {
  it('are created, read, listed behind the guest, changed and deleted', async () => {
    await using at = await start();
    const { customers } = at.client;
    const made = await customers.create({
      name: 'Beth',
      metadata: { 'e-mail': 'beth@example.com', plan: '' },
    });
    expect(made).toEqual({
      id: anId,
      creationUtc: expect.any(Date),
      name: 'Beth',
      metadata: { 'e-mail': 'beth@example.com', plan: '' },
      tags: [],
    });
    expect(await customers.retrieve(made.id)).toEqual(made);
    expect(await customers.list()).toMatchObject([
      { id: 'guest', name: 'Guest', metadata: {}, tags: [] },
      made,
    ]);
    const changed = await customers.update(made.id, {
      name: 'Bethany',
      metadata: { set: { plan: 'gold', both: 'x' }, unset: ['e-mail', 'both', 'never there'] },
    });
    expect(changed).toEqual({ ...made, name: 'Bethany', metadata: { plan: 'gold' } });
    expect(await customers.update(made.id)).toEqual(changed);
    await customers.delete(made.id);
    await expect(customers.retrieve(made.id)).rejects.toThrow(Parlant.NotFoundError);
    await expect(customers.delete(made.id)).rejects.toThrow(Parlant.NotFoundError);
    await expect(customers.update(made.id, { name: 'x' })).rejects.toThrow(Parlant.NotFoundError);
  });

  it('take an id of the client’s choice once', async () => {
    await using at = await start();
    const { customers } = at.client;
    const id = 'crm:4711/β 🙂';
    const made = await customers.create({ id, name: 'é'.repeat(100) });
    expect(await customers.retrieve(id)).toEqual(made);
    await expectCode(customers.create({ id, name: 'Another' }), 422, 'ID_TAKEN');
    await expectCode(customers.create({ id: 'guest', name: 'Another' }), 422, 'ID_TAKEN');
    expect(await customers.retrieve(id)).toEqual(made);
  });

  it('may share a name', async () => {
    await using at = await start();
    const ids = await Promise.all(
      Array.from({ length: 30 }, async () => (await at.client.customers.create({ name: 'John Smith' })).id),
    );
    expect(new Set(ids).size).toBe(30);
    for (const id of ids) expect(id).toEqual(anId);
  });

  it('include the guest, who can be changed like everybody, and cannot be deleted', async () => {
    await using at = await start();
    const { customers } = at.client;
    const guest = await customers.retrieve('guest');
    await expectCode(customers.delete('guest'), 422, 'GUEST_CUSTOMER');
    await customers.update('guest', { metadata: { set: { lang: 'de' } } });
    await at.server.restart();
    expect(await customers.retrieve('guest')).toEqual({ ...guest, metadata: { lang: 'de' } });
  });

  it('carry tags, also those of agents that exist', async () => {
    await using at = await start();
    const { agents, customers, tags } = at.client;
    const vip = await tags.create({ name: 'vip' });
    const agent = await agents.create({ name: 'Own agent' });
    const { id } = await customers.create({ name: 'Beth', tags: [`agent:${agent.id}`] });
    const tagged = await customers.update(id, { tags: { add: [vip.id, 'agent:echo', vip.id] } });
    expect(tagged.tags).toEqual([`agent:${agent.id}`, vip.id, 'agent:echo']);
    for (const tag of ['none', 'agent:none', 'journey:any', 'agent:', vip.name]) {
      await expectCode(customers.update(id, { name: 'x', tags: { add: [tag] } }), 404, 'TAG_NOT_FOUND');
      await expectCode(customers.create({ name: 'x', tags: [vip.id, tag] }), 404, 'TAG_NOT_FOUND');
    }
    await expectCode(
      customers.update(id, { metadata: { set: { a: '1' } }, tags: { remove: ['agent:echo', 'none'] } }),
      404,
      'TAG_NOT_ATTACHED',
    );
    expect(await customers.retrieve(id)).toEqual(tagged);
    await agents.delete(agent.id);
    await tags.delete(vip.id);
    expect((await customers.retrieve(id)).tags).toEqual(['agent:echo']);
    expect((await customers.update(id, { tags: { remove: ['agent:echo'] } })).tags).toEqual([]);
  });

  it.each(['asc', 'desc'] as const)(
    'are walked page by page (%s), the guest first, whoever comes in between',
    async (sort) => {
      await using at = await start();
      const { customers } = at.client;
      const ids: string[] = [];
      for (let n = 0; n < 7; n++) ids.push((await customers.create({ name: `c${n}` })).id);
      if (sort === 'desc') ids.reverse();
      for (const limit of [1, 2, 3, 100])
        expect(await walk(at.client, { limit, sort })).toEqual(['guest', ...ids]);

      const first = toPage(await customers.list({ limit: 3, sort }));
      expect(first).toMatchObject({ totalCount: 8, hasMore: true });
      expect(first.items.map(({ id }) => id)).toEqual(['guest', ...ids.slice(0, 2)]);
      await customers.delete(ids[1]!);
      await customers.delete(ids[3]!);
      const late = await customers.create({ name: 'late' });
      const rest = toPage(await customers.list({ limit: 2, sort, cursor: first.nextCursor! }));
      expect(rest).toMatchObject({ totalCount: sort === 'asc' ? 5 : 4, hasMore: true });
      const walked = [
        ...rest.items.map(({ id }) => id),
        ...(await walk(at.client, { limit: 2, sort, cursor: rest.nextCursor! })),
      ];
      const expected = ids.slice(2).filter((_, index) => index !== 1);
      expect(walked).toEqual(sort === 'asc' ? [...expected, late.id] : expected);
    },
  );

  it('are one page when they fit on it', async () => {
    await using at = await start();
    const page = toPage(await at.client.customers.list({ limit: 1 }));
    expect(page).toMatchObject({ items: [{ id: 'guest' }], totalCount: 1, hasMore: false });
    expect(page.nextCursor ?? null).toBeNull();
    const other = toPage(await at.client.customers.list({ limit: 5, cursor: 'no cursor at all' }));
    expect(other).toMatchObject({ items: [{ id: 'guest' }], hasMore: false });
  });
});

describe('tags, with the official client', () => {
  it('are created, read, found by name, renamed and deleted', async () => {
    await using at = await start();
    const { tags } = at.client;
    const vip = await tags.create({ name: 'VIP' });
    expect(vip).toEqual({ id: anId, name: 'VIP' });
    const other = await tags.create({ name: '🏷️'.repeat(25) });
    expect(await tags.retrieve(vip.id)).toEqual(vip);
    expect(await tags.list()).toEqual([vip, other]);
    expect(await tags.list({ name: 'VIP' })).toEqual([vip]);
    expect(await tags.list({ name: 'vip' })).toEqual([]);
    expect(await tags.update(vip.id, { name: 'gold' })).toEqual({ id: vip.id, name: 'gold' });
    expect(await tags.create({ name: 'VIP' })).toEqual({ id: anId, name: 'VIP' });
    await tags.delete(vip.id);
    await expect(tags.retrieve(vip.id)).rejects.toThrow(Parlant.NotFoundError);
    await expect(tags.delete(vip.id)).rejects.toThrow(Parlant.NotFoundError);
    await expect(tags.update(vip.id, { name: 'x' })).rejects.toThrow(Parlant.NotFoundError);
  });

  it('have names of their own, also when two are created at once', async () => {
    await using at = await start();
    const { tags } = at.client;
    await tags.create({ name: 'taken' });
    await expectCode(tags.create({ name: 'taken' }), 422, 'VALUE_TAKEN');
    const free = await tags.create({ name: 'free' });
    await expectCode(tags.update(free.id, { name: 'taken' }), 422, 'VALUE_TAKEN');
    expect(await tags.update(free.id, { name: 'free' })).toEqual(free);
    const race = await Promise.allSettled(Array.from({ length: 10 }, () => tags.create({ name: 'raced' })));
    expect(race.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect((await tags.list()).map(({ name }) => name)).toEqual(['taken', 'free', 'raced']);
  });

  it('are taken off whatever had them when they are deleted', async () => {
    await using at = await start();
    const { agents, customers, tags } = at.client;
    const [red, blue] = [await tags.create({ name: 'red' }), await tags.create({ name: 'blue' })];
    const agent = await agents.create({ name: 'A', tags: [red.id, blue.id] });
    const customer = await customers.create({ name: 'C', tags: [blue.id, red.id] });
    await tags.delete(red.id);
    expect((await agents.retrieve(agent.id)).tags).toEqual([blue.id]);
    expect((await customers.retrieve(customer.id)).tags).toEqual([blue.id]);
  });
});

it('all of it is there after a restart on the same folder', async () => {
  await using at = await start();
  const { agents, customers, tags } = at.client;
  const tag = await tags.create({ name: 'ταγ 🏷' });
  await agents.create({ name: 'Αγ', tags: [tag.id] });
  await customers.create({ name: '顧客', metadata: { 키: '값' }, tags: [tag.id] });
  const read = async () => [await agents.list(), await customers.list(), await tags.list()];
  const before = await read();
  await at.server.restart();
  expect(await read()).toEqual(before);
  await expect(agents.retrieve(noAgent)).rejects.toThrow(Parlant.NotFoundError);
});

async function expectCode(refused: Promise<unknown>, status: number, code: string): Promise<void> {
  const error: unknown = await refused.then(
    () => 'it was taken',
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ParlantError);
  expect(error).toMatchObject({ statusCode: status, body: { code, detail: expect.any(String) } });
}

function toPage(listed: Parlant.CustomersListResponse): Parlant.PaginatedCustomers {
  if (Array.isArray(listed)) throw new Error('This is no page.');
  return listed;
}

async function walk(
  { customers }: ParlantClient,
  query: { readonly limit: number; readonly sort: 'asc' | 'desc'; readonly cursor?: string },
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor = query.cursor; ;) {
    const { items, nextCursor, hasMore } = toPage(
      await customers.list({ ...query, ...(cursor && { cursor }) }),
    );
    ids.push(...items.map(({ id }) => id));
    expect(items.length).toBeLessThanOrEqual(query.limit);
    expect(hasMore).toBe(Boolean(nextCursor));
    if (!nextCursor) return ids;
    cursor = nextCursor;
  }
}
