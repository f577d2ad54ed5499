import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidToolArgumentsError } from '../../src/errors.ts';
import type { Json } from '../../src/event-log/event.ts';
import { convertArguments } from '../../src/tools/convert-arguments.ts';
import { parameterTypes, type ToolParameter } from '../../src/tools/tool.ts';

function convert(parameter: ToolParameter, value: unknown): Json | undefined {
  return convertArguments('local:book', { parameters: { it: parameter }, required: [] }, { it: value })['it'];
}

function refusal(parameter: ToolParameter, value: unknown): string {
  try {
    return `became ${JSON.stringify(convert(parameter, value))}`;
  } catch (error) {
    if (error instanceof InvalidToolArgumentsError) return error.message;
    throw error;
  }
}

describe('arguments are converted to their types', () => {
  it.each<[ToolParameter, unknown, Json]>([
    [{ type: 'string' }, ' as it is ', ' as it is '],
    [{ type: 'string' }, 12.5, '12.5'],
    [{ type: 'string' }, true, 'true'],
    [{ type: 'string' }, { a: 1 }, '{"a":1}'],
    [{ type: 'number' }, 1.5, 1.5],
    [{ type: 'number' }, ' -1.5e3 ', -1500],
    [{ type: 'number' }, '.5', 0.5],
    [{ type: 'integer' }, 7, 7],
    [{ type: 'integer' }, '+7', 7],
    [{ type: 'integer' }, '7.0', 7],
    [{ type: 'boolean' }, false, false],
    [{ type: 'boolean' }, 'False', false],
    [{ type: 'boolean' }, 'TRUE ', true],
    [{ type: 'object' }, { a: [1] }, { a: [1] }],
    [{ type: 'object' }, '{"a": {"b": null}}', { a: { b: null } }],
    [{ type: 'object' }, "{'a': True, 'b': [1, 'x'], 'c': None}", { a: true, b: [1, 'x'], c: null }],
    [{ type: 'date' }, '2024-02-29', '2024-02-29'],
    [{ type: 'datetime' }, '2024-02-29', '2024-02-29T00:00:00'],
    [{ type: 'datetime' }, '2024-02-29 09:30', '2024-02-29T09:30:00'],
    [{ type: 'datetime' }, '2024-02-29t09:30:15.5z', '2024-02-29T09:30:15.5Z'],
    [{ type: 'datetime' }, '2024-02-29T09:30:15+0200', '2024-02-29T09:30:15+02:00'],
    [{ type: 'timedelta' }, 'pt1h30m', 'PT1H30M'],
    [{ type: 'timedelta' }, '1 day, 2:30:00', 'P1DT2H30M0S'],
    [{ type: 'timedelta' }, '0:05', 'PT0H5M0S'],
    [{ type: 'timedelta' }, 90, 'PT90S'],
    [{ type: 'path' }, ' /tmp/a b ', '/tmp/a b'],
    [{ type: 'uuid' }, '9B2F0F5E-0C7B-4B5D-8C5E-1F2A3B4C5D6E', '9b2f0f5e-0c7b-4b5d-8c5e-1f2a3b4c5d6e'],
  ])('%j takes %j as %j', (parameter, value, expected) => {
    expect(convert(parameter, value)).toEqual(expected);
  });

  it.each<[ToolParameter, unknown, Json]>([
    [{ type: 'array' }, [1, 'a', null], [1, 'a', null]],
    [{ type: 'array', itemType: 'string' }, '["a", "b"]', ['a', 'b']],
    [{ type: 'array', itemType: 'string' }, `['a', "b's", 'c\\'d', e f]`, ['a', "b's", "c'd", 'e f']],
    [{ type: 'array', itemType: 'string' }, "['\\u00e9\\n', 'x',]", ['é\n', 'x']],
    [{ type: 'array', itemType: 'string' }, '[007, 1.50]', ['007', '1.50']],
    [{ type: 'array', itemType: 'string' }, '[]', []],
    [{ type: 'array', itemType: 'integer' }, '[1, 2, None]', [1, 2, null]],
    [{ type: 'array', itemType: 'integer' }, ['1', 2], [1, 2]],
    [{ type: 'array', itemType: 'boolean' }, '[True, False]', [true, false]],
    [{ type: 'array', itemType: 'date' }, "['2024-02-29']", ['2024-02-29']],
    [{ type: 'array', itemType: 'object' }, "[{'a': 1}]", [{ a: 1 }]],
    [{ type: 'array', itemType: 'string', enum: ['a', 'b'] }, "['b', 'a']", ['b', 'a']],
  ])('%j takes the list %j as %j', (parameter, value, expected) => {
    expect(convert(parameter, value)).toEqual(expected);
  });

  it('null stays null, whatever the type', () => {
    for (const type of parameterTypes) expect(convert({ type }, null)).toBeNull();
    expect(convert({ type: 'string', enum: ['a'] }, null)).toBeNull();
  });

  it('a choice is one of those there are', () => {
    expect(convert({ type: 'string', enum: ['a', 'b'] }, 'b')).toBe('b');
    expect(convert({ type: 'integer', enum: [1, 2] }, '2')).toBe(2);
    expect(convert({ type: 'string', enum: ['a', 2] }, '2')).toBe(2);
  });
});

describe('arguments are refused, with what is wrong,', () => {
  it.each<[ToolParameter, unknown, string]>([
    [{ type: 'number' }, '', 'must be a number'],
    [{ type: 'number' }, '1,000', 'must be a number'],
    [{ type: 'number' }, '0x10', 'must be a number'],
    [{ type: 'number' }, '1e999', 'must be a number'],
    [{ type: 'number' }, true, 'must be a number'],
    [{ type: 'integer' }, 'five', 'must be a whole number, not "five"'],
    [{ type: 'integer' }, 1.5, 'must be a whole number'],
    [{ type: 'integer' }, '9007199254740993', 'must be a whole number'],
    [{ type: 'boolean' }, 'maybe', 'must be true or false'],
    [{ type: 'boolean' }, 1, 'must be true or false'],
    [{ type: 'boolean' }, 'constructor', 'must be true or false'],
    [{ type: 'array', itemType: 'string' }, 'a, b', 'must be a list'],
    [{ type: 'array', itemType: 'string' }, "['a'", 'must be a list'],
    [{ type: 'array', itemType: 'string' }, "['a'] x", 'must be a list'],
    [{ type: 'array', itemType: 'string' }, '[,]', 'must be a list'],
    [{ type: 'array', itemType: 'string' }, { a: 1 }, 'must be a list'],
    [{ type: 'array', itemType: 'integer' }, '[1, two]', 'each is a whole number, not "two"'],
    [{ type: 'array', itemType: 'string', enum: ['a'] }, ['b'], 'must be one of "a", not "b"'],
    [{ type: 'object' }, '[1]', 'must be an object'],
    [{ type: 'object' }, '{"a": }', 'must be an object'],
    [{ type: 'object' }, [1], 'must be an object'],
    [{ type: 'date' }, '2023-02-29', 'must be a date'],
    [{ type: 'date' }, '2024-13-01', 'must be a date'],
    [{ type: 'date' }, 'tomorrow', 'must be a date'],
    [{ type: 'date' }, '2024-02-29T10:00:00', 'must be a date'],
    [{ type: 'datetime' }, '2023-02-29T10:00', 'must be a date and time'],
    [{ type: 'datetime' }, '2024-02-29T25:00', 'must be a date and time'],
    [{ type: 'timedelta' }, 'P', 'must be a duration'],
    [{ type: 'timedelta' }, 'PT', 'must be a duration'],
    [{ type: 'timedelta' }, -5, 'must be a duration'],
    [{ type: 'path' }, ' ', 'must be a path'],
    [{ type: 'path' }, 'a\0b', 'must be a path'],
    [{ type: 'uuid' }, '9b2f0f5e', 'must be a UUID'],
    [{ type: 'string', enum: ['a', 'b'] }, 'c', 'must be one of "a", "b", not "c"'],
    [{ type: 'string' }, undefined, 'must be JSON'],
    [{ type: 'number' }, Number.NaN, 'must be JSON'],
  ])('%j does not take %j', (parameter, value, expected) => {
    expect(refusal(parameter, value)).toContain(expected);
  });

  it('what is nested too deeply', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(convert({ type: 'array' }, deep(60))).toBeDefined();
    for (const levels of [70, 100_000])
      expect(refusal({ type: 'array' }, deep(levels))).toContain('must be JSON of at most 64 levels');
    expect(refusal({ type: 'array' }, `[x,${deep(100_000)}]`)).toContain('must be a list');
  });

  it('a long value is cut in the message', () => {
    expect(refusal({ type: 'integer' }, 'x'.repeat(10_000)).length).toBeLessThan(250);
  });

  it('all of it at once: unknown names, missing names, wrong values', () => {
    const tool = {
      parameters: { a: { type: 'integer' }, b: { type: 'string' } },
      required: ['a', 'b'],
    } as const;
    expect(() => convertArguments('bank:pay', tool, { a: 'x', c: 1, d: 2 })).toThrow(
      'The tool "bank:pay" cannot be called so: there is no parameter "c", "d"; a value is missing for "b"; "a" must be a whole number, not "x".',
    );
  });

  it('arguments that are no object', () => {
    for (const args of [null, undefined, [], 'a', 7])
      expect(() => convertArguments('bank:pay', { parameters: {}, required: [] }, args)).toThrow(
        InvalidToolArgumentsError,
      );
  });

  it('names and keys that belong to every object', () => {
    const tool = { parameters: { it: { type: 'object' } }, required: [] } as const;
    for (const args of ['{"__proto__": {"x": 1}}', '{"constructor": 1}', '{"toString": 1}'])
      expect(() => convertArguments('bank:pay', tool, JSON.parse(args))).toThrow('there is no parameter');
    for (const it of ['{"__proto__": {"x": 1}}', '{"a": [{"__proto__": 1}]}', "{'__proto__': {'x': 1}}"])
      expect(refusal({ type: 'object' }, it)).toContain('must be JSON');
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });
});

describe('whatever is given as arguments', () => {
  const parameter = fc.record(
    {
      type: fc.constantFrom(...parameterTypes),
      itemType: fc.constantFrom(...parameterTypes),
      enum: fc.array(fc.oneof(fc.string(), fc.integer())),
    },
    { requiredKeys: ['type'] },
  );
  const literal = fc.stringMatching(/^[[{][[\]{}'",: \\a1TruNone-]{0,30}$/);
  const value = fc.oneof(fc.anything(), fc.jsonValue(), fc.json(), literal, fc.string({ unit: 'grapheme' }));

  it('they become JSON that can be converted again to the same, or are refused', () => {
    fc.assert(
      fc.property(parameter, value, (known, given) => {
        const tool = { parameters: { it: known }, required: ['it'] };
        const converted = unlessRefused(() => convertArguments('local:x', tool, { it: given }));
        if (converted === undefined) return true;
        expect(JSON.parse(JSON.stringify(converted))).toEqual(converted);
        expect(convertArguments('local:x', tool, converted)).toEqual(converted);
        return true;
      }),
      { numRuns: 2_000 },
    );
  });

  it('nothing but a refusal comes of arguments that fit no tool', () => {
    const tool = { parameters: { it: { type: 'string' } }, required: [] } as const;
    const convertAny = (given: unknown) => unlessRefused(() => convertArguments('local:x', tool, given));
    expect(() => fc.assert(fc.property(fc.anything(), (given) => void convertAny(given)))).not.toThrow();
  });
});

/** Throws what is no refusal. */
function unlessRefused<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof InvalidToolArgumentsError) return undefined;
    throw error;
  }
}
