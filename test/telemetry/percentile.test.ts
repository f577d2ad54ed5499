import { describe, expect, it } from 'vitest';
import { percentile } from '../../src/telemetry/percentile.ts';
import { readVectors } from '../support/vectors.ts';

const cases = readVectors<{
  readonly values: readonly number[];
  readonly p: number;
  readonly expected: number;
}>('infrastructure', 'percentile');

describe('a percentile, as recorded', () => {
  it.each(cases.map((each) => [each.id, each.title, each] as const))('%s: %s', (_id, _title, given) => {
    expect(percentile(given.values, given.p)).toBe(given.expected);
  });

  it('leaves the values as they were', () => {
    const values = [3, 1, 2];
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});
