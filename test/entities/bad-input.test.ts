import { describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';

const long = 'x'.repeat(101);

type Case = readonly [method: string, path: string, body: unknown, status: number, loc: readonly unknown[]];

/** What is refused, and where the answer says the mistake is. In capitals: ids of some that exist. */
const cases: readonly Case[] = [
  ['POST', '/agents', {}, 422, ['body', 'name']],
  ['POST', '/agents', { name: null }, 422, ['body', 'name']],
  ['POST', '/agents', { name: '' }, 422, ['body', 'name']],
  ['POST', '/agents', { name: ' \n ' }, 422, ['body', 'name']],
  ['POST', '/agents', { name: long }, 422, ['body', 'name']],
  ['POST', '/agents', { name: 7 }, 422, ['body', 'name']],
  ['POST', '/agents', { name: '\ud800' }, 422, ['body', 'name']],
  ['POST', '/agents', { name: 'a\u0000' }, 422, ['body', 'name']],
  ['POST', '/agents', { name: 'x', id: '' }, 422, ['body', 'id']],
  ['POST', '/agents', { name: 'x', id: '..' }, 422, ['body', 'id']],
  ['POST', '/agents', { name: 'x', id: 'a\nb' }, 422, ['body', 'id']],
  ['POST', '/agents', { name: 'x', id: 'x'.repeat(201) }, 422, ['body', 'id']],
  ['POST', '/agents', { name: 'x', description: [] }, 422, ['body', 'description']],
  ['POST', '/agents', { name: 'x', max_engine_iterations: 0 }, 422, ['body', 'max_engine_iterations']],
  ['POST', '/agents', { name: 'x', max_engine_iterations: 1.5 }, 422, ['body', 'max_engine_iterations']],
  ['POST', '/agents', { name: 'x', max_engine_iterations: 1e300 }, 422, ['body', 'max_engine_iterations']],
  ['POST', '/agents', { name: 'x', composition_mode: 'liquid' }, 422, ['body', 'composition_mode']],
  ['POST', '/agents', { name: 'x', message_output_mode: 'STREAM' }, 422, ['body', 'message_output_mode']],
  ['POST', '/agents', { name: 'x', tags: 'vip' }, 422, ['body', 'tags']],
  ['POST', '/agents', { name: 'x', tags: [7] }, 422, ['body', 'tags', 0]],
  ['POST', '/agents', 'no object', 422, ['body']],
  ['POST', '/agents', undefined, 422, ['body']],
  ['PATCH', '/agents/AGENT', { name: '' }, 422, ['body', 'name']],
  [
    'PATCH',
    '/agents/AGENT',
    { name: 'changed', max_engine_iterations: -1 },
    422,
    ['body', 'max_engine_iterations'],
  ],
  ['PATCH', '/agents/AGENT', { tags: ['vip'] }, 422, ['body', 'tags']],
  ['PATCH', '/agents/AGENT', { tags: { add: [''] } }, 422, ['body', 'tags', 'add', 0]],
  ['POST', '/customers', {}, 422, ['body', 'name']],
  ['POST', '/customers', { name: long }, 422, ['body', 'name']],
  ['POST', '/customers', { name: '🙂'.repeat(101) }, 422, ['body', 'name']],
  ['POST', '/customers', { name: 'x', metadata: { age: 7 } }, 422, ['body', 'metadata', 'age']],
  ['POST', '/customers', { name: 'x', metadata: { a: null } }, 422, ['body', 'metadata', 'a']],
  ['POST', '/customers', { name: 'x', metadata: { '': 'b' } }, 422, ['body', 'metadata', '']],
  ['POST', '/customers', { name: 'x', metadata: { a: '\udfff' } }, 422, ['body', 'metadata', 'a']],
  ['POST', '/customers', { name: 'x', metadata: ['a'] }, 422, ['body', 'metadata']],
  ['POST', '/customers', { name: 'x', metadata: 'a' }, 422, ['body', 'metadata']],
  [
    'PATCH',
    '/customers/CUSTOMER',
    { name: 'changed', metadata: { set: { a: {} } } },
    422,
    ['body', 'metadata', 'set', 'a'],
  ],
  ['PATCH', '/customers/CUSTOMER', { metadata: { unset: 'a' } }, 422, ['body', 'metadata', 'unset']],
  ['PATCH', '/customers/CUSTOMER', [], 422, ['body']],
  ['GET', '/customers?limit=0', undefined, 422, ['query', 'limit']],
  ['GET', '/customers?limit=101', undefined, 422, ['query', 'limit']],
  ['GET', '/customers?limit=ten', undefined, 422, ['query', 'limit']],
  ['GET', '/customers?sort=up', undefined, 422, ['query', 'sort']],
  ['GET', '/customers?cursor=a&cursor=b', undefined, 422, ['query', 'cursor']],
  ['GET', `/customers/${'x'.repeat(201)}`, undefined, 422, ['path', 'customer_id']],
  ['POST', '/tags', {}, 422, ['body', 'name']],
  ['POST', '/tags', { name: '' }, 422, ['body', 'name']],
  ['POST', '/tags', { name: 'x'.repeat(51) }, 422, ['body', 'name']],
  ['PATCH', '/tags/TAG', {}, 422, ['body', 'name']],
  ['PATCH', '/tags/TAG', { name: null }, 422, ['body', 'name']],
  ['GET', '/tags?name=a&name=b', undefined, 422, ['query', 'name']],
  ['POST', '/terms', { description: 'd' }, 422, ['body', 'name']],
  ['POST', '/terms', { name: 'x' }, 422, ['body', 'description']],
  ['POST', '/terms', { name: ' \t', description: 'd' }, 422, ['body', 'name']],
  ['POST', '/terms', { name: long, description: 'd' }, 422, ['body', 'name']],
  ['POST', '/terms', { name: 'x', description: 'a\u0000' }, 422, ['body', 'description']],
  ['POST', '/terms', { name: 'x', description: 'd', id: '.' }, 422, ['body', 'id']],
  ['POST', '/terms', { name: 'x', description: 'd', synonyms: 'a' }, 422, ['body', 'synonyms']],
  ['POST', '/terms', { name: 'x', description: 'd', synonyms: ['a', ''] }, 422, ['body', 'synonyms', 1]],
  ['POST', '/terms', { name: 'x', description: 'd', tags: [null] }, 422, ['body', 'tags', 0]],
  ['PATCH', '/terms/TERM', { name: '' }, 422, ['body', 'name']],
  ['PATCH', '/terms/TERM', { name: 'changed', synonyms: [7] }, 422, ['body', 'synonyms', 0]],
  ['GET', '/terms?tag_id=', undefined, 422, ['query', 'tag_id']],
  ['POST', '/context-variables', {}, 422, ['body', 'name']],
  ['POST', '/context-variables', { name: ' ' }, 422, ['body', 'name']],
  ['POST', '/context-variables', { name: 'x', tool_id: 'a:b' }, 422, ['body', 'tool_id']],
  [
    'POST',
    '/context-variables',
    { name: 'x', tool_id: { service_name: 'a' } },
    422,
    ['body', 'tool_id', 'tool_name'],
  ],
  [
    'POST',
    '/context-variables',
    { name: 'x', tool_id: { service_name: 'a:b', tool_name: 'c' } },
    422,
    ['body', 'tool_id', 'service_name'],
  ],
  ['POST', '/context-variables', { name: 'x', freshness_rules: 5 }, 422, ['body', 'freshness_rules']],
  [
    'POST',
    '/context-variables',
    { name: 'x', freshness_rules: '0,'.repeat(600) },
    422,
    ['body', 'freshness_rules'],
  ],
  ['PATCH', '/context-variables/VARIABLE', { name: '' }, 422, ['body', 'name']],
  ['PATCH', '/context-variables/VARIABLE', { name: 'changed', tool_id: {} }, 422, ['body', 'tool_id']],
  ['GET', '/context-variables/VARIABLE?include_values=maybe', undefined, 422, ['query', 'include_values']],
  ['PUT', '/context-variables/VARIABLE/key', {}, 422, ['body', 'data']],
  ['DELETE', '/context-variables?tag_id=a&tag_id=b', undefined, 422, ['query', 'tag_id']],
  ['POST', '/capabilities', { description: 'd', signals: [] }, 422, ['body', 'title']],
  ['POST', '/capabilities', { title: 'x', signals: [] }, 422, ['body', 'description']],
  ['POST', '/capabilities', { title: 'x', description: 'd' }, 422, ['body', 'signals']],
  ['POST', '/capabilities', { title: '\u3000', description: 'd', signals: [] }, 422, ['body', 'title']],
  ['POST', '/capabilities', { title: 'x', description: 'd', signals: [' '] }, 422, ['body', 'signals', 0]],
  ['PATCH', '/capabilities/CAPABILITY', { title: '' }, 422, ['body', 'title']],
  ['PATCH', '/capabilities/CAPABILITY', { title: 'changed', signals: {} }, 422, ['body', 'signals']],
];

describe('bad input', () => {
  it('is refused with the place of each mistake, and stores nothing', async () => {
    await using server = await startServer();
    const ids = {
      AGENT: (await server.entities.agents.create({ name: 'agent' })).id,
      CUSTOMER: (await server.entities.customers.create({ name: 'customer' })).id,
      TAG: (await server.entities.tags.create({ name: 'tag' })).id,
      TERM: (await server.entities.terms.create({ name: 'term', description: '' })).id,
      VARIABLE: (await server.entities.contextVariables.create({ name: 'variable' })).id,
      CAPABILITY: (await server.entities.capabilities.create({ title: 'capability', description: '' })).id,
    };
    const before = await everything(server);
    for (const [method, path, body, status, loc] of cases) {
      const address = path.replace(/[A-Z]{3,}/, (name) => ids[name as keyof typeof ids]);
      const response = await fetch(server.url + address, {
        method,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      });
      const answer = (await response.json()) as { detail: readonly { loc: unknown }[]; code: string };
      const about = `${method} ${path} ${JSON.stringify(body)}`;
      expect([about, response.status, answer.code]).toEqual([about, status, 'INVALID_REQUEST']);
      expect([about, ...answer.detail.map((complaint) => complaint.loc)]).toEqual([about, loc]);
    }
    expect(await everything(server)).toEqual(before);
  });

  it('of unknown fields is ignored, and null is absence', async () => {
    await using server = await startServer();
    const agent = { id: null, description: null, max_engine_iterations: null, tags: null, colour: 'red' };
    const made = await server
      .http()
      .post('/agents')
      .send({ name: 'x', ...agent })
      .expect(201);
    expect(made.body).toMatchObject({ description: null, max_engine_iterations: 3, tags: [] });
    expect(made.body).not.toHaveProperty('colour');
    const patch = { name: null, metadata: null, tags: { add: null }, id: 'other' };
    const { body: customer } = await server
      .http()
      .post('/customers')
      .send({ name: 'c', metadata: null })
      .expect(201);
    const patched = await server.http().patch(`/customers/${customer.id}`).send(patch).expect(200);
    expect(patched.body).toEqual(customer);
  });

  it('cannot smuggle in a prototype', async () => {
    await using server = await startServer();
    const body = '{"name":"x","metadata":{"__proto__":"a","constructor":"b","toString":"c"}}';
    const response = await server
      .http()
      .post('/customers')
      .set('Content-Type', 'application/json')
      .send(body);
    expect([response.status, response.text]).toEqual([201, expect.stringContaining('"__proto__":"a"')]);
    const { body: read } = await server
      .http()
      .patch(`/customers/${response.body.id}`)
      .send({
        metadata: { set: { a: 'b' }, unset: ['constructor'] },
      });
    expect(Object.entries(read.metadata)).toEqual(
      Object.entries(JSON.parse('{"__proto__":"a","toString":"c","a":"b"}')),
    );
  });

  it('is not half of a change: two things wrong or one, nothing is stored', async () => {
    await using server = await startServer();
    const tag = await server.entities.tags.create({ name: 'tag' });
    const { id } = await server.entities.customers.create({ name: 'customer' });
    const before = await everything(server);
    const patch = { name: 'new', metadata: { set: { a: 'b' } }, tags: { add: [tag.id], remove: ['none'] } };
    const { status } = await server.http().patch(`/customers/${id}`).send(patch);
    expect(status).toBe(404);
    expect(await everything(server)).toEqual(before);
  });
});

const forOperators = [
  ['post', '/agents'],
  ['patch', '/agents/echo'],
  ['delete', '/agents/echo'],
  ['get', '/customers'],
  ['post', '/customers'],
  ['get', '/customers/ann'],
  ['patch', '/customers/ann'],
  ['delete', '/customers/ann'],
  ['get', '/tags'],
  ['post', '/tags'],
  ['get', '/tags/any'],
  ['patch', '/tags/any'],
  ['delete', '/tags/any'],
  ['get', '/terms'],
  ['post', '/terms'],
  ['get', '/terms/any'],
  ['patch', '/terms/any'],
  ['delete', '/terms/any'],
  ['get', '/context-variables'],
  ['post', '/context-variables'],
  ['delete', '/context-variables'],
  ['get', '/context-variables/any'],
  ['patch', '/context-variables/any'],
  ['delete', '/context-variables/any'],
  ['get', '/context-variables/any/key'],
  ['put', '/context-variables/any/key'],
  ['delete', '/context-variables/any/key'],
  ['get', '/capabilities'],
  ['post', '/capabilities'],
  ['get', '/capabilities/any'],
  ['patch', '/capabilities/any'],
  ['delete', '/capabilities/any'],
] as const;

describe('who may do what', () => {
  it('all of this is for operators, also with a bad body', async () => {
    await using server = await startServer();
    for (const [method, path] of forOperators) {
      const { status, body } = await server.http('ann')[method](path);
      expect([method, path, status, body.code]).toEqual([method, path, 403, 'OPERATOR_ONLY']);
    }
  });

  it('customers read agents, stored ones too, without their description', async () => {
    await using server = await startServer();
    const { id } = await server.entities.agents.create({ name: 'Stored', description: 'secret' });
    const { body: one } = await server.http('ann').get(`/agents/${id}`).expect(200);
    const { body: all } = await server.http('ann').get('/agents').expect(200);
    expect([one.description, one.name]).toEqual([null, 'Stored']);
    expect(all.map((agent: { description: unknown }) => agent.description)).toEqual([null, null]);
  });
});

/** What is stored, as operators read it. */
async function everything(server: TestServer): Promise<unknown> {
  const paths = ['/agents', '/customers', '/tags', '/terms', '/context-variables', '/capabilities'];
  return Promise.all(paths.map(async (path) => (await server.http().get(path)).body));
}
