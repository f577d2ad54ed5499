import { describe, expect, it } from 'vitest';
import { callWithRetries, type RetryPolicy } from '../../src/nlp/retry-policy.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly policies: readonly {
    readonly on: readonly string[];
    readonly maxErrors: number;
    readonly waits: readonly number[];
  }[];
  readonly outcomes: readonly string[];
  readonly expected: object;
};

describe('a failed call is made again', () => {
  it.each(readVectors<Case>('infrastructure', 'retry-policy'))(
    '$id: $title',
    async ({ policies, outcomes, expected }) => {
      expect(await call({ policies, outcomes })).toEqual(expected);
    },
  );

  it('until whoever waits gives up', async () => {
    const gaveUp = new Error('no time left');
    const calling = callWithRetries(() => Promise.reject(new Error('A')), {
      policies: [{ on: ['A'], maxErrors: 9, waitsS: [1] }],
      kindOf: () => 'A',
      wait: () => Promise.reject(gaveUp),
    });
    await expect(calling).rejects.toBe(gaveUp);
  });
});

async function call({ policies, outcomes }: Pick<Case, 'policies' | 'outcomes'>): Promise<object> {
  const waits: number[] = [];
  let calls = 0;
  const ended = await callWithRetries(
    async () => {
      const outcome = outcomes[calls] ?? 'ok';
      calls += 1;
      if (outcome !== 'ok') throw new Error(outcome);
      return { result: outcome };
    },
    {
      policies: policies.map(({ waits: waitsS, ...policy }): RetryPolicy => ({ ...policy, waitsS })),
      kindOf: messageOf,
      wait: async (seconds) => {
        waits.push(seconds);
      },
    },
  ).catch((error: unknown) => ({ raised: messageOf(error) }));
  return { ...ended, calls, waits };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
