import { describe, expect, it } from 'vitest';
import { toRetryAt } from '../../src/upstream/backoff.ts';

describe('after failures, upstream is asked again', () => {
  const waits = (random: () => number): number[] =>
    [0, 1, 2, 3, 4, 5, 100].map((failures) => toRetryAt({ failures, now: 1_000_000, random }) - 1_000_000);

  it('after 5, 10, 20, 40 and then always 60 seconds', () => {
    expect(waits(() => 0)).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  });

  it('up to a fifth later, but for the first time', () => {
    expect(waits(() => 1)).toEqual([5_000, 12_000, 24_000, 48_000, 72_000, 72_000, 72_000]);
  });

  it('at a whole millisecond, by chance', () => {
    for (let n = 0; n < 100; n += 1) {
      const at = toRetryAt({ failures: 1, now: 0 });
      expect(Number.isInteger(at) && at >= 10_000 && at <= 12_000).toBe(true);
    }
  });
});
