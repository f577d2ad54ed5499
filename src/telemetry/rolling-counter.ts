/** How much of something there was lately: counted in buckets of ten seconds, so that a day of it costs next to nothing. */

const bucketMs = 10_000;
const dayMs = 86_400_000;

export interface RollingCounter {
  add(amount: number): void;
  /** Of the last so many milliseconds: of every bucket that ends in them. */
  sum(windowMs: number): number;
  /** The same as a rate. */
  perMinute(windowMs: number): number;
}

export type RollingCounterOptions = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Default: a day. */
  readonly retentionMs?: number;
};

export function createRollingCounter({ now, retentionMs = dayMs }: RollingCounterOptions): RollingCounter {
  /** By their begin, in ms since 1970. */
  const buckets = new Map<number, number>();

  function dropOld(at: number): void {
    for (const begin of buckets.keys()) if (begin + bucketMs <= at - retentionMs) buckets.delete(begin);
  }

  function sum(windowMs: number): number {
    const from = now() - Math.min(windowMs, retentionMs);
    let total = 0;
    for (const [begin, amount] of buckets) if (begin + bucketMs > from) total += amount;
    return total;
  }

  return {
    add(amount) {
      const at = now();
      const begin = at - (at % bucketMs);
      const known = buckets.get(begin);
      if (known === undefined) dropOld(at);
      buckets.set(begin, (known ?? 0) + amount);
    },
    sum,
    perMinute: (windowMs) => sum(windowMs) / (windowMs / 60_000),
  };
}

/** What health views show of a counter. */
export type Rates = Readonly<Record<'1m' | '5m' | '1h' | '1d', number>>;

/** Per minute, over four windows. */
export function toRates(counter: Pick<RollingCounter, 'perMinute'>): Rates {
  const over = (minutes: number): number => round(counter.perMinute(minutes * 60_000));
  return { '1m': over(1), '5m': over(5), '1h': over(60), '1d': over(1_440) };
}

function round(rate: number): number {
  return Math.round(rate * 10_000) / 10_000;
}
