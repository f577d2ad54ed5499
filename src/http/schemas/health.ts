/** Health on the wire: Parlant's shape. Latencies are milliseconds, rates are per minute. */
import { z } from 'zod';
import type { HealthSnapshot } from '../../telemetry/health.ts';
import { healthStatuses, type Summary } from '../../telemetry/health-status.ts';
import type { NlpSummary } from '../../telemetry/nlp-health.ts';

const status = z.enum(healthStatuses);
const rates = z.object({ '1m': z.number(), '5m': z.number(), '1h': z.number(), '1d': z.number() });

const summary = {
  status,
  sample_count: z.int().meta({ description: 'In the last ten minutes.' }),
  success_rate: z.number(),
  p50_latency_ms: z.number(),
  p95_latency_ms: z.number(),
  recent_errors: z.record(z.string(), z.int()).meta({ description: 'How many of each kind.' }),
};

const engineHealth = z.object({
  ...summary,
  p50_ttfm_ms: z.number().meta({ description: 'Time to the first message.' }),
  p95_ttfm_ms: z.number(),
  turns_per_minute: rates,
});

const nlpSummaries = z.record(z.string(), z.object(summary));

const nlpHealth = z.object({
  status,
  sample_count: summary.sample_count,
  schemas: nlpSummaries.meta({ description: 'By question.' }),
  embedders: nlpSummaries.meta({ description: 'By model.' }),
  requests_per_minute: rates,
  tokens_per_minute: rates,
});

export const healthSchema = z
  .object({
    instance_id: z.string().meta({ description: 'Of this process.' }),
    status,
    checks: z.object({
      engine: engineHealth,
      nlp: nlpHealth,
      event_loop: z.object({
        status,
        latency_ms: z.number().meta({ description: 'The longest wait in the last five minutes.' }),
      }),
    }),
  })
  .meta({ id: 'Health' });

/** As sent. */
export function toHealthJson({ instanceId, status, checks }: HealthSnapshot): z.input<typeof healthSchema> {
  const { engine, nlp, eventLoop } = checks;
  return {
    instance_id: instanceId,
    status,
    checks: {
      engine: {
        ...toSummaryJson(engine),
        p50_ttfm_ms: engine.ttfm.p50,
        p95_ttfm_ms: engine.ttfm.p95,
        turns_per_minute: engine.turnsPerMinute,
      },
      nlp: {
        status: nlp.status,
        sample_count: nlp.sampleCount,
        schemas: toSummariesJson(nlp.questions),
        embedders: toSummariesJson(nlp.embedders),
        requests_per_minute: nlp.requestsPerMinute,
        tokens_per_minute: nlp.tokensPerMinute,
      },
      event_loop: { status: eventLoop.status, latency_ms: eventLoop.peakMs },
    },
  };
}

function toSummariesJson(summaries: Readonly<Record<string, NlpSummary>>) {
  return Object.fromEntries(Object.entries(summaries).map(([name, each]) => [name, toSummaryJson(each)]));
}

function toSummaryJson(summary: Summary & Pick<NlpSummary, 'status'>) {
  return {
    status: summary.status,
    sample_count: summary.sampleCount,
    success_rate: Math.round(summary.successRate * 10_000) / 10_000,
    p50_latency_ms: round(summary.p50),
    p95_latency_ms: round(summary.p95),
    recent_errors: summary.recentErrors,
  };
}

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
