import { expect, it } from 'vitest';
import { inBatches } from '../../src/engine/matching/batch-sizes.ts';
import { engineGuideline } from '../support/engine-entities.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly kind: 'ordinary' | 'low_criticality';
  readonly guidelines: number;
  readonly expected: { readonly batchSize: number; readonly batchCount: number };
};

it.each(readVectors<Case>('guideline-matching', 'matching-batch-size'))('$id $title', (vector) => {
  const batches = inBatches(guidelines(vector.guidelines), {
    isLowCriticality: vector.kind === 'low_criticality',
  });
  expect(batches.length).toBe(vector.expected.batchCount);
  expect(batches[0]?.length).toBe(vector.expected.batchSize);
});

it('makes no batch of nothing', () => {
  expect(inBatches([], { isLowCriticality: false })).toEqual([]);
  expect(inBatches([], { isLowCriticality: true })).toEqual([]);
});

it('leaves none out and keeps the order', () => {
  const given = guidelines(33);
  expect(inBatches(given, { isLowCriticality: false }).flat()).toEqual(given);
});

function guidelines(count: number) {
  return Array.from({ length: count }, (_, n) => engineGuideline(`g${n}`));
}
