import { Parlant, ParlantError } from 'parlant-client';
import { describe, expect, it } from 'vitest';
import { expectRefusal, startWithClient } from '../support/parlant-client.ts';
import { createToolService, createUnreachableService } from '../support/tool-service.ts';

const anId = expect.stringMatching(/^[0-9A-Za-z]{10}$/);
const balance = { serviceName: 'bank', toolName: 'get:balance' };

/** The client asks again where a service cannot be asked. */
const once = { maxRetries: 0 };

/** With a service that has a tool, and one that cannot be asked. */
const start = () =>
  startWithClient({
    services: new Map([
      ['bank', createToolService('get:balance', 'other')],
      ['down', createUnreachableService('down')],
    ]),
  });

describe('context variables, with the official client', () => {
  it('are created, read, listed, changed and deleted', async () => {
    await using at = await start();
    const { contextVariables } = at.client;
    const plain = await contextVariables.create({ name: 'Plan' });
    expect(plain).toEqual({
      id: anId,
      name: 'Plan',
      description: undefined,
      toolId: undefined,
      freshnessRules: undefined,
      tags: [],
    });
    const made = await contextVariables.create({
      name: '残高 💰',
      description: '',
      toolId: balance,
      freshnessRules: '0 */6 * * *',
      tags: ['agent:echo'],
    });
    expect(made).toEqual({
      id: anId,
      name: '残高 💰',
      description: '',
      toolId: balance,
      freshnessRules: '0 */6 * * *',
      tags: ['agent:echo'],
    });
    expect(await contextVariables.retrieve(made.id)).toEqual({ contextVariable: made, keyValuePairs: {} });
    expect(await contextVariables.list()).toEqual([plain, made]);
    const changed = await contextVariables.update(plain.id, {
      name: 'Tariff',
      description: 'What is paid for',
      toolId: { serviceName: 'bank', toolName: 'other' },
      freshnessRules: '@daily',
    });
    expect(changed).toEqual({
      id: plain.id,
      name: 'Tariff',
      description: 'What is paid for',
      toolId: { serviceName: 'bank', toolName: 'other' },
      freshnessRules: '@daily',
      tags: [],
    });
    expect(await contextVariables.update(plain.id, {})).toEqual(changed);
    await contextVariables.delete(made.id);
    await expectRefusal(contextVariables.retrieve(made.id), 404, 'CONTEXT_VARIABLE_NOT_FOUND');
    await expectRefusal(contextVariables.delete(made.id), 404, 'CONTEXT_VARIABLE_NOT_FOUND');
    await expectRefusal(contextVariables.update(made.id, {}), 404, 'CONTEXT_VARIABLE_NOT_FOUND');
    expect(await contextVariables.list()).toEqual([changed]);
  });

  it('lose description, tool and rules where an empty text is given in their place, and keep them where null is', async () => {
    await using at = await start();
    const full = { name: 'v', description: 'd', toolId: balance, freshnessRules: '@hourly' };
    const { id } = await at.client.contextVariables.create(full);
    const patch = (body: object) => at.server.http().patch(`/context-variables/${id}`).send(body).expect(200);
    const kept = await patch({ name: null, description: null, tool_id: null, freshness_rules: null });
    expect(kept.body).toMatchObject({ description: 'd', freshness_rules: '@hourly' });
    expect(kept.body.tool_id).toEqual({ service_name: 'bank', tool_name: 'get:balance' });
    const emptied = await patch({ description: '', tool_id: '', freshness_rules: '' });
    expect(emptied.body).toMatchObject({ name: 'v', description: '', tool_id: null, freshness_rules: null });
  });

  it('belong to tags and agents, are listed by them, and never become everybody’s when those are deleted', async () => {
    await using at = await start();
    const { contextVariables, tags } = at.client;
    const red = await tags.create({ name: 'red' });
    await contextVariables.create({ name: 'free' });
    const bound = await contextVariables.create({ name: 'bound', tags: [red.id, red.id] });
    expect(bound.tags).toEqual([red.id]);
    expect(await contextVariables.list({ tagId: red.id })).toEqual([bound]);
    expect(await contextVariables.list({ tagId: 'none' })).toEqual([]);
    await tags.delete(red.id);
    expect((await contextVariables.retrieve(bound.id)).contextVariable.tags).not.toEqual([]);
  });

  it('are refused whole where a tool, a tag or a rule is none', async () => {
    await using at = await start();
    const { contextVariables } = at.client;
    const made = await contextVariables.create({ name: 'v', toolId: balance, freshnessRules: '@daily' });
    const refused = [
      [{ toolId: { serviceName: 'bank', toolName: 'none' } }, 404, 'TOOL_NOT_FOUND'],
      [{ toolId: { serviceName: 'none', toolName: 'get:balance' } }, 404, 'TOOL_NOT_FOUND'],
      [{ toolId: { serviceName: 'down', toolName: 'any' } }, 503, 'SERVICE_UNAVAILABLE'],
      [{ freshnessRules: 'every day' }, 422, 'FRESHNESS_RULES_INVALID'],
      [{ freshnessRules: '0 0 31 2 *' }, 422, 'FRESHNESS_RULES_INVALID'],
      [{ freshnessRules: '0 0 0 * * *' }, 422, 'FRESHNESS_RULES_INVALID'],
    ] as const;
    for (const [part, status, code] of refused) {
      await expectRefusal(contextVariables.create({ name: 'x', ...part }, once), status, code);
      await expectRefusal(contextVariables.update(made.id, { name: 'x', ...part }, once), status, code);
    }
    for (const tag of ['none', 'agent:none', 'journey:any']) {
      await expectRefusal(contextVariables.create({ name: 'x', tags: [tag] }), 404, 'TAG_NOT_FOUND');
      const change = { name: 'x', toolId: balance, tags: { add: ['agent:echo', tag] } };
      await expectRefusal(contextVariables.update(made.id, change), 404, 'TAG_NOT_FOUND');
    }
    const removal = { name: 'x', tags: { remove: ['agent:echo'] } };
    await expectRefusal(contextVariables.update(made.id, removal), 404, 'TAG_NOT_ATTACHED');
    expect(await contextVariables.list()).toEqual([made]);
  });

  it('say in a text which field is no cron expression, and why', async () => {
    await using at = await start();
    const variable = { name: 'v', freshness_rules: '61 * * * *' };
    const { status, body } = await at.server.http().post('/context-variables').send(variable);
    expect([status, body]).toEqual([
      422,
      {
        detail: 'freshness_rules: "61 * * * *" is no cron expression (its minute is out of range).',
        code: 'FRESHNESS_RULES_INVALID',
        title: 'Freshness rules invalid',
        status: 422,
      },
    ]);
  });

  it('are deleted by a tag where it was their only one, and only lose it where it was not', async () => {
    await using at = await start();
    const { contextVariables, tags } = at.client;
    const [red, blue] = [await tags.create({ name: 'red' }), await tags.create({ name: 'blue' })];
    const free = await contextVariables.create({ name: 'free' });
    const one = await contextVariables.create({ name: 'one', tags: [red.id] });
    const two = await contextVariables.create({ name: 'two', tags: [red.id, blue.id] });
    await contextVariables.setValue(one.id, 'DEFAULT', { data: 1 });
    await contextVariables.setValue(two.id, 'DEFAULT', { data: 2 });
    await contextVariables.deleteMany({ tagId: 'none' });
    expect(await contextVariables.list()).toEqual([free, one, two]);
    await contextVariables.deleteMany({ tagId: red.id });
    expect(await contextVariables.list()).toEqual([free, { ...two, tags: [blue.id] }]);
    expect(await contextVariables.getValue(two.id, 'DEFAULT')).toMatchObject({ data: 2 });
    const nobody = await at.server.http().delete('/context-variables?tag_id=').expect(422);
    expect(nobody.body.code).toBe('INVALID_REQUEST');
    expect((await contextVariables.list()).length).toBe(2);
    await contextVariables.deleteMany();
    expect(await contextVariables.list()).toEqual([]);
  });
});

describe('values of context variables, with the official client', () => {
  it('are stored, replaced, read one by one or all at once, and deleted', async () => {
    await using at = await start();
    const { contextVariables } = at.client;
    const { id } = await contextVariables.create({ name: 'v' });
    const before = Date.now();
    const first = await contextVariables.setValue(id, 'ann', {
      data: { plan: 'pro', seats: [1, 2.5, null] },
    });
    expect(first).toEqual({
      id: anId,
      lastModified: expect.any(Date),
      data: { plan: 'pro', seats: [1, 2.5, null] },
    });
    expect(first.lastModified.getTime()).toBeGreaterThanOrEqual(before);
    const everybody = await contextVariables.setValue(id, 'DEFAULT', { data: 'free' });
    const replaced = await contextVariables.setValue(id, 'ann', { data: false });
    expect(replaced).toMatchObject({ id: first.id, data: false });
    expect(replaced.lastModified.getTime()).toBeGreaterThanOrEqual(first.lastModified.getTime());
    expect(await contextVariables.getValue(id, 'ann')).toEqual(replaced);
    const { keyValuePairs } = await contextVariables.retrieve(id);
    expect(keyValuePairs).toEqual({ ann: replaced, DEFAULT: everybody });
    const without = await contextVariables.retrieve(id, { includeValues: false });
    expect([without.contextVariable.id, without.keyValuePairs]).toEqual([id, undefined]);
    await contextVariables.deleteValue(id, 'ann');
    await expectRefusal(contextVariables.getValue(id, 'ann'), 404, 'CONTEXT_VALUE_NOT_FOUND');
    await expectRefusal(contextVariables.deleteValue(id, 'ann'), 404, 'CONTEXT_VALUE_NOT_FOUND');
    expect((await contextVariables.retrieve(id)).keyValuePairs).toEqual({ DEFAULT: everybody });
  });

  it('may be any JSON, under any key, and are there after a restart', async () => {
    await using at = await start();
    const { id } = await at.client.contextVariables.create({ name: 'v' });
    const keys = [
      'a/b',
      '50%',
      '?x=1#y',
      'tag:Ünï 🏷',
      '顧客',
      ' ',
      '__proto__',
      'constructor',
      'a\nb',
      '%2F',
    ];
    const values = [
      null,
      0,
      -1.5e-7,
      '',
      'é\u0000🍐',
      [],
      {},
      [[{ a: [true] }]],
      JSON.parse('{"__proto__":{"a":1}}'),
      true,
    ];
    const address = (key: string) => `/context-variables/${id}/${encodeURIComponent(key)}`;
    for (const [index, key] of keys.entries()) {
      await at.server.http().put(address(key)).send({ data: values[index] }).expect(200);
    }
    await at.server.restart();
    for (const [index, key] of keys.entries()) {
      const { text } = await at.server.http().get(address(key)).expect(200);
      expect([key, JSON.parse(text).data]).toEqual([key, values[index]]);
    }
    const { text } = await at.server.http().get(`/context-variables/${id}`).expect(200);
    expect(Object.keys(JSON.parse(text).key_value_pairs)).toEqual(keys);
  });

  it('may be as large as a request, and no larger', async () => {
    await using at = await startWithClient({ settings: { maxBodyKb: 64 } });
    const { id } = await at.client.contextVariables.create({ name: 'v' });
    const put = (data: unknown) => at.server.http().put(`/context-variables/${id}/k`).send({ data });
    await put('x'.repeat(65_000)).expect(200);
    const { body } = await put('x'.repeat(66_000)).expect(413);
    expect(body.code).toBe('BODY_TOO_LARGE');
    const stored = await at.client.contextVariables.getValue(id, 'k');
    expect(String(stored.data).length).toBe(65_000);
  });

  it('go with their variable, also when one like it is made again', async () => {
    await using at = await start();
    const { contextVariables } = at.client;
    const { id } = await contextVariables.create({ name: 'v' });
    for (const key of ['ann', 'bob']) await contextVariables.setValue(id, key, { data: 1 });
    await contextVariables.delete(id);
    await expectRefusal(contextVariables.getValue(id, 'ann'), 404, 'CONTEXT_VARIABLE_NOT_FOUND');
    const again = await contextVariables.create({ name: 'v' });
    expect(again.id).toBe(id);
    expect((await contextVariables.retrieve(id)).keyValuePairs).toEqual({});
  });

  it('are refused of a variable that is not there, and under a key or of a shape that cannot be', async () => {
    await using at = await start();
    const { contextVariables } = at.client;
    const { id } = await contextVariables.create({ name: 'v' });
    await expectRefusal(
      contextVariables.setValue('none', 'k', { data: 1 }),
      404,
      'CONTEXT_VARIABLE_NOT_FOUND',
    );
    await expectRefusal(contextVariables.getValue('none', 'k'), 404, 'CONTEXT_VARIABLE_NOT_FOUND');
    await expectRefusal(contextVariables.deleteValue('none', 'k'), 404, 'CONTEXT_VARIABLE_NOT_FOUND');
    const deep = JSON.parse('['.repeat(70) + ']'.repeat(70)) as unknown;
    const refused = [
      ['k', {}, 'body.data'],
      ['k', [], 'body'],
      ['k', { data: deep }, 'body.data'],
      ['x'.repeat(1_001), { data: 1 }, 'path.key'],
      ['a%00', { data: 1 }, 'path.key'],
    ] as const;
    for (const [key, body, place] of refused) {
      const answer = await at.server.http().put(`/context-variables/${id}/${key}`).send(body);
      expect([place, answer.status, answer.body.detail?.[0]?.loc?.join('.')]).toEqual([place, 422, place]);
    }
    await at.server.http().put(`/context-variables/${id}/%ff`).send({ data: 1 }).expect(400);
    expect((await contextVariables.retrieve(id)).keyValuePairs).toEqual({});
  });

  it('are not all deleted, nor their variable, by a key that an address cannot have', async () => {
    await using at = await start();
    const { contextVariables } = at.client;
    const { id } = await contextVariables.create({ name: 'v' });
    const value = await contextVariables.setValue(id, 'k', { data: 1 });
    for (const key of ['..', '.', '']) {
      await expect(contextVariables.deleteValue(id, key)).rejects.toThrow(Parlant.NotFoundError);
      await expect(contextVariables.setValue(id, key, { data: 1 })).rejects.toThrow(ParlantError);
    }
    expect((await contextVariables.retrieve(id)).keyValuePairs).toEqual({ k: value });
  });

  it('are each one only, however many are stored at once', async () => {
    await using at = await start();
    const { contextVariables } = at.client;
    const { id } = await contextVariables.create({ name: 'v' });
    const put = (data: number) => contextVariables.setValue(id, 'k', { data });
    const stored = await Promise.all(Array.from({ length: 20 }, (_, n) => put(n)));
    expect(new Set(stored.map((value) => value.id)).size).toBe(1);
    const { keyValuePairs } = await contextVariables.retrieve(id);
    expect(Object.keys(keyValuePairs ?? {})).toEqual(['k']);
  });

  it('may be found for many keys at once', async () => {
    await using at = await start();
    const { contextVariables, contextValues } = at.server.entities;
    const [{ id }, other] = [
      await contextVariables.create({ name: 'v' }),
      await contextVariables.create({ name: 'other' }),
    ];
    await contextValues.put({ variableId: id, key: 'agent:a', data: 1 });
    await contextValues.put({ variableId: id, key: 'DEFAULT', data: 2 });
    await contextValues.put({ variableId: other.id, key: 'ann', data: 3 });
    const found = await contextValues.find(id, ['ann', 'agent:a', 'DEFAULT']);
    expect([...found].map(([key, { data }]) => [key, data])).toEqual([
      ['agent:a', 1],
      ['DEFAULT', 2],
    ]);
  });
});
