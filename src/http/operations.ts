/** For those who run the server: is it up, can it write, what is it doing. */
import { z } from 'zod';
import type { Log } from '../event-log/event-log.ts';
import type { Health } from '../telemetry/health.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { route, type Route } from './route.ts';
import { healthSchema, toHealthJson } from './schemas/health.ts';

export type OperationsDeps = {
  readonly log: Pick<Log, 'check'>;
  readonly metrics: Metrics;
  readonly health: Pick<Health, 'snapshot'>;
};

const readySchema = z.object({ status: z.literal('ready') }).meta({ id: 'Ready' });

export function operationRoutes({ log, metrics, health }: OperationsDeps): readonly Route[] {
  const check = shared(() => log.check());
  return [
    route({
      method: 'get',
      path: '/healthz',
      operation: 'read health',
      tag: 'Operations',
      summary: 'How well the server is',
      description: 'Always 200: read `status`, the worst of all checks. They look back ten minutes.',
      answers: { 200: { description: 'It answers.', schema: healthSchema } },
      handle: () => ({ status: 200, body: toHealthJson(health.snapshot()) }),
    }),
    route({
      method: 'get',
      path: '/readyz',
      operation: 'read health',
      tag: 'Operations',
      summary: 'Whether events can be stored',
      description: 'Tries a commit.',
      answers: { 200: { description: 'They can.', schema: readySchema } },
      errors: ['LOG_UNAVAILABLE'],
      async handle() {
        await check();
        return { status: 200, body: { status: 'ready' } };
      },
    }),
    route({
      method: 'get',
      path: '/metrics',
      operation: 'read metrics',
      tag: 'Operations',
      summary: 'Metrics for Prometheus',
      answers: {
        200: { description: 'Text exposition format.', media: { 'text/plain': 'One metric per line.' } },
      },
      async handle({ res }) {
        const text = await metrics.registry.metrics();
        res
          .writeHead(200, { 'Content-Type': metrics.registry.contentType, 'Cache-Control': 'no-store' })
          .end(text);
      },
    }),
  ];
}

/** Anybody may ask: those who ask at the same time share one answer. */
function shared<Answer>(check: () => Promise<Answer>): () => Promise<Answer> {
  let underWay: Promise<Answer> | undefined;
  return () =>
    (underWay ??= check().finally(() => {
      underWay = undefined;
    }));
}
