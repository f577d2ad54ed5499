import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  InvalidDefinitionError,
  InvalidToolArgumentsError,
  ToolFailedError,
  ToolNotFoundError,
} from '../../src/errors.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { createLocalTools } from '../../src/tools/local-tools.ts';
import { toolResult } from '../../src/tools/tool-result.ts';
import { createContext } from './tool-context.ts';

const { context } = createContext();

/** What a tool with these parameters is given, for these arguments. */
async function received(parameters: z.ZodObject, args: Parameters<ReturnType<typeof tool>['call']>[1]) {
  let given: unknown;
  const spy = tool({ name: 'spy', parameters, handler: (args) => void (given = args) });
  await spy.call(context, args);
  return given;
}

describe('a tool of the program', () => {
  const balance = tool({
    name: 'balance',
    description: 'Looks up the balance of an account.',
    parameters: z.object({
      account: z
        .string()
        .describe('Its number')
        .meta({ examples: ['12-34', '56-78'], source: 'customer' }),
      currency: z.enum(['EUR', 'USD']).default('EUR'),
    }),
    handler: ({ account, currency }) => ({ account, currency, amount: 12.5 }),
  });

  it('is described by its zod object', () => {
    expect(balance.id).toBe('local:balance');
    expect(balance.tool).toEqual({
      name: 'balance',
      description: 'Looks up the balance of an account.',
      creationUtc: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/),
      parameters: {
        account: {
          type: 'string',
          description: 'Its number',
          examples: ['12-34', '56-78'],
          source: 'customer',
        },
        currency: { type: 'string', enum: ['EUR', 'USD'] },
      },
      required: ['account'],
      consequential: false,
      overlap: 'auto',
      metadata: {},
    });
  });

  it('is listed, read and called under its name', async () => {
    const tools = createLocalTools([balance]);
    expect(await tools.list()).toEqual([balance.tool]);
    expect(await tools.read('balance')).toEqual(balance.tool);
    expect(await tools.resolve('balance', context)).toEqual(balance.tool);
    expect(await tools.call('balance', context, { account: '12-34' })).toEqual({
      data: { account: '12-34', currency: 'EUR', amount: 12.5 },
      metadata: {},
      control: {},
      cannedResponses: [],
      cannedResponseFields: {},
      guidelines: [],
    });
    expect(await tools.read('constructor')).toBeUndefined();
    expect(await tools.resolve('other', context)).toBeUndefined();
    await expect(tools.call('other', context, {})).rejects.toThrow(ToolNotFoundError);
  });

  it('may be added again, but no other takes its name', () => {
    const tools = createLocalTools();
    expect(tools.add(balance)).toBe('local:balance');
    expect(tools.add(balance)).toBe('local:balance');
    const other = tool({ name: 'balance', handler: () => null });
    expect(() => tools.add(other)).toThrow(InvalidDefinitionError);
  });

  it('needs no parameters, and says what it is', () => {
    const { tool: described } = tool({
      name: 'wipe the disk',
      consequential: true,
      overlap: 'none',
      metadata: { icon: 'bin' },
      handler: () => null,
    });
    expect(described).toMatchObject({
      parameters: {},
      required: [],
      consequential: true,
      overlap: 'none',
      metadata: { icon: 'bin' },
    });
  });
});

describe('parameters of every kind', () => {
  it('are described', () => {
    const { tool: described } = tool({
      name: 'all',
      parameters: z.object({
        text: z.string(),
        email: z.email(),
        number: z.number(),
        whole: z.int(),
        yes: z.boolean(),
        day: z.iso.date(),
        moment: z.iso.datetime(),
        date: z.coerce.date(),
        length: z.iso.duration(),
        id: z.uuid(),
        choice: z.literal(['a', 'b']),
        either: z.union([z.literal('a'), z.literal('b')]),
        level: z.literal([1, 2]),
        list: z.array(z.int()),
        choices: z.array(z.enum(['x', 'y'])),
        places: z.array(z.object({ city: z.string() })),
        place: z.object({ city: z.string() }),
        map: z.record(z.string(), z.number()),
        later: z.lazy(() => z.number()),
        transformed: z.string().transform((text) => text.length),
      }),
      handler: () => null,
    });
    expect(described.parameters).toEqual({
      text: { type: 'string' },
      email: { type: 'string' },
      number: { type: 'number' },
      whole: { type: 'integer' },
      yes: { type: 'boolean' },
      day: { type: 'date' },
      moment: { type: 'datetime' },
      date: { type: 'datetime' },
      length: { type: 'timedelta' },
      id: { type: 'uuid' },
      choice: { type: 'string', enum: ['a', 'b'] },
      either: { type: 'string', enum: ['a', 'b'] },
      level: { type: 'number', enum: [1, 2] },
      list: { type: 'array', itemType: 'integer' },
      choices: { type: 'array', itemType: 'string', enum: ['x', 'y'] },
      places: { type: 'array', itemType: 'object' },
      place: { type: 'object' },
      map: { type: 'object' },
      later: { type: 'number' },
      transformed: { type: 'string' },
    });
  });

  it('are required unless they may be absent', () => {
    const { tool: described } = tool({
      name: 'optional',
      parameters: z.object({
        a: z.string(),
        b: z.string().optional(),
        c: z.string().default('x'),
        d: z.string().nullable(),
        e: z.string().nullish(),
      }),
      handler: () => null,
    });
    expect(described.required).toEqual(['a', 'd']);
    for (const parameter of Object.values(described.parameters))
      expect(parameter).toEqual({ type: 'string' });
  });

  it('say more of themselves in `meta`, wherever in the schema it stands', () => {
    const said = {
      description: 'The account',
      hidden: true,
      source: 'context',
      significance: 'to know whose it is',
      precedence: 1,
      displayName: 'account number',
      examples: ['12'],
    };
    const { tool: described } = tool({
      name: 'said',
      parameters: z.object({
        a: z.string().meta(said),
        b: z.string().meta(said).optional(),
        c: z.string().optional().meta(said),
        d: z.string().meta(said).nullish(),
      }),
      handler: () => null,
    });
    for (const parameter of Object.values(described.parameters))
      expect(parameter).toEqual({ type: 'string', ...said });
  });

  it.each([
    ['several types', z.union([z.string(), z.number()])],
    ['anything', z.unknown()],
    ['recursive JSON', z.json()],
    ['lists of lists', z.array(z.array(z.string()))],
    ['tuples', z.tuple([z.string(), z.number()])],
    ['objects of several shapes', z.union([z.object({ a: z.string() }), z.object({ b: z.string() })])],
    ['dates that are no JSON', z.date()],
    ['big integers', z.bigint()],
    ['sets', z.array(z.set(z.string()))],
    ['maps', z.object({ in: z.map(z.string(), z.string()) })],
    ['files', z.file()],
    ['nothing', z.never()],
    ['options that are none', z.string().meta({ source: 'the weather' })],
  ])('are refused when the tool is defined: %s', (_, parameter) => {
    const define = () => tool({ name: 'bad', parameters: z.object({ it: parameter }), handler: () => null });
    expect(define).toThrow(InvalidDefinitionError);
    expect(define).toThrow('The tool "bad"');
  });

  it.each(['', 'a:b', ' a', 'a\nb', 'x'.repeat(201)])('a tool cannot be called %j', (name) => {
    expect(() => tool({ name, handler: () => null })).toThrow('its name must be');
  });

  it('choices for what is no parameter are refused', () => {
    const choices = { colour: () => ['red'] } as object;
    expect(() => tool({ name: 'paint', choices, handler: () => null })).toThrow(
      '"colour", which is no parameter',
    );
  });
});

describe('a handler', () => {
  it('is given what its schema makes of texts and JSON', async () => {
    const parameters = z.object({
      seats: z.int(),
      names: z.array(z.string()),
      when: z.coerce.date(),
      urgent: z.boolean(),
      note: z.string().trim().optional(),
      length: z.string().transform((text) => text.length),
    });
    const args = {
      seats: '2',
      names: "['Ada', 'Bo']",
      when: '2026-01-31T09:30:00Z',
      urgent: 'False',
      note: null,
      length: 'four',
    };
    expect(await received(parameters, args)).toEqual({
      seats: 2,
      names: ['Ada', 'Bo'],
      when: new Date('2026-01-31T09:30:00Z'),
      urgent: false,
      length: 4,
    });
  });

  it('sees null only where its schema takes null', async () => {
    const parameters = z.object({
      a: z.string().nullable(),
      b: z.string().nullish(),
      c: z.string().default('x'),
      d: z.string().optional(),
    });
    expect(await received(parameters, { a: null, b: null, c: null, d: null })).toEqual({
      a: null,
      b: null,
      c: 'x',
    });
    await expect(received(z.object({ a: z.string() }), { a: null })).rejects.toThrow(
      InvalidToolArgumentsError,
    );
  });

  it('is not called with what its schema refuses', async () => {
    const parameters = z.object({ seats: z.int().max(8), email: z.email().optional() });
    const at = received(parameters, { seats: 9, email: 'nobody' });
    await expect(at).rejects.toThrow(InvalidToolArgumentsError);
    await expect(at).rejects.toThrow(/seats .*; email /);
    await expect(received(parameters, { seats: 1, seat: 2 })).rejects.toThrow('no parameter "seat"');
    await expect(received(parameters, {})).rejects.toThrow('missing for "seats"');
  });

  it('may check what takes time', async () => {
    const parameters = z.object({
      code: z.string().refine(async (code) => code === 'open', 'is not the code'),
    });
    expect(await received(parameters, { code: 'open' })).toEqual({ code: 'open' });
    await expect(received(parameters, { code: 'x' })).rejects.toThrow('code is not the code');
  });

  it('returns data, or a whole result', async () => {
    const call = async (handler: () => unknown) => tool({ name: 'any', handler }).call(context, {});
    expect((await call(() => undefined)).data).toBeNull();
    expect((await call(async () => [new Date(0), { a: undefined }])).data).toEqual([
      '1970-01-01T00:00:00.000Z',
      {},
    ]);
    expect((await call(() => ({ data: 1, metadata: 2 }))).data).toEqual({ data: 1, metadata: 2 });
    expect(
      await call(() =>
        toolResult({
          data: 'gone',
          metadata: { ms: 3 },
          control: { mode: 'manual', lifespan: 'response' },
          cannedResponses: ['It is {{what}}.'],
          cannedResponseFields: { what: 'gone' },
          guidelines: [{ action: 'say sorry', criticality: 'high' }],
        }),
      ),
    ).toEqual({
      data: 'gone',
      metadata: { ms: 3 },
      control: { mode: 'manual', lifespan: 'response' },
      cannedResponses: ['It is {{what}}.'],
      cannedResponseFields: { what: 'gone' },
      guidelines: [{ action: 'say sorry', criticality: 'high' }],
    });
    expect(await call(() => toolResult({ data: null }))).toMatchObject({ control: {}, guidelines: [] });
  });

  it.each<[string, () => unknown, string]>([
    ['throws', () => fail(new RangeError('no such account.')), 'failed: RangeError: no such account.'],
    ['throws something else', () => fail('a text'), 'failed: a text.'],
    ['returns what is no JSON', () => ({ big: 1n }), 'its result is not JSON'],
    ['returns a circle', () => circle(), 'its result is not JSON'],
    ['returns what is too deep', () => JSON.parse('['.repeat(100) + ']'.repeat(100)), 'at most 64 levels'],
    ['returns guidelines without action', () => toolResult({ data: 1, guidelines: [{} as never] }), 'action'],
  ])('that %s fails the call', async (_, handler, message) => {
    const call = tool({ name: 'bad', handler }).call(context, {});
    await expect(call).rejects.toThrow(ToolFailedError);
    await expect(call).rejects.toThrow(message);
  });

  it('that does not listen is not waited for when the call is given up', async () => {
    const controller = new AbortController();
    const tools = createLocalTools([tool({ name: 'hang', handler: () => new Promise(() => {}) })]);
    const { context: given } = createContext({ signal: controller.signal });
    const call = tools.call('hang', given, {});
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await expect(tools.call('hang', given, {})).rejects.toThrow('enough');
  });
});

describe('choices', () => {
  const parameters = z.object({ city: z.string(), seat: z.array(z.string()).optional() });
  const travel = tool({
    name: 'travel',
    parameters,
    choices: {
      city: async ({ customerId }) => (customerId === 'customer-1' ? ['Rome', 'Oslo'] : []),
      seat: () => ['1A', '1B'],
    },
    handler: ({ city }) => city,
  });

  it('are those of the session', async () => {
    expect(travel.tool.parameters['city']).toEqual({ type: 'string' });
    expect((await travel.resolve(context)).parameters).toEqual({
      city: { type: 'string', enum: ['Rome', 'Oslo'] },
      seat: { type: 'array', itemType: 'string', enum: ['1A', '1B'] },
    });
    const { context: other } = createContext({ customerId: 'customer-2' });
    expect((await travel.resolve(other)).parameters['city']?.enum).toEqual([]);
  });

  it('are all that a call may bring', async () => {
    expect((await travel.call(context, { city: 'Oslo', seat: ['1B'] })).data).toBe('Oslo');
    await expect(travel.call(context, { city: 'Bonn' })).rejects.toThrow('must be one of "Rome", "Oslo"');
    await expect(travel.call(context, { city: 'Oslo', seat: ['9Z'] })).rejects.toThrow(
      InvalidToolArgumentsError,
    );
  });

  it('that cannot be had are a failure of the tool', async () => {
    const choices = { city: () => fail(new Error('the list is lost')) };
    const lost = tool({ name: 'lost', parameters, choices, handler: () => null });
    await expect(lost.resolve(context)).rejects.toThrow(ToolFailedError);
    await expect(lost.call(context, { city: 'Oslo' })).rejects.toThrow('the list is lost');
  });
});

function fail(error: unknown): never {
  throw error;
}

function circle(): object {
  const circular: { self?: object } = {};
  circular.self = circular;
  return circular;
}
