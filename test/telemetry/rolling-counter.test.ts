import { describe, expect, it } from 'vitest';
import { createRollingCounter, toRates } from '../../src/telemetry/rolling-counter.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly retentionSeconds: number;
  readonly now: string;
  readonly increments: readonly { readonly secondsAgo: number; readonly amount: number }[];
  readonly windowSeconds: number;
  readonly expected: { readonly sum: number; readonly perMinute: number };
};

const cases = readVectors<Case>('infrastructure', 'rolling-counter');

describe('a rolling counter, as recorded', () => {
  it.each(cases.map((each) => [each.id, each.title, each] as const))('%s: %s', (_id, _title, given) => {
    const end = Date.parse(given.now);
    let now = end;
    const counter = createRollingCounter({ now: () => now, retentionMs: given.retentionSeconds * 1_000 });
    for (const { secondsAgo, amount } of given.increments) {
      now = end - secondsAgo * 1_000;
      counter.add(amount);
    }
    now = end;
    expect(counter.sum(given.windowSeconds * 1_000)).toBe(given.expected.sum);
    expect(counter.perMinute(given.windowSeconds * 1_000)).toBeCloseTo(given.expected.perMinute, 6);
  });
});

describe('rates', () => {
  it('are per minute over a minute, five minutes, an hour and a day', () => {
    let now = Date.parse('2026-01-01T12:00:00Z');
    const counter = createRollingCounter({ now: () => now });
    for (let second = 0; second < 120; second++) {
      counter.add(1);
      now += 1_000;
    }
    expect(toRates(counter)).toEqual({ '1m': 60, '5m': 24, '1h': 2, '1d': 0.0833 });
  });

  it('fall back to nothing when nothing comes any more', () => {
    let now = Date.parse('2026-01-01T12:00:00Z');
    const counter = createRollingCounter({ now: () => now });
    counter.add(7);
    now += 86_400_000 + 10_000;
    expect(toRates(counter)).toEqual({ '1m': 0, '5m': 0, '1h': 0, '1d': 0 });
    counter.add(1);
    expect(counter.sum(86_400_000)).toBe(1);
  });
});
