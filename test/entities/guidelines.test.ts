import { Parlant } from 'parlant-client';
import type { Response } from 'supertest';
import { describe, expect, it } from 'vitest';
import { expectRefusal, startWithClient, type ParlantClient } from '../support/parlant-client.ts';
import { createToolService, createUnreachableService } from '../support/tool-service.ts';

const anId = expect.stringMatching(/^[0-9A-Za-z]{10}$/);

const services = new Map([
  ['shop', createToolService('prices', 'orders')],
  ['far', createUnreachableService('far')],
]);
const prices = { serviceName: 'shop', toolName: 'prices' };
const orders = { serviceName: 'shop', toolName: 'orders' };

describe('guidelines, with the official client', () => {
  it('are created with defaults, read, listed, changed and deleted', async () => {
    await using at = await startWithClient();
    const { guidelines } = at.client;
    const made = await guidelines.create({ condition: 'they ask for a refund', action: 'offer one' });
    expect(made).toEqual({
      id: anId,
      condition: 'they ask for a refund',
      action: 'offer one',
      criticality: 'medium',
      enabled: true,
      tags: [],
      metadata: {},
      track: true,
      labels: [],
      priority: 0,
      title: null,
    });
    expect(await guidelines.retrieve(made.id)).toEqual({
      guideline: made,
      relationships: [],
      toolAssociations: [],
    });
    const other = await guidelines.create({ condition: '' });
    expect(await guidelines.list()).toEqual([made, other]);
    const changed = await guidelines.update(made.id, {
      condition: 'they want their money back',
      action: 'ask why',
      description: 'A refund takes two days',
      criticality: Parlant.CriticalityDto.High,
      enabled: false,
      compositionMode: Parlant.CompositionModeDto.StrictCanned,
      priority: -3,
    });
    expect(changed.guideline).toEqual({
      ...made,
      condition: 'they want their money back',
      action: 'ask why',
      description: 'A refund takes two days',
      criticality: 'high',
      enabled: false,
      compositionMode: 'strict_canned',
      priority: -3,
    });
    expect(await guidelines.update(made.id)).toEqual(changed);
    await guidelines.delete(made.id);
    await expectRefusal(guidelines.retrieve(made.id), 404, 'GUIDELINE_NOT_FOUND');
    await expectRefusal(guidelines.delete(made.id), 404, 'GUIDELINE_NOT_FOUND');
    await expectRefusal(guidelines.update(made.id, { condition: 'x' }), 404, 'GUIDELINE_NOT_FOUND');
    expect(await guidelines.list()).toEqual([other]);
  });

  it('take every field at creation, and an id of the client’s choice once', async () => {
    await using at = await startWithClient();
    const { guidelines, tags } = at.client;
    const vip = await tags.create({ name: 'vip' });
    const all = {
      id: 'мой guideline/№ 1 🧭',
      condition: 'они спрашивают о ценах 💶',
      action: 'خبرهم بالأسعار',
      description: '价格在变',
      criticality: Parlant.CriticalityDto.Low,
      enabled: false,
      tags: [vip.id, 'agent:echo'],
      metadata: { continuous: true, nested: { a: [1, null, 'ü'] } },
      compositionMode: Parlant.CompositionModeDto.Fluid,
      track: false,
      labels: ['a', 'b', 'a'],
      priority: 7,
    };
    const made = await guidelines.create(all);
    expect(made).toEqual({ ...all, title: null, labels: ['a', 'b'] });
    expect((await guidelines.retrieve(all.id)).guideline).toEqual(made);
    await expectRefusal(guidelines.create({ ...all, condition: 'another' }), 422, 'ID_TAKEN');
    expect(await guidelines.list()).toEqual([made]);
    const titled = await at.server.http().post('/guidelines').send({ condition: 'x', title: 'Ein Titel' });
    expect([titled.status, titled.body.title]).toEqual([201, 'Ein Titel']);
  });

  it('have ids made of their content, also when the content is the same', async () => {
    await using one = await startWithClient();
    await using other = await startWithClient();
    const make = async ({ guidelines }: ParlantClient) => [
      (await guidelines.create({ condition: 'same' })).id,
      (await guidelines.create({ condition: 'same' })).id,
      (await guidelines.create({ condition: 'same', action: 'differs' })).id,
    ];
    const ids = await make(one.client);
    expect(new Set(ids).size).toBe(3);
    expect(await make(other.client)).toEqual(ids);
  });

  it('lose their action, description and title where an empty text is given, and keep them where nothing is', async () => {
    await using at = await startWithClient();
    const given = { condition: 'c', action: 'a', description: 'd', title: 't' };
    const { body: made } = await at.server.http().post('/guidelines').send(given).expect(201);
    const patch = async (body: object) =>
      (await at.server.http().patch(`/guidelines/${made.id}`).send(body).expect(200)).body.guideline;
    const nothing = { action: null, description: null, title: null, enabled: null, tags: null, labels: null };
    expect(await patch(nothing)).toEqual(made);
    const empty = { condition: '', action: '', description: '', title: '' };
    const none = { condition: '', action: null, description: null, title: null };
    expect(await patch(empty)).toEqual({ ...made, ...none });
    const other = await at.server.http().post('/guidelines').send(empty).expect(201);
    expect(other.body).toMatchObject(none);
  });

  it('have labels that are upserted and removed, and metadata that are set and unset', async () => {
    await using at = await startWithClient();
    const { guidelines } = at.client;
    const { id } = await guidelines.create({ condition: 'c', labels: ['a', 'b'], metadata: { x: 1, y: 2 } });
    const { guideline } = await guidelines.update(id, {
      labels: { upsert: ['c', 'b', 'd'], remove: ['a', 'd', 'never there'] },
      metadata: { set: { x: { z: [] }, both: true }, unset: ['y', 'both', 'never there'] },
    });
    expect(guideline).toMatchObject({ labels: ['b', 'c'], metadata: { x: { z: [] } } });
    expect(Object.keys(guideline.metadata)).toEqual(['x']);
  });

  it('carry tags, also those of agents and journeys that exist, and are listed by them', async () => {
    await using at = await startWithClient();
    const { guidelines, tags, journeys } = at.client;
    const vip = await tags.create({ name: 'vip' });
    const journey = await journeys.create({ title: 'Buying', description: '', conditions: ['they buy'] });
    const plain = await guidelines.create({ condition: 'plain' });
    const both = await guidelines.create({
      condition: 'both',
      tags: [vip.id, `journey:${journey.id}`, vip.id],
    });
    expect(both.tags).toEqual([vip.id, `journey:${journey.id}`]);
    const patched = await guidelines.update(plain.id, { tags: { add: ['agent:echo', vip.id] } });
    expect(patched.guideline.tags).toEqual(['agent:echo', vip.id]);
    const idsOf = async (tagId: string) => (await guidelines.list({ tagId })).map(({ id }) => id);
    expect(await idsOf(vip.id)).toEqual([plain.id, both.id]);
    expect(await idsOf('agent:echo')).toEqual([plain.id]);
    expect(await idsOf(`journey:${journey.id}`)).toEqual([...journey.conditions, both.id]);
    expect(await idsOf('unknown')).toEqual([]);
    for (const tag of ['none', 'agent:none', 'journey:none', `guideline:${plain.id}`, 'journey:', vip.name]) {
      const add = { condition: 'x', tags: { add: [tag] } };
      await expectRefusal(guidelines.update(both.id, add), 404, 'TAG_NOT_FOUND');
      await expectRefusal(guidelines.create({ condition: 'x', tags: [vip.id, tag] }), 404, 'TAG_NOT_FOUND');
    }
    const remove = { condition: 'x', tags: { remove: [vip.id, 'none'] } };
    await expectRefusal(guidelines.update(both.id, remove), 404, 'TAG_NOT_ATTACHED');
    expect((await guidelines.retrieve(both.id)).guideline).toEqual(both);
    const freed = await guidelines.update(both.id, { tags: { remove: both.tags } });
    expect(freed.guideline.tags).toEqual([]);
  });

  it('survive a restart of the server', async () => {
    await using at = await startWithClient({ services });
    const { guidelines } = at.client;
    const { id } = await guidelines.create({ condition: 'durable', metadata: { a: 1 } });
    const before = await guidelines.update(id, { toolAssociations: { add: [prices] } });
    await at.server.restart();
    expect(await guidelines.retrieve(id)).toEqual(before);
  });
});

describe('tools of guidelines, with the official client', () => {
  it('are associated once and taken away again', async () => {
    await using at = await startWithClient({ services });
    const { guidelines } = at.client;
    const { id } = await guidelines.create({ condition: 'they ask for prices' });
    const added = await guidelines.update(id, { toolAssociations: { add: [prices, orders, prices] } });
    expect(added.toolAssociations).toEqual([
      { id: anId, guidelineId: id, toolId: prices },
      { id: anId, guidelineId: id, toolId: orders },
    ]);
    const again = await guidelines.update(id, { toolAssociations: { add: [prices] } });
    expect(again).toEqual(added);
    const removed = await guidelines.update(id, { toolAssociations: { remove: [prices] } });
    expect(removed.toolAssociations.map(({ toolId }) => toolId)).toEqual([orders]);
    expect(await guidelines.retrieve(id)).toEqual(removed);
    const back = await guidelines.update(id, { toolAssociations: { add: [prices] } });
    expect(new Set(back.toolAssociations)).toEqual(new Set(added.toolAssociations));
  });

  it('must exist, and what is taken away must be there: else nothing of the change is stored', async () => {
    await using at = await startWithClient({ services });
    const { guidelines } = at.client;
    const { id } = await guidelines.create({ condition: 'c' });
    const other = await guidelines.create({ condition: 'other' });
    await guidelines.update(other.id, { toolAssociations: { add: [orders] } });
    const before = await guidelines.retrieve(id);
    const change = (toolAssociations: Parlant.GuidelineToolAssociationUpdateParams) =>
      guidelines.update(id, { condition: 'new', toolAssociations }, { maxRetries: 0 });
    for (const tool of [
      { serviceName: 'shop', toolName: 'none' },
      { serviceName: 'none', toolName: 'prices' },
    ]) {
      await expectRefusal(change({ add: [prices, tool] }), 404, 'TOOL_NOT_FOUND');
    }
    await expectRefusal(change({ add: [prices], remove: [orders] }), 404, 'TOOL_ASSOCIATION_NOT_FOUND');
    const far = { serviceName: 'far', toolName: 'any' };
    await expectRefusal(change({ add: [prices, far] }), 503, 'SERVICE_UNAVAILABLE');
    const unknown = guidelines.update('none', { toolAssociations: { add: [far] } });
    await expectRefusal(unknown, 404, 'GUIDELINE_NOT_FOUND');
    expect(await guidelines.retrieve(id)).toEqual(before);
  });
});

describe('bad guidelines', () => {
  const cases: readonly [body: object, field: string][] = [
    [{}, 'condition'],
    [{ condition: null }, 'condition'],
    [{ condition: 7 }, 'condition'],
    [{ condition: '\ud800' }, 'condition'],
    [{ condition: 'c', action: 'a\0b' }, 'action'],
    [{ condition: 'c', id: '' }, 'id'],
    [{ condition: 'c', id: '..' }, 'id'],
    [{ condition: 'c', criticality: 'extreme' }, 'criticality'],
    [{ condition: 'c', composition_mode: 'canned_strict' }, 'composition_mode'],
    [{ condition: 'c', enabled: 'yes' }, 'enabled'],
    [{ condition: 'c', track: 1 }, 'track'],
    [{ condition: 'c', priority: 1.5 }, 'priority'],
    [{ condition: 'c', priority: '1' }, 'priority'],
    [{ condition: 'c', labels: [''] }, 'labels'],
    [{ condition: 'c', labels: 'one' }, 'labels'],
    [{ condition: 'c', metadata: [] }, 'metadata'],
    [{ condition: 'c', tags: [''] }, 'tags'],
  ];

  it('are refused with the place of the mistake, and not stored', async () => {
    await using at = await startWithClient();
    for (const [body, field] of cases) {
      const answer = await at.server.http().post('/guidelines').send(body);
      expectMistake(answer, body, field);
    }
    expect(await at.client.guidelines.list()).toEqual([]);
  });

  it('are no change of good ones', async () => {
    await using at = await startWithClient({ services });
    const made = await at.client.guidelines.create({ condition: 'c' });
    const changes: typeof cases = [
      [{ tool_associations: { add: [{ service_name: 'a:b', tool_name: 'c' }] } }, 'tool_associations'],
      [{ tool_associations: { add: ['shop:prices'] } }, 'tool_associations'],
      [{ labels: { upsert: ['x'.repeat(201)] } }, 'labels'],
      [{ metadata: { set: 1 } }, 'metadata'],
      [{ tags: ['x'] }, 'tags'],
      [{ criticality: '' }, 'criticality'],
    ];
    for (const [change, field] of changes) {
      const body = { condition: 'new', ...change };
      expectMistake(await at.server.http().patch(`/guidelines/${made.id}`).send(body), body, field);
    }
    expect(await at.client.guidelines.list()).toEqual([made]);
  });

  function expectMistake(answer: Response, body: object, field: string): void {
    const { status, body: problem } = answer;
    expect([body, status, problem.code]).toEqual([body, 422, 'INVALID_REQUEST']);
    expect([body, problem.detail[0].loc.slice(0, 2)]).toEqual([body, ['body', field]]);
  }

  it('cannot smuggle in a prototype', async () => {
    await using at = await startWithClient();
    const text = '{"condition":"c","metadata":{"__proto__":{"x":1},"constructor":2}}';
    const http = at.server.http();
    const made = await http
      .post('/guidelines')
      .set('Content-Type', 'application/json')
      .send(text)
      .expect(201);
    expect(made.text).toContain('"metadata":{"__proto__":{"x":1},"constructor":2}');
    const patch = { metadata: { set: { a: 1 }, unset: ['constructor'] } };
    const patched = await http.patch(`/guidelines/${made.body.id}`).send(patch).expect(200);
    expect(patched.text).toContain('"metadata":{"__proto__":{"x":1},"a":1}');
  });

  it('and good ones are for operators only, whatever is in the body', async () => {
    await using at = await startWithClient();
    const routes = [
      ['get', '/guidelines'],
      ['post', '/guidelines'],
      ['get', '/guidelines/any'],
      ['patch', '/guidelines/any'],
      ['delete', '/guidelines/any'],
      ['get', '/relationships'],
      ['post', '/relationships'],
      ['get', '/relationships/any'],
      ['delete', '/relationships/any'],
    ] as const;
    for (const [method, path] of routes) {
      const { status, body } = await at.server.http('ann')[method](path);
      expect([method, path, status, body.code]).toEqual([method, path, 403, 'OPERATOR_ONLY']);
    }
  });
});

describe('ten thousand guidelines', () => {
  it('are created one by one and listed whole', async () => {
    await using at = await startWithClient();
    const total = 10_000;
    const { guidelines } = at.server.entities;
    await Promise.all(
      Array.from({ length: total }, (_, n) =>
        guidelines.create({ condition: `they ask for thing ${n}`, action: `tell them about thing ${n}` }),
      ),
    );
    const listed = await at.client.guidelines.list();
    expect(new Set(listed.map(({ condition }) => condition)).size).toBe(total);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(total);
  }, 120_000);
});
