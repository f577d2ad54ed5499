import { expect, it } from 'vitest';
import { firstHit, variableKeys } from '../../src/entities/variable-keys.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly customer: string;
  readonly customerTags: readonly string[];
  readonly agent: string;
  readonly values: Readonly<Record<string, number>>;
  readonly expected: { readonly key: string | null; readonly value: number | null };
};

it.each(readVectors<Case>('persistence', 'variable-key-order'))(
  '$id: $title',
  ({ customer, customerTags, agent, values, expected }) => {
    const keys = variableKeys({ customerId: customer, customerTags, agentId: agent });
    const hit = firstHit(keys, { hasTool: false, valueOf: (key) => values[key] });
    expect({ key: hit?.key ?? null, value: hit?.value ?? null }).toEqual(expected);
  },
);

it('is the customer’s own key where a tool can fetch a value for it', () => {
  const keys = variableKeys({ customerId: 'ann', customerTags: ['vip'], agentId: 'a' });
  expect(keys).toEqual(['ann', 'tag:vip', 'agent:a', 'DEFAULT']);
  const valueOf = (key: string) => (key === 'tag:vip' ? 1 : undefined);
  expect(firstHit(keys, { hasTool: true, valueOf })).toEqual({ key: 'ann', value: undefined });
  expect(firstHit(keys, { hasTool: false, valueOf })).toEqual({ key: 'tag:vip', value: 1 });
});

it('is a key whose value is null, too', () => {
  const hit = firstHit(['ann', 'DEFAULT'], { hasTool: false, valueOf: (key) => (key === 'ann' ? null : 4) });
  expect(hit).toEqual({ key: 'ann', value: null });
});
