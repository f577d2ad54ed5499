/** How well something is, and which of several is worst. */
import { percentile } from './percentile.ts';

export const healthStatuses = ['healthy', 'degraded', 'unhealthy'] as const;
export type HealthStatus = (typeof healthStatuses)[number];

/** Healthy where there are none. */
export function worst(statuses: readonly HealthStatus[]): HealthStatus {
  return healthStatuses.findLast((status) => statuses.includes(status)) ?? 'healthy';
}

/** From where on things are worse than healthy. Seconds; a rate is that of successes. */
export type Thresholds = {
  readonly rate: Bound;
  readonly p50?: Bound;
  readonly p95: Bound;
};

type Bound = { readonly degraded: number; readonly unhealthy: number };

/** Latencies in milliseconds. */
export type Measured = { readonly successRate: number; readonly p50: number; readonly p95: number };

export function judge({ successRate, p50, p95 }: Measured, { rate, ...bounds }: Thresholds): HealthStatus {
  const isWorseThan = (level: keyof Bound): boolean =>
    successRate < rate[level] ||
    p95 >= bounds.p95[level] * 1_000 ||
    (bounds.p50 !== undefined && p50 >= bounds.p50[level] * 1_000);
  if (isWorseThan('unhealthy')) return 'unhealthy';
  return isWorseThan('degraded') ? 'degraded' : 'healthy';
}

type Outcome = { readonly success: boolean; readonly latencyMs: number; readonly errorClass?: string };

/** What views show of many outcomes. Nothing happened: nothing failed. */
export type Summary = Measured & {
  readonly sampleCount: number;
  /** How many failures there were of each class. */
  readonly recentErrors: Readonly<Record<string, number>>;
};

export function summarise(outcomes: readonly Outcome[]): Summary {
  const latencies = outcomes.map(({ latencyMs }) => latencyMs);
  const failures = outcomes.filter(({ success }) => !success);
  const byClass = Map.groupBy(failures, ({ errorClass = 'Error' }) => errorClass);
  return {
    sampleCount: outcomes.length,
    successRate: outcomes.length === 0 ? 1 : (outcomes.length - failures.length) / outcomes.length,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    recentErrors: Object.fromEntries([...byClass].map(([name, each]) => [name, each.length])),
  };
}
