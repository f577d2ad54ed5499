/** How well the engine is: whether turns succeed, and how long customers wait. */
import { type HealthStatus, judge, summarise, type Summary, type Thresholds } from './health-status.ts';
import { percentile } from './percentile.ts';
import type { Reports } from './reports.ts';
import { type Rates, type RollingCounter, toRates } from './rolling-counter.ts';

const thresholds: Thresholds = {
  rate: { degraded: 0.95, unhealthy: 0.8 },
  p95: { degraded: 30, unhealthy: 60 },
};

export type EngineHealth = Summary & {
  readonly status: HealthStatus;
  /** To the first message of a turn. Shown, and not judged. */
  readonly ttfm: { readonly p50: number; readonly p95: number };
  readonly turnsPerMinute: Rates;
};

export function engineHealth({
  reports,
  turns,
}: {
  readonly reports: Pick<Reports, 'recent'>;
  readonly turns: Pick<RollingCounter, 'perMinute'>;
}): EngineHealth {
  const summary = summarise(reports.recent('engine.turn'));
  const firstMessages = reports.recent('engine.ttfm').map(({ latencyMs }) => latencyMs);
  return {
    ...summary,
    status: judge(summary, thresholds),
    ttfm: { p50: percentile(firstMessages, 0.5), p95: percentile(firstMessages, 0.95) },
    turnsPerMinute: toRates(turns),
  };
}
