import { Parlant } from 'parlant-client';
import { describe, expect, it } from 'vitest';
import { expectRefusal, startWithClient } from '../support/parlant-client.ts';

const anId = expect.stringMatching(/^[0-9A-Za-z]{10}$/);
const refund = { title: 'Refund', description: 'Money goes back', conditions: ['wants money back'] };

describe('journeys, with the official client', () => {
  it('are created with defaults, read, listed, changed and deleted', async () => {
    await using at = await startWithClient();
    const { journeys } = at.client;
    const made = await journeys.create(refund);
    expect(made).toMatchObject({
      id: anId,
      title: 'Refund',
      description: 'Money goes back',
      conditions: [anId],
      tags: [],
      labels: [],
      priority: 0,
    });
    expect(made.compositionMode ?? null).toBeNull();
    expect(await journeys.retrieve(made.id)).toEqual(made);
    expect(await journeys.list()).toEqual([made]);
    const changed = await journeys.update(made.id, {
      title: 'Refunds',
      description: '',
      compositionMode: Parlant.CompositionModeDto.CannedFluid,
      labels: { upsert: ['money', 'money', 'sad'], remove: ['sad', 'never there'] },
      priority: -3,
    });
    expect(changed).toEqual({
      ...made,
      title: 'Refunds',
      description: '',
      compositionMode: 'canned_fluid',
      labels: ['money'],
      priority: -3,
    });
    expect(await journeys.update(made.id)).toEqual(changed);
    expect(await journeys.retrieve(made.id)).toEqual(changed);
    await journeys.delete(made.id);
    await expect(journeys.retrieve(made.id)).rejects.toThrow(Parlant.NotFoundError);
    await expect(journeys.delete(made.id)).rejects.toThrow(Parlant.NotFoundError);
    await expect(journeys.update(made.id, { title: 'x' })).rejects.toThrow(Parlant.NotFoundError);
    await expect(journeys.mermaid(made.id)).rejects.toThrow(Parlant.NotFoundError);
  });

  it('take every field at creation, and an id of the client’s choice once', async () => {
    await using at = await startWithClient();
    const { journeys, tags } = at.client;
    const vip = await tags.create({ name: 'vip' });
    const all = {
      id: 'my journey/1: ключ 🧭',
      title: 'é'.repeat(100),
      description: 'Schritt für Schritt 一步一步',
      conditions: ['condición', '条件', 'condición'],
      tags: [vip.id, 'agent:echo', vip.id],
      compositionMode: Parlant.CompositionModeDto.StrictCanned,
      labels: ['a', 'b', 'a'],
      priority: 7,
    };
    const made = await journeys.create(all);
    expect(made).toMatchObject({
      ...all,
      conditions: [anId, anId, anId],
      tags: [vip.id, 'agent:echo'],
      labels: ['a', 'b'],
    });
    expect(new Set(made.conditions).size).toBe(3);
    expect(await journeys.retrieve(all.id)).toEqual(made);
    await expectRefusal(journeys.create({ ...all, title: 'Another' }), 422, 'ID_TAKEN');
    expect(await journeys.list()).toEqual([made]);
  });

  it('are found by tag, and lose a tag that is deleted', async () => {
    await using at = await startWithClient();
    const { journeys, tags } = at.client;
    const [red, blue] = [await tags.create({ name: 'red' }), await tags.create({ name: 'blue' })];
    const one = await journeys.create({ ...refund, tags: [red.id] });
    const both = await journeys.create({ ...refund, tags: [red.id, blue.id] });
    const ids = async (tagId: string) => (await journeys.list({ tagId })).map(({ id }) => id);
    expect([await ids(red.id), await ids(blue.id), await ids('none')]).toEqual([
      [one.id, both.id],
      [both.id],
      [],
    ]);
    await journeys.update(one.id, { tags: { add: [blue.id], remove: [red.id] } });
    expect(await ids(blue.id)).toEqual([one.id, both.id]);
    await tags.delete(red.id);
    expect((await journeys.retrieve(both.id)).tags).toEqual([blue.id]);
  });

  it('refuse tags that are not there or not attached, and guidelines that are not there', async () => {
    await using at = await startWithClient();
    const { journeys } = at.client;
    const made = await journeys.create(refund);
    const patch = { title: 'Changed' };
    for (const tag of ['none', 'agent:none', `journey:${made.id}`, '__preamble__']) {
      await expectRefusal(journeys.create({ ...refund, tags: [tag] }), 404, 'TAG_NOT_FOUND');
      await expectRefusal(journeys.update(made.id, { ...patch, tags: { add: [tag] } }), 404, 'TAG_NOT_FOUND');
    }
    const remove = journeys.update(made.id, { ...patch, tags: { remove: ['none'] } });
    await expectRefusal(remove, 404, 'TAG_NOT_ATTACHED');
    const add = journeys.update(made.id, { ...patch, conditions: { add: ['none'] } });
    await expectRefusal(add, 404, 'GUIDELINE_NOT_FOUND');
    const release = journeys.update(made.id, { ...patch, conditions: { remove: ['none'] } });
    await expectRefusal(release, 422, 'JOURNEY_INVALID');
    expect(await journeys.list()).toEqual([made]);
  });

  it('change their triggers', async () => {
    await using at = await startWithClient();
    const { journeys } = at.client;
    const made = await journeys.create({ ...refund, conditions: ['a', 'b'] });
    const other = await journeys.create({ ...refund, conditions: ['c'] });
    const [a = '', b = ''] = made.conditions;
    const [c = ''] = other.conditions;
    const changed = await journeys.update(made.id, { conditions: { add: [c, b], remove: [a] } });
    expect(changed.conditions).toEqual([b, c]);
    expect(await journeys.retrieve(other.id)).toEqual(other);
  });

  it('are drawn for Mermaid', async () => {
    await using at = await startWithClient();
    const { id } = await at.client.journeys.create(refund);
    const { body: ask } = await at.server
      .http()
      .post(`/journeys/${id}/nodes`)
      .send({ action: 'Ask for "it"' });
    const { body: journey } = await at.server.http().get(`/journeys/${id}`);
    const link = (source: string, target: string, condition?: string) =>
      at.server.http().post(`/journeys/${id}/edges`).send({ source, target, condition }).expect(201);
    await link(journey.root_id, ask.id);
    await link(ask.id, 'end', 'done');
    expect(await at.client.journeys.mermaid(id)).toBe(
      [
        'stateDiagram-v2',
        '    state "Ask for #34;it#34;" as N0',
        '    [*] --> N0',
        '    N0 --> [*]: done',
        '    style N0 fill:#14532d,stroke:#ffffff,stroke-width:2px,color:#ffffff',
      ].join('\n'),
    );
    const drawn = await at.server.http().get(`/journeys/${id}/mermaid`).expect(200);
    expect(drawn.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it('are there after a restart, with all their steps', async () => {
    await using at = await startWithClient();
    const { id } = await at.client.journeys.create({ ...refund, title: 'Возврат 返金' });
    await at.server.http().post(`/journeys/${id}/nodes`).send({ action: 'φ' }).expect(201);
    const read = async () => [
      await at.client.journeys.list(),
      (await at.server.http().get(`/journeys/${id}/nodes`)).body,
    ];
    const before = await read();
    await at.server.restart();
    expect(await read()).toEqual(before);
  });
});

describe('a journey', () => {
  it('is given up its mode by an empty text, and keeps it by null', async () => {
    await using at = await startWithClient();
    const { id } = await at.client.journeys.create({ ...refund, compositionMode: 'fluid' });
    const patch = async (composition_mode: string | null) =>
      (await at.server.http().patch(`/journeys/${id}`).send({ composition_mode }).expect(200)).body;
    expect((await patch(null)).composition_mode).toBe('fluid');
    expect((await patch('')).composition_mode).toBeNull();
  });
});

describe('what activates a journey', () => {
  it('is called triggers or conditions, in requests and answers', async () => {
    await using at = await startWithClient();
    const http = () => at.server.http();
    const { body: one } = await http()
      .post('/journeys')
      .send({ title: 'a', description: '', triggers: ['x'] });
    expect(one.triggers).toEqual([anId]);
    expect(one.conditions).toEqual(one.triggers);
    const both = { title: 'b', description: '', triggers: ['x', 'y'], conditions: ['x', 'y'] };
    const { body: two } = await http().post('/journeys').send(both).expect(201);
    expect([two.triggers.length, two.conditions]).toEqual([2, two.triggers]);
    const add = { add: one.triggers };
    const { body: three } = await http().patch(`/journeys/${two.id}`).send({ triggers: add }).expect(200);
    expect(three.conditions).toEqual([...two.triggers, ...one.triggers]);
    const { body: none } = await http().post('/journeys').send({ title: 'c', description: '', triggers: [] });
    expect(none.triggers).toEqual([]);
  });

  it('cannot be said twice in different words', async () => {
    await using at = await startWithClient();
    const body = { title: 'a', description: '', triggers: ['x'], conditions: ['y'] };
    const made = await at.server.http().post('/journeys').send(body);
    expect([made.status, made.body.detail[0].loc]).toEqual([422, ['body', 'conditions']]);
    expect(await at.client.journeys.list()).toEqual([]);
  });
});
