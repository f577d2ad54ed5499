import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server.ts';
import { createToolService } from '../support/tool-service.ts';

const services = new Map([['shop', createToolService('search', 'buy: now')]]);
const search = { service_name: 'shop', tool_name: 'search' };
const buy = { service_name: 'shop', tool_name: 'buy: now' };

/** A server with a journey, and requests to it that say whether they were taken. */
async function start() {
  const server = await startServer({ services });
  const journey = await server.entities.journeys.create({ id: 'j/1', title: 'Journey', description: '' });
  const path = `/journeys/${encodeURIComponent(journey.id)}`;
  return {
    server,
    path,
    root: journey.rootId,
    get: async (rest: string) =>
      (
        await server
          .http()
          .get(path + rest)
          .expect(200)
      ).body,
    post: async (rest: string, body: object) =>
      (
        await server
          .http()
          .post(path + rest)
          .send(body)
          .expect(201)
      ).body,
    patch: async (rest: string, body: object) =>
      (
        await server
          .http()
          .patch(path + rest)
          .send(body)
          .expect(200)
      ).body,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe('the nodes of a journey', () => {
  it('are created, read, listed behind the root, changed and deleted', async () => {
    await using at = await start();
    const fork = await at.post('/nodes', {});
    expect(fork).toEqual({
      id: expect.stringMatching(/^[0-9A-Za-z]{10}$/),
      creation_utc: expect.stringMatching(/Z$/),
      action: null,
      description: null,
      tools: [],
      labels: [],
      composition_mode: null,
      metadata: {},
    });
    const all = {
      id: 'nœud/1 🧭',
      action: 'Ask “which one?” 哪一个',
      description: 'Background',
      tools: [search, buy],
      labels: ['a', 'b'],
      composition_mode: 'strict_canned',
      metadata: { journey_node: { kind: 'tool' }, deep: [{ a: null }], 키: '값' },
    };
    const node = await at.post('/nodes', { ...all, tools: [...all.tools, search], labels: ['a', 'b', 'a'] });
    expect(node).toEqual({ ...all, creation_utc: expect.any(String) });
    const of = `/nodes/${encodeURIComponent(all.id)}`;
    expect(await at.get(of)).toEqual(node);
    expect((await at.get('/nodes')).map(({ id }: { id: string }) => id)).toEqual([at.root, fork.id, all.id]);
    const changed = await at.patch(of, {
      action: 'Ask again',
      tools: [buy],
      labels: { upsert: ['c'], remove: ['a', 'never there'] },
      metadata: { set: { more: true }, unset: ['deep', 'never there'] },
    });
    expect(changed).toEqual({
      ...node,
      action: 'Ask again',
      tools: [buy],
      labels: ['b', 'c'],
      metadata: { journey_node: { kind: 'tool' }, 키: '값', more: true },
    });
    expect(await at.patch(of, { tools: null, labels: null, metadata: null, colour: 'red' })).toEqual(changed);
    await at.server.http().delete(`${at.path}${of}`).expect(204);
    await at.server.http().get(`${at.path}${of}`).expect(404);
    await at.server.http().delete(`${at.path}${of}`).expect(404);
  });

  it('are emptied by empty texts and lists, and left alone by null and what is absent', async () => {
    await using at = await start();
    const full = { action: 'a', description: 'd', composition_mode: 'fluid', tools: [search] };
    const { id } = await at.post('/nodes', full);
    const nothing = { action: null, description: null, composition_mode: null, tools: null };
    expect(await at.patch(`/nodes/${id}`, {})).toMatchObject(full);
    expect(await at.patch(`/nodes/${id}`, nothing)).toMatchObject(full);
    const empty = { action: '', description: ' \n ', composition_mode: '', tools: [] };
    expect(await at.patch(`/nodes/${id}`, empty)).toMatchObject({ ...nothing, tools: [] });
  });

  it('may say something where the journey begins', async () => {
    await using at = await start();
    expect(await at.patch(`/nodes/${at.root}`, { action: 'Welcome' })).toMatchObject({ action: 'Welcome' });
  });
});

describe('the edges of a journey', () => {
  it('are created, read, listed, changed and deleted', async () => {
    await using at = await start();
    const a = await at.post('/nodes', { action: 'a' });
    const plain = await at.post('/edges', { source: at.root, target: a.id });
    expect(plain).toEqual({
      id: expect.stringMatching(/^[0-9A-Za-z]{10}$/),
      creation_utc: expect.stringMatching(/Z$/),
      source: at.root,
      target: a.id,
      condition: null,
      metadata: {},
    });
    const full = {
      source: a.id,
      target: 'end',
      condition: 'готово ✅',
      metadata: { journey_node: { x: 1 } },
    };
    const edge = await at.post('/edges', full);
    expect(edge).toMatchObject(full);
    expect(await at.get(`/edges/${edge.id}`)).toEqual(edge);
    expect(await at.get('/edges')).toEqual([plain, edge]);
    const metadata = { set: { y: 2 }, unset: ['journey_node'] };
    const changed = await at.patch(`/edges/${edge.id}`, { target: at.root, condition: '', metadata });
    expect(changed).toEqual({ ...edge, target: at.root, condition: null, metadata: { y: 2 } });
    expect(await at.patch(`/edges/${edge.id}`, { source: null, target: null, condition: null })).toEqual(
      changed,
    );
    await at.server.http().delete(`${at.path}/edges/${edge.id}`).expect(204);
    await at.server.http().delete(`${at.path}/edges/${edge.id}`).expect(404);
    expect(await at.get('/edges')).toEqual([plain]);
  });

  it('keep their order, which counts, when they are changed', async () => {
    await using at = await start();
    for (const condition of ['a', 'b', 'c'])
      await at.post('/edges', { source: at.root, target: 'end', condition });
    const [first] = await at.get('/edges');
    await at.patch(`/edges/${first.id}`, { condition: 'changed' });
    const conditions = (await at.get('/edges')).map(({ condition }: { condition: string }) => condition);
    expect(conditions).toEqual(['changed', 'b', 'c']);
  });

  it('may lead in a circle, back to where it began, or to the same state', async () => {
    await using at = await start();
    const [a, b] = [await at.post('/nodes', { action: 'a' }), await at.post('/nodes', { action: 'b' })];
    await at.post('/edges', { source: at.root, target: a.id });
    await at.post('/edges', { source: a.id, target: b.id, condition: 'x' });
    await at.post('/edges', { source: b.id, target: a.id, condition: 'y' });
    await at.post('/edges', { source: b.id, target: at.root, condition: 'z' });
    await at.post('/edges', { source: a.id, target: a.id, condition: 'again' });
    expect(await at.get('/edges')).toHaveLength(5);
  });
});

describe('what cannot be twice', () => {
  it('is refused also when many ask at once', async () => {
    await using at = await start();
    const exit = () => at.server.http().post(`${at.path}/edges`).send({ source: at.root, target: 'end' });
    const statuses = (await Promise.all(Array.from({ length: 8 }, exit))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 422)).toHaveLength(7);
    expect(await at.get('/edges')).toHaveLength(1);
  });
});
