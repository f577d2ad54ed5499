/** For those who run the server: is it up, can it write, what is it doing. */
import { z } from 'zod';
import type { Log } from '../event-log/event-log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { route, type Route } from './route.ts';

export type OperationsDeps = { readonly log: Pick<Log, 'check'>; readonly metrics: Metrics };

const healthSchema = z
  .object({ status: z.enum(['healthy']), checks: z.record(z.string(), z.unknown()) })
  .meta({ id: 'Health' });

const readySchema = z.object({ status: z.literal('ready') }).meta({ id: 'Ready' });

export function operationRoutes({ log, metrics }: OperationsDeps): readonly Route[] {
  const check = shared(() => log.check());
  return [
    route({
      method: 'get',
      path: '/healthz',
      operation: 'read health',
      tag: 'Operations',
      summary: 'Whether the process answers',
      answers: { 200: { description: 'It does.', schema: healthSchema } },
      handle: () => ({ status: 200, body: { status: 'healthy', checks: {} } }),
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

/** Anybody may ask whether the server is ready: those who ask at the same time share one answer. */
function shared(check: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined;
  return () =>
    (underWay ??= check().finally(() => {
      underWay = undefined;
    }));
}
