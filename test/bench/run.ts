/**
 * `npm run bench`: measures what `docs/performance.md` promises and ends with 1 when a bound is broken. Everything is a ratio to
 * `bare-server.ts`, measured in the same run on the same machine, or a plain figure of memory. Talks to 127.0.0.1 only.
 * `npm run bench -- cpu idle` measures some rows; BENCH_PROFILE=<folder> leaves CPU profiles of our server there.
 */
import { availableParallelism, loadavg } from 'node:os';
import { measureCpu } from './cpu.ts';
import { measureEngine } from './engine.ts';
import { measureLatency } from './latency.ts';
import { measureIdle, measureSessions } from './memory.ts';
import { measureResume } from './resume.ts';
import { measureResolver } from './resolver.ts';
import { toTable, type Row } from './row.ts';
import { measureTelemetry } from './telemetry.ts';
import { measureUpstream } from './upstream.ts';

const measures: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  cpu: async () => [...(await measureCpu(100)), ...(await measureCpu(1000))],
  latency: measureLatency,
  sessions: measureSessions,
  idle: measureIdle,
  resume: measureResume,
  upstream: measureUpstream,
  resolver: async () => measureResolver(),
  engine: measureEngine,
  telemetry: measureTelemetry,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in measures));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no row "${unknown.join(', ')}". There are: ${Object.keys(measures).join(', ')}.\n`,
  );
  process.exit(2);
}

const [loadBefore = 0] = loadavg();
const rows: Row[] = [];
for (const [name, measure] of Object.entries(measures)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`measuring ${name} …\n`);
  rows.push(...(await measure()));
}
process.stdout.write(`\n${toTable(rows)}\n\n${machine(loadBefore)}\n`);
process.exitCode = rows.every((row) => row.holds) ? 0 : 1;

/** Times mean little on a machine that is busy with other things, which its load before the first measurement tells. */
function machine(load: number): string {
  const { versions, platform, arch } = process;
  const cores = availableParallelism();
  const where = `Node ${versions.node}, ${platform} ${arch}, ${cores} cores, load before: ${load.toFixed(1)}`;
  if (load < cores / 2) return where;
  return `${where}\nThe machine was busy: ratios of CPU and latency are worth little.`;
}
