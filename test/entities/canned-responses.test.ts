import { describe, expect, it } from 'vitest';
import { TEMPLATE_LIMIT } from '../../src/templates/parse-template.ts';
import { expectRefusal, startWithClient } from '../support/parlant-client.ts';

const anId = expect.stringMatching(/^[0-9A-Za-z]{10}$/);
const field = { name: 'slot', description: 'When the doctor is free', examples: ['9 am', '午後三時'] };
const offer = {
  value: 'Hello {{ std.customer.name }}, the doctor is free at {{ slot }} 🩺{% if late %}, only{% endif %}.',
  fields: [field],
  signals: ['There is a free slot', 'Termin frei'],
  metadata: { button: { label: 'Book', steps: [1, null] } },
  fieldDependencies: ['doctor'],
};
const plain = { value: 'Hello.', fields: [] };

describe('canned responses, with the official client', () => {
  it('are created, read, listed, changed and deleted', async () => {
    await using at = await startWithClient();
    const { cannedResponses } = at.client;
    const made = await cannedResponses.create(offer);
    expect(made).toEqual({ id: anId, creationUtc: expect.any(Date), tags: [], ...offer });
    const other = await cannedResponses.create(plain);
    expect(other).toMatchObject({ signals: [], metadata: {}, fieldDependencies: [], tags: [] });
    expect(await cannedResponses.retrieve(made.id)).toEqual(made);
    expect(await cannedResponses.list()).toEqual([made, other]);
    const changed = await cannedResponses.update(made.id, {
      value: 'At {{ time }}.',
      fields: [{ name: 'time', description: '', examples: [] }],
      metadata: { set: { a: 1, b: [] }, unset: ['button', 'b', 'never there'] },
    });
    const fields = [{ name: 'time', description: '', examples: [] }];
    expect(changed).toEqual({ ...made, value: 'At {{ time }}.', fields, metadata: { a: 1 } });
    expect(await cannedResponses.update(made.id, {})).toEqual(changed);
    await cannedResponses.delete(made.id);
    await expectRefusal(cannedResponses.retrieve(made.id), 404, 'CANNED_RESPONSE_NOT_FOUND');
    await expectRefusal(cannedResponses.delete(made.id), 404, 'CANNED_RESPONSE_NOT_FOUND');
    await expectRefusal(cannedResponses.update(made.id, plain), 404, 'CANNED_RESPONSE_NOT_FOUND');
    expect(await cannedResponses.list()).toEqual([other]);
  });

  it('have a template and its fields together: a new template without fields has none', async () => {
    await using at = await startWithClient();
    const { cannedResponses } = at.client;
    const { id } = await cannedResponses.create(offer);
    await expectRefusedPlace(at, `/canned_responses/${id}`, { fields: [field] }, ['body', 'fields']);
    await expectRefusedPlace(at, `/canned_responses/${id}`, { fields: [] }, ['body', 'fields']);
    expect(await cannedResponses.retrieve(id)).toMatchObject(offer);
    const changed = await cannedResponses.update(id, { value: 'Bye.' });
    expect(changed).toMatchObject({ ...offer, value: 'Bye.', fields: [] });
  });

  it('can have other signals and field dependencies, which Parlant’s server cannot change', async () => {
    await using at = await startWithClient();
    const { id } = await at.client.cannedResponses.create(offer);
    const patch = (body: object) => at.server.http().patch(`/canned_responses/${id}`).send(body).expect(200);
    await patch({ signals: ['Free again'], field_dependencies: [] });
    expect(await at.client.cannedResponses.retrieve(id)).toMatchObject({
      ...offer,
      signals: ['Free again'],
      fieldDependencies: [],
    });
    const { body } = await patch({ value: null, fields: null, tags: null, signals: null, metadata: null });
    expect(body).toMatchObject({ value: offer.value, fields: [field], signals: ['Free again'] });
  });

  it('are listed by tags: those that have one of them', async () => {
    await using at = await startWithClient();
    const { cannedResponses, tags } = at.client;
    const [red, blue] = [await tags.create({ name: 'red' }), await tags.create({ name: 'blue' })];
    const make = async (...of: string[]) => (await cannedResponses.create({ ...plain, tags: of })).id;
    const [free, ofRed, ofBlue, ofBoth] = [
      await make(),
      await make(red.id),
      await make(blue.id),
      await make(blue.id, red.id),
    ];
    const listed = async (by?: string | string[]) =>
      (await cannedResponses.list(by === undefined ? {} : { tags: by })).map(({ id }) => id);
    expect(await listed()).toEqual([free, ofRed, ofBlue, ofBoth]);
    expect(await listed(red.id)).toEqual([ofRed, ofBoth]);
    expect(await listed([red.id, blue.id])).toEqual([ofRed, ofBlue, ofBoth]);
    expect(await listed(['none', blue.id])).toEqual([ofBlue, ofBoth]);
    expect(await listed('none')).toEqual([]);
    const untagged = await at.server.entities.cannedResponses.list({ tags: [] });
    expect(untagged.map(({ id }) => id)).toEqual([free]);
  });

  it('can belong to all that tags can stand for, as long as it exists', async () => {
    await using at = await startWithClient();
    const { agents, cannedResponses, guidelines, journeys, tags } = at.client;
    const agent = await agents.create({ name: 'A' });
    const guideline = await guidelines.create({ condition: 'they greet', action: 'greet back' });
    const { body: journey } = await at.server
      .http()
      .post('/journeys')
      .send({ title: 'J', description: 'd', triggers: ['they ask'] })
      .expect(201);
    const { body: node } = await at.server
      .http()
      .post(`/journeys/${journey.id}/nodes`)
      .send({ action: 'ask' })
      .expect(201);
    const tag = await tags.create({ name: 'vip' });
    const all = [
      tag.id,
      'agent:echo',
      `agent:${agent.id}`,
      `guideline:${guideline.id}`,
      `journey:${journey.id}`,
      `journey_node:${node.id}`,
      '__preamble__',
    ];
    const { id } = await cannedResponses.create({ ...plain, tags: [...all, tag.id] });
    expect((await cannedResponses.retrieve(id)).tags).toEqual(all);
    await guidelines.delete(guideline.id);
    await journeys.delete(journey.id);
    await agents.delete(agent.id);
    await tags.delete(tag.id);
    expect((await cannedResponses.retrieve(id)).tags).toEqual(['agent:echo', '__preamble__']);
    const left = await cannedResponses.update(id, {
      tags: { add: ['agent:echo'], remove: ['__preamble__'] },
    });
    expect(left.tags).toEqual(['agent:echo']);
  });

  it('are not changed in part by a request that is refused', async () => {
    await using at = await startWithClient();
    const { cannedResponses, tags } = at.client;
    const tag = await tags.create({ name: 'tag' });
    const made = await cannedResponses.create(offer);
    for (const unknown of [
      'none',
      'agent:none',
      'journey:none',
      'guideline:none',
      'journey_node:none',
      '__pre__',
    ]) {
      const change = { ...plain, tags: { add: [tag.id, unknown] } };
      await expectRefusal(cannedResponses.update(made.id, change), 404, 'TAG_NOT_FOUND');
      await expectRefusal(
        cannedResponses.create({ ...plain, tags: [tag.id, unknown] }),
        404,
        'TAG_NOT_FOUND',
      );
    }
    const removal = { ...plain, tags: { add: [tag.id], remove: ['agent:echo'] } };
    await expectRefusal(cannedResponses.update(made.id, removal), 404, 'TAG_NOT_ATTACHED');
    const broken = { value: '{{ broken', tags: { add: [tag.id] }, metadata: { set: { a: 1 } } };
    await expectRefusal(cannedResponses.update(made.id, broken), 422, 'TEMPLATE_INVALID');
    expect(await cannedResponses.list()).toEqual([made]);
  });

  it('are the same after a restart, whatever the characters', async () => {
    await using at = await startWithClient();
    const value = '“Ünï” 🙂 {{ größe }} {{ std.glossary["名 前"] }} \u2028 {# ‏עברית #}';
    const made = await at.client.cannedResponses.create({
      ...offer,
      value,
      metadata: { 'ключ 🔑': 'значение' },
    });
    expect(made.value).toBe(value);
    await at.server.restart();
    expect(await at.client.cannedResponses.list()).toEqual([made]);
  });

  it('may be equal: each has an id of its own', async () => {
    await using at = await startWithClient();
    const ids = await Promise.all(
      Array.from({ length: 25 }, async () => (await at.client.cannedResponses.create(plain)).id),
    );
    expect(new Set(ids).size).toBe(25);
  });
});

describe('a template that cannot be read', () => {
  it.each([
    ['{{ name', 'line 1, column 1: {{ is not closed'],
    ['Hi\n{% if a %}', 'line 2, column 1: if has no endif'],
    ['{{ a|nothing }}', 'there is no filter nothing'],
    ["{{ ''.constructor.constructor('return 1')() }}", 'only range can be called'],
  ])('is refused with the field, the place and the reason: %j', async (value, reason) => {
    await using at = await startWithClient();
    const { body } = await at.server.http().post('/canned_responses').send({ value, fields: [] }).expect(422);
    expect(body).toMatchObject({ code: 'TEMPLATE_INVALID', detail: expect.stringMatching(/^value: /) });
    expect(body.detail).toContain(reason);
    expect(await at.client.cannedResponses.list()).toEqual([]);
  });
});

describe('bad input', () => {
  it('is refused with the place of the mistake, and stores nothing', async () => {
    await using at = await startWithClient();
    const made = await at.client.cannedResponses.create(offer);
    const create: readonly [body: object, loc: readonly unknown[]][] = [
      [{ fields: [] }, ['body', 'value']],
      [{ value: null, fields: [] }, ['body', 'value']],
      [{ value: '', fields: [] }, ['body', 'value']],
      [{ value: ' \n', fields: [] }, ['body', 'value']],
      [{ value: 7, fields: [] }, ['body', 'value']],
      [{ value: 'a\u0000', fields: [] }, ['body', 'value']],
      [{ value: '\ud800', fields: [] }, ['body', 'value']],
      [{ value: 'x'.repeat(TEMPLATE_LIMIT + 1), fields: [] }, ['body', 'value']],
      [{ value: 'x' }, ['body', 'fields']],
      [{ value: 'x', fields: {} }, ['body', 'fields']],
      [{ value: 'x', fields: ['slot'] }, ['body', 'fields', 0]],
      [{ value: 'x', fields: [{ ...field, name: '' }] }, ['body', 'fields', 0, 'name']],
      [{ value: 'x', fields: [{ ...field, name: undefined }] }, ['body', 'fields', 0, 'name']],
      [{ value: 'x', fields: [{ ...field, description: 1 }] }, ['body', 'fields', 0, 'description']],
      [{ value: 'x', fields: [field, { ...field, examples: 'x' }] }, ['body', 'fields', 1, 'examples']],
      [{ ...plain, signals: 'x' }, ['body', 'signals']],
      [{ ...plain, signals: ['x', ''] }, ['body', 'signals', 1]],
      [{ ...plain, metadata: [] }, ['body', 'metadata']],
      [{ ...plain, metadata: 'x' }, ['body', 'metadata']],
      [{ ...plain, field_dependencies: [1] }, ['body', 'field_dependencies', 0]],
      [{ ...plain, tags: 'x' }, ['body', 'tags']],
      [{ ...plain, tags: [''] }, ['body', 'tags', 0]],
    ];
    for (const [body, loc] of create) await expectRefusedPlace(at, '/canned_responses', body, loc);
    const update: readonly [body: object, loc: readonly unknown[]][] = [
      [{ value: '' }, ['body', 'value']],
      [{ value: 'x', fields: [{}] }, ['body', 'fields', 0, 'name']],
      [{ value: 'x', metadata: { set: 1 } }, ['body', 'metadata', 'set']],
      [{ value: 'x', metadata: { unset: 'a' } }, ['body', 'metadata', 'unset']],
      [{ value: 'x', tags: ['a'] }, ['body', 'tags']],
      [{ value: 'x', signals: [null] }, ['body', 'signals', 0]],
    ];
    for (const [body, loc] of update) await expectRefusedPlace(at, `/canned_responses/${made.id}`, body, loc);
    const { body } = await at.server.http().get('/canned_responses?tags=').expect(422);
    expect(body.detail[0].loc.slice(0, 2)).toEqual(['query', 'tags']);
    expect(await at.client.cannedResponses.list()).toEqual([made]);
  });

  it.each(['get', 'post'] as const)('%s is for operators', async (method) => {
    await using at = await startWithClient();
    const { body } = await at.server.http('ann')[method]('/canned_responses').expect(403);
    expect(body.code).toBe('OPERATOR_ONLY');
  });

  it('of unknown fields is ignored, and metadata cannot smuggle in a prototype', async () => {
    await using at = await startWithClient();
    const body = '{"value":"x","fields":[],"colour":"red","id":"mine","metadata":{"__proto__":{"a":1}}}';
    const made = await at.server
      .http()
      .post('/canned_responses')
      .set('Content-Type', 'application/json')
      .send(body)
      .expect(201);
    expect(made.text).toContain('"metadata":{"__proto__":{"a":1}}');
    expect(made.body).not.toHaveProperty('colour');
    expect(made.body.id).toEqual(anId);
  });
});

/** That the first complaint of the answer to a POST (to a collection) or a PATCH (to one of it) is about this place. */
async function expectRefusedPlace(
  at: Awaited<ReturnType<typeof startWithClient>>,
  path: string,
  body: object,
  loc: readonly unknown[],
): Promise<void> {
  const method = path.lastIndexOf('/') === 0 ? 'post' : 'patch';
  const response = await at.server.http()[method](path).send(body);
  const about = JSON.stringify(body).slice(0, 100);
  expect([about, response.status, response.body.code]).toEqual([about, 422, 'INVALID_REQUEST']);
  expect([about, response.body.detail[0].loc]).toEqual([about, loc]);
}
