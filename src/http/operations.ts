/** For those who run the server: is it up, can it write, what is it doing. */
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../event-log/event-log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { route, type Route } from './route.ts';

export type OperationsDeps = { readonly log: Pick<Log, 'check'>; readonly metrics: Metrics };

const healthStatus = z.enum(['healthy', 'degraded', 'unhealthy']);

/** From which latency on the event loop is worse than healthy, ms. */
const DEGRADED_MS = 100;
const UNHEALTHY_MS = 1_000;

const healthSchema = z
  .object({
    status: healthStatus,
    checks: z.object({ event_loop: z.object({ status: healthStatus, latency_ms: z.number() }) }),
  })
  .meta({ id: 'Health' });

const readySchema = z.object({ status: z.literal('ready') }).meta({ id: 'Ready' });

export function operationRoutes({ log, metrics }: OperationsDeps): readonly Route[] {
  const check = shared(() => log.check());
  const probe = shared(probeEventLoop);
  return [
    route({
      method: 'get',
      path: '/healthz',
      operation: 'read health',
      tag: 'Operations',
      summary: 'Whether the process answers',
      description: 'Always 200: read `status`.',
      answers: { 200: { description: 'It does.', schema: healthSchema } },
      async handle() {
        const event_loop = await probe();
        return { status: 200, body: { status: event_loop.status, checks: { event_loop } } };
      },
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

/** How long something that is due now has to wait. */
async function probeEventLoop() {
  const start = performance.now();
  await setImmediate();
  const latency_ms = Math.round((performance.now() - start) * 1000) / 1000;
  const status = latency_ms < DEGRADED_MS ? 'healthy' : latency_ms < UNHEALTHY_MS ? 'degraded' : 'unhealthy';
  return { status, latency_ms };
}

/** Anybody may ask: those who ask at the same time share one answer. */
function shared<Answer>(check: () => Promise<Answer>): () => Promise<Answer> {
  let underWay: Promise<Answer> | undefined;
  return () =>
    (underWay ??= check().finally(() => {
      underWay = undefined;
    }));
}
