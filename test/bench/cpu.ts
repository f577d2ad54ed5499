/** CPU per echo turn, ours and bare, closed loop: each session says the next thing as soon as its last turn is over. */
import { startChild, type Child } from './child.ts';
import type { LoopResult } from './load.ts';
import { median, plainRow, ratioRow, type Row } from './row.ts';
import { startServer, type Server } from './server.ts';

export const loadProgram = new URL('./load.ts', import.meta.url).pathname;
/** Before it, the just-in-time compiler is what one measures. */
export const warmUpTurns = 6000;
const batches = 5;

export async function measureCpu(sessions: number): Promise<readonly Row[]> {
  await using ours = await startServer('source');
  await using bare = await startServer('bare');
  await using oursLoad = startChild(loadProgram);
  await using bareLoad = startChild(loadProgram);
  await warmUp(oursLoad, ours, sessions);
  await warmUp(bareLoad, bare, sessions);

  const pairs: { ours: number; bare: number }[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const turns = 4000;
    pairs.push({
      bare: await cpuPerTurn(bareLoad, bare, turns),
      ours: await cpuPerTurn(oursLoad, ours, turns),
    });
  }
  const what = `CPU per echo turn, ${sessions.toLocaleString('en')} sessions, a follower each`;
  return [
    ratioRow({ what, unit: 'ms', pairs, atMost: 2.2 }),
    plainRow({
      what: `the bare program itself, ${sessions.toLocaleString('en')} sessions`,
      measured: median(pairs.map((pair) => pair.bare)),
      unit: 'ms',
      atMost: 0.3,
      digits: 2,
    }),
  ];
}

export async function warmUp(load: Child, server: Server, sessions: number): Promise<void> {
  await load.ask({ kind: 'connect', port: server.port, sessions });
  await load.ask({ kind: 'closedLoop', turns: warmUpTurns });
}

async function cpuPerTurn(load: Child, server: Server, turns: number): Promise<number> {
  const before = await server.cost();
  const done = await load.ask<LoopResult>({ kind: 'closedLoop', turns });
  const after = await server.cost();
  return (after.cpuMs - before.cpuMs) / done.turns;
}
