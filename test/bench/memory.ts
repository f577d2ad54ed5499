/** What a session in memory takes, and what the server takes with none. */
import { existsSync } from 'node:fs';
import { startChild } from './child.ts';
import { loadProgram } from './cpu.ts';
import type { PopulateResult } from './load.ts';
import { median, plainRow, type Row } from './row.ts';
import { programs, startServer } from './server.ts';

const MB = 1024 * 1024;

/** Resident memory of 20,000 live sessions after one turn each, over a server that has served 4,000 turns already. */
export async function measureSessions(): Promise<readonly Row[]> {
  const sessions = 20_000;
  await using server = await startServer('source');
  await using load = startChild(loadProgram);
  // The baseline has compiled code and a grown heap as well, so that only the sessions are counted.
  await load.ask({ kind: 'connect', port: server.port, sessions: 100 });
  await load.ask({ kind: 'closedLoop', turns: 4000 });
  await load.ask({ kind: 'connect', port: server.port, sessions: 0 });
  const before = await server.cost({ gc: true });
  const { live } = await load.ask<PopulateResult>({
    kind: 'populate',
    port: server.port,
    sessions,
    perCustomer: 500,
  });
  if (live !== sessions) throw new Error(`only ${live} of ${sessions} sessions are in memory`);
  const after = await server.cost({ gc: true });
  const kbEach = (bytes: number): number => bytes / 1024 / sessions;
  const heap = kbEach(after.heapUsed - before.heapUsed).toFixed(1);
  return [
    plainRow({
      what: `a live local session, of 20,000 (heap alone: ${heap} KB)`,
      measured: kbEach(after.rss - before.rss),
      unit: 'KB',
      atMost: 16,
      digits: 1,
    }),
  ];
}

/** Resident memory of a server nobody has spoken to, from the sources and from the build. */
export async function measureIdle(): Promise<readonly Row[]> {
  const rows = [
    plainRow({ what: 'idle, run from .ts', measured: await idleMb('source'), unit: 'MB', atMost: 150 }),
  ];
  if (!existsSync(programs.dist)) throw new Error('dist/ is missing: run `npm run build` first');
  return [
    ...rows,
    plainRow({ what: 'idle, run from dist', measured: await idleMb('dist'), unit: 'MB', atMost: 110 }),
  ];
}

async function idleMb(program: 'source' | 'dist'): Promise<number> {
  const measured: number[] = [];
  for (let start = 0; start < 3; start++) {
    await using server = await startServer(program);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    measured.push((await server.cost()).rss / MB);
  }
  return median(measured);
}
