import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifyCalls } from '../../src/engine/tool-calling/tool-call-id.ts';
import type { DecidedCall } from '../../src/engine/tool-calling/evaluation.ts';
import type { JsonObject } from '../../src/event-log/event.ts';

describe('the id of a call', () => {
  it('is the same in every attempt at a turn, whatever order its values are in', () => {
    fc.assert(
      fc.property(fc.string(), args, (toolId, given) => {
        const [one] = identify([{ toolId, arguments: given }]);
        const [other] = identify([{ toolId, arguments: reversed(given) }]);
        expect(other).toBe(one);
      }),
    );
  });

  it('differs by turn, tool and values', () => {
    const call = { toolId: 's:t', arguments: { a: '1' } };
    const ids = [
      ...identify([call]),
      ...identify([call], { traceId: 'another turn' }),
      ...identify([{ ...call, toolId: 's:u' }]),
      ...identify([{ ...call, arguments: { a: '2' } }]),
      ...identify([{ ...call, arguments: { a: null } }]),
      ...identify([{ ...call, arguments: { a: '1', b: '' } }]),
      ...identify([{ ...call, arguments: {} }]),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('equal calls of a turn are told apart, in one iteration and in several', () => {
    const call = { toolId: 's:t', arguments: { a: '1', b: '2' } };
    const same = { toolId: 's:t', arguments: { b: '2', a: '1' } };
    const together = identify([call, same]);
    expect(new Set(together).size).toBe(2);
    expect([...identify([call]), ...identify([same], { earlier: [call] })]).toEqual(together);
  });

  it('other calls before it change nothing', () => {
    const call = { toolId: 's:t', arguments: {} };
    const other = { toolId: 's:u', arguments: {} };
    expect(identify([other, call]).at(-1)).toBe(identify([call]).at(0));
    expect(identify([call], { earlier: [other] })).toEqual(identify([call]));
  });

  it('is short, and safe in a header, whatever is called', () => {
    expect(identify([{ toolId: 'sö:té', arguments: { ä: '\u0000"\ud800' } }])[0]).toMatch(/^[\w-]{22}$/);
  });
});

const args = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>; // JSON is what it makes

function reversed(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).toReversed());
}

function identify(
  calls: readonly DecidedCall[],
  {
    traceId = 'turn',
    earlier = [],
  }: { readonly traceId?: string; readonly earlier?: readonly DecidedCall[] } = {},
): readonly string[] {
  return identifyCalls(calls, { traceId, earlier }).map(({ id }) => id);
}
