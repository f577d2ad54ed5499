/**
 * Loaded into the server under measurement with `--import`, so that it can be asked from outside what it costs. JavaScript, so
 * that a server that runs from `dist/` does not load Node's TypeScript support for the probe's sake. Needs `--expose-gc`.
 */
import { createHistogram } from 'node:perf_hooks';

const intervalMs = 5;
const worked = createHistogram();
let before = workedMs();
setInterval(() => {
  const now = workedMs();
  // In microseconds: what is recorded is whole, and more than 0.
  worked.record(Math.max(1, Math.round((now - before - intervalMs) * 1000)));
  before = now;
}, intervalMs).unref();

/** CPU time of the main thread: what other programs take is not counted. */
function workedMs() {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

process.on('message', (/** @type {{ id: number, gc: boolean }} */ question) => {
  if (question.gc) for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  const delayMs = worked.percentile(99) / 1000;
  worked.reset();
  process.send?.({
    id: question.id,
    cpuMs: (user + system) / 1000,
    rss,
    heapUsed,
    external,
    resources,
    delayMs,
  });
});
// The channel must not keep a server alive that wants to end.
process.channel?.unref();
