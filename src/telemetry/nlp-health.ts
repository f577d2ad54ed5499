/** How well language models answer, question by question: each has its own idea of slow. */
import {
  type HealthStatus,
  judge,
  summarise,
  type Summary,
  type Thresholds,
  worst,
} from './health-status.ts';
import type { NlpReport, Reports } from './reports.ts';
import { type Rates, type RollingCounter, toRates } from './rolling-counter.ts';

/** Seconds from which on half of the answers (`p50`), and nearly all, are slow: degraded, unhealthy. */
type Slow = {
  readonly p50: readonly [degraded: number, unhealthy: number];
  readonly p95: readonly [degraded: number, unhealthy: number];
};

const usual: Slow = { p50: [20, 30], p95: [45, 60] };

const slow: readonly (Slow & { readonly questions: readonly string[] })[] = [
  { p50: [3, 5], p95: [8, 15], questions: ['preamble'] },
  { p50: [10, 15], p95: [25, 45], questions: ['canned_draft', 'recomposition'] },
  { p50: [5, 10], p95: [15, 20], questions: ['selection', 'follow_up', 'generated_field'] },
  { p50: [5, 8], p95: [10, 15], questions: ['streaming_text', 'next_step', 'backtrack_check'] },
  {
    p50: [8, 12],
    p95: [15, 20],
    questions: [
      'observational',
      'actionable',
      'low_criticality',
      'previously_applied',
      'customer_dependent',
      'disambiguation',
      'backtrack_selection',
    ],
  },
  { p50: [15, 20], p95: [25, 30], questions: ['tools_full'] },
  { p50: [10, 15], p95: [20, 25], questions: ['tools_simple', 'response_analysis'] },
  { p50: [20, 25], p95: [30, 35], questions: ['tools_overlapping'] },
];

const slowOf = new Map(slow.flatMap((each) => each.questions.map((question) => [question, each] as const)));

export type NlpSummary = Summary & { readonly status: HealthStatus };

export type NlpHealth = {
  /** Of the worst question. */
  readonly status: HealthStatus;
  readonly sampleCount: number;
  readonly questions: Readonly<Record<string, NlpSummary>>;
  /** By model. */
  readonly embedders: Readonly<Record<string, NlpSummary>>;
  readonly requestsPerMinute: Rates;
  readonly tokensPerMinute: Rates;
};

export function nlpHealth({
  reports,
  requests,
  tokens,
}: {
  readonly reports: Pick<Reports, 'recent'>;
  readonly requests: Pick<RollingCounter, 'perMinute'>;
  readonly tokens: Pick<RollingCounter, 'perMinute'>;
}): NlpHealth {
  const asked = reports.recent('nlp.request');
  const questions = summariseBy(asked, ({ schema }) => schema);
  const embedders = summariseBy(reports.recent('nlp.embed'), ({ model }) => model);
  const statuses = [...Object.values(questions), ...Object.values(embedders)].map(({ status }) => status);
  return {
    status: worst(statuses),
    sampleCount: asked.length,
    questions,
    embedders,
    requestsPerMinute: toRates(requests),
    tokensPerMinute: toRates(tokens),
  };
}

function summariseBy(
  reports: readonly NlpReport[],
  by: (report: NlpReport) => string,
): Readonly<Record<string, NlpSummary>> {
  const groups = [...Map.groupBy(reports, by)];
  return Object.fromEntries(
    groups.map(([name, each]) => {
      const summary = summarise(each);
      return [name, { ...summary, status: judge(summary, thresholdsOf(name)) }];
    }),
  );
}

function thresholdsOf(question: string): Thresholds {
  const { p50, p95 } = slowOf.get(question) ?? usual;
  const toBound = ([degraded, unhealthy]: Slow['p50']) => ({ degraded, unhealthy });
  return { rate: { degraded: 0.95, unhealthy: 0.8 }, p50: toBound(p50), p95: toBound(p95) };
}
