import { describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { createToolService, createUnreachableService } from '../support/tool-service.ts';

const services = new Map([
  ['shop', createToolService('search')],
  ['down', createUnreachableService('down')],
]);
const search = { service_name: 'shop', tool_name: 'search' };

type Refused = readonly [what: string, method: string, path: string, body: object, code: string];

/** `ROOT`, `A` and `EDGE` (from `A` to the end): ids of what is there; `FOREIGN`: a node of another journey. */
const againstTheRules: readonly Refused[] = [
  ['an edge from the end', 'POST', '/edges', { source: 'end', target: 'ROOT' }, 'JOURNEY_INVALID'],
  ['an edge from nowhere', 'POST', '/edges', { source: 'none', target: 'A' }, 'JOURNEY_NODE_NOT_FOUND'],
  ['an edge to nowhere', 'POST', '/edges', { source: 'ROOT', target: 'none' }, 'JOURNEY_NODE_NOT_FOUND'],
  [
    'an edge to another journey',
    'POST',
    '/edges',
    { source: 'ROOT', target: 'FOREIGN' },
    'JOURNEY_NODE_NOT_FOUND',
  ],
  [
    'an edge from another journey',
    'POST',
    '/edges',
    { source: 'FOREIGN', target: 'ROOT' },
    'JOURNEY_NODE_NOT_FOUND',
  ],
  ['two exits without a condition', 'POST', '/edges', { source: 'A', target: 'ROOT' }, 'JOURNEY_INVALID'],
  [
    'two exits, one with a condition',
    'POST',
    '/edges',
    { source: 'A', target: 'A', condition: 'x' },
    'JOURNEY_INVALID',
  ],
  [
    'a blank condition beside others',
    'POST',
    '/edges',
    { source: 'ROOT', target: 'A', condition: ' ' },
    'JOURNEY_INVALID',
  ],
  [
    'a condition that is emptied beside others',
    'PATCH',
    '/edges/FIRST',
    { condition: '' },
    'JOURNEY_INVALID',
  ],
  ['an edge that is moved to the end', 'PATCH', '/edges/EDGE', { source: 'end' }, 'JOURNEY_INVALID'],
  ['an edge that is moved beside others', 'PATCH', '/edges/EDGE', { source: 'ROOT' }, 'JOURNEY_INVALID'],
  [
    'an edge that is moved to nowhere',
    'PATCH',
    '/edges/EDGE',
    { target: 'none', condition: 'x' },
    'JOURNEY_NODE_NOT_FOUND',
  ],
  ['no beginning', 'DELETE', '/nodes/ROOT', {}, 'JOURNEY_INVALID'],
  ['an end of its own', 'POST', '/nodes', { id: 'end', action: 'x' }, 'JOURNEY_INVALID'],
  ['a node whose id is taken', 'POST', '/nodes', { id: 'A' }, 'ID_TAKEN'],
  ['a node whose id is taken elsewhere', 'POST', '/nodes', { id: 'FOREIGN' }, 'ID_TAKEN'],
  [
    'a tool that is not there',
    'POST',
    '/nodes',
    { tools: [search, { ...search, tool_name: 'none' }] },
    'TOOL_NOT_FOUND',
  ],
  [
    'a tool of nobody',
    'PATCH',
    '/nodes/A',
    { action: 'x', tools: [{ ...search, service_name: 'no' }] },
    'TOOL_NOT_FOUND',
  ],
  [
    'a tool nobody can ask for',
    'PATCH',
    '/nodes/A',
    { action: 'x', tools: [{ ...search, service_name: 'down' }] },
    'SERVICE_UNAVAILABLE',
  ],
  ['the node of another journey', 'PATCH', '/nodes/FOREIGN', { action: 'x' }, 'JOURNEY_NODE_NOT_FOUND'],
  ['the node of another journey, gone', 'DELETE', '/nodes/FOREIGN', {}, 'JOURNEY_NODE_NOT_FOUND'],
  ['the end, changed', 'PATCH', '/nodes/end', { action: 'x' }, 'JOURNEY_NODE_NOT_FOUND'],
  ['an edge that is not there', 'PATCH', '/edges/none', { condition: 'x' }, 'JOURNEY_EDGE_NOT_FOUND'],
  ['an edge that is not there, gone', 'DELETE', '/edges/none', {}, 'JOURNEY_EDGE_NOT_FOUND'],
];

const journey = { title: 'x', description: '', triggers: [] };
const edge = { source: 'a', target: 'b' };

type Misshapen = readonly [path: string, body: unknown, loc: readonly (string | number)[]];

/** What is posted, or, where the path ends in an id, patched; and where the answer says the mistake is. */
const misshapen: readonly Misshapen[] = [
  ['/journeys', { description: '', triggers: [] }, ['title']],
  ['/journeys', { title: 'x', description: '' }, ['triggers']],
  ['/journeys', { ...journey, title: ' ' }, ['title']],
  ['/journeys', { ...journey, title: 'x'.repeat(101) }, ['title']],
  ['/journeys', { ...journey, title: '\ud800' }, ['title']],
  ['/journeys', { ...journey, description: null }, ['description']],
  ['/journeys', { ...journey, description: 'a\u0000' }, ['description']],
  ['/journeys', { ...journey, id: 'a\nb' }, ['id']],
  ['/journeys', { ...journey, triggers: 'x' }, ['triggers']],
  ['/journeys', { ...journey, triggers: ['x', ' '] }, ['triggers', 1]],
  ['/journeys', { ...journey, triggers: null, conditions: [7] }, ['conditions', 0]],
  ['/journeys', { ...journey, composition_mode: 'liquid' }, ['composition_mode']],
  ['/journeys', { ...journey, priority: 1.5 }, ['priority']],
  ['/journeys', { ...journey, priority: 1e300 }, ['priority']],
  ['/journeys', { ...journey, labels: [''] }, ['labels', 0]],
  ['/journeys', { ...journey, tags: [7] }, ['tags', 0]],
  ['/journeys/J', { title: '' }, ['title']],
  ['/journeys/J', { triggers: ['x'] }, ['triggers']],
  ['/journeys/J', { triggers: { add: [''] } }, ['triggers', 'add', 0]],
  ['/journeys/J', { triggers: { add: ['a'] }, conditions: { add: ['b'] } }, ['conditions']],
  ['/journeys/J', { labels: ['x'] }, ['labels']],
  ['/journeys/J/nodes', { id: 'a:b' }, ['id']],
  ['/journeys/J/nodes', { id: '..' }, ['id']],
  ['/journeys/J/nodes', { action: 7 }, ['action']],
  ['/journeys/J/nodes', { action: '\udfff' }, ['action']],
  ['/journeys/J/nodes', { tools: ['shop:search'] }, ['tools', 0]],
  ['/journeys/J/nodes', { tools: [{ service_name: 'a:b', tool_name: 'c' }] }, ['tools', 0, 'service_name']],
  ['/journeys/J/nodes', { tools: [{ service_name: 'a' }] }, ['tools', 0, 'tool_name']],
  ['/journeys/J/nodes', { composition_mode: 'STRICT' }, ['composition_mode']],
  ['/journeys/J/nodes', { metadata: [] }, ['metadata']],
  ['/journeys/J/nodes/N', { labels: { upsert: 'x' } }, ['labels', 'upsert']],
  ['/journeys/J/nodes/N', { metadata: { set: [] } }, ['metadata', 'set']],
  ['/journeys/J/nodes/N', { tools: {} }, ['tools']],
  ['/journeys/J/edges', { target: 'a' }, ['source']],
  ['/journeys/J/edges', { source: 'a' }, ['target']],
  ['/journeys/J/edges', { ...edge, source: '' }, ['source']],
  ['/journeys/J/edges', { ...edge, condition: {} }, ['condition']],
  ['/journeys/J/edges', { ...edge, metadata: 'x' }, ['metadata']],
  ['/journeys/J/edges/E', { metadata: { unset: 'x' } }, ['metadata', 'unset']],
];

describe('what would break a journey', () => {
  it('is refused, and changes nothing', async () => {
    await using server = await startServer({ services });
    const ids = await prepare(server);
    const fill = (text: string) => text.replaceAll(/\b[A-Z]+\b/g, (name) => ids[name] ?? name);
    const before = await stored(server);
    for (const [what, method, path, body, code] of againstTheRules) {
      const answer = await send(server, method, `/journeys/J${fill(path)}`, fill(JSON.stringify(body)));
      expect([what, answer.code, typeof answer.detail]).toEqual([what, code, 'string']);
      expect([what, await stored(server)]).toEqual([what, before]);
    }
  });

  it('is not found where there is no such journey', async () => {
    await using server = await startServer();
    for (const rest of ['', '/mermaid', '/nodes', '/nodes/x', '/edges', '/edges/x']) {
      const { body } = await server.http().get(`/journeys/none${rest}`).expect(404);
      expect([rest, body.code]).toEqual([rest, 'JOURNEY_NOT_FOUND']);
    }
  });
});

describe('what is no journey, node or edge', () => {
  it('is refused with the place of the mistake, and stores nothing', async () => {
    await using server = await startServer();
    await server.entities.journeys.create({ ...journey, id: 'J' });
    const before = await stored(server);
    for (const [path, body, loc] of misshapen) {
      const about = `${path} ${JSON.stringify(body)}`;
      const answer = await send(server, /[A-Z]$/.test(path) ? 'PATCH' : 'POST', path, JSON.stringify(body));
      expect([about, answer.status, answer.code]).toEqual([about, 422, 'INVALID_REQUEST']);
      expect([about, answer.detail]).toMatchObject([about, [{ loc: ['body', ...loc] }]]);
    }
    expect(await stored(server)).toEqual(before);
  });

  it('cannot smuggle in a prototype', async () => {
    await using server = await startServer();
    await server.entities.journeys.create({ ...journey, id: 'J' });
    const body = '{"id":"n","metadata":{"__proto__":{"a":1},"constructor":"b"}}';
    const made = await send(server, 'POST', '/journeys/J/nodes', body);
    expect([made.status, JSON.stringify(made)]).toEqual([
      201,
      expect.stringContaining('"__proto__":{"a":1}'),
    ]);
    const patch = '{"metadata":{"set":{"c":1},"unset":["constructor"]}}';
    const kept = await send(server, 'PATCH', '/journeys/J/nodes/n', patch);
    expect(JSON.stringify(kept)).toContain('"metadata":{"__proto__":{"a":1},"c":1}');
  });
});

describe('journeys', () => {
  it('are no business of customers', async () => {
    await using server = await startServer();
    for (const [method, rest] of [
      ['get', ''],
      ['post', ''],
      ['patch', '/j'],
      ['delete', '/j'],
      ['get', '/j/mermaid'],
      ['post', '/j/nodes'],
      ['delete', '/j/nodes/n'],
      ['get', '/j/edges'],
      ['patch', '/j/edges/e'],
    ] as const) {
      const { body } = await server.http('ann')[method](`/journeys${rest}`).expect(403);
      expect([method, rest, body.code]).toEqual([method, rest, 'OPERATOR_ONLY']);
    }
  });
});

/** The journey `J`, another one, and the ids that stand in the cases. */
async function prepare({ entities }: TestServer): Promise<Readonly<Record<string, string>>> {
  const { journeys, journeyNodes: nodes, journeyEdges: edges } = entities;
  const { rootId } = await journeys.create({ ...journey, id: 'J' });
  const other = await journeys.create({ title: 'Other', description: '' });
  const { id } = await nodes.create('J', { id: 'A', action: 'a' });
  const exit = (source: string, target: string, condition: string | null) =>
    edges.create('J', { source, target, condition });
  return {
    ROOT: rootId,
    FOREIGN: (await nodes.create(other.id, { action: 'foreign' })).id,
    EDGE: (await exit(id, 'end', null)).id,
    FIRST: (await exit(rootId, 'end', '1')).id,
    SECOND: (await exit(rootId, id, '2')).id,
  };
}

async function stored({ entities: { journeys } }: TestServer): Promise<unknown> {
  const all = await journeys.list();
  return Promise.all(all.map(({ id }) => journeys.graph(id)));
}

type Answer = { readonly status: number; readonly code?: string; readonly detail?: unknown };

async function send({ url }: TestServer, method: string, path: string, body: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url + path, { method, headers, body });
  return { ...((await response.json()) as Omit<Answer, 'status'>), status: response.status };
}
