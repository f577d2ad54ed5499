/**
 * From writing a message to the socket to its frame at the follower, at a fixed arrival rate: an open loop, because a closed one
 * waits for the slow answers it should count.
 */
import { startChild, type Child } from './child.ts';
import { loadProgram, warmUp } from './cpu.ts';
import type { OpenLoopResult } from './load.ts';
import { ratioRow, type Row } from './row.ts';
import { startServer } from './server.ts';

const sessions = 100;
const turnsPerSecond = 300;
const batches = 5;

export async function measureLatency(): Promise<readonly Row[]> {
  await using ours = await startServer('source');
  await using bare = await startServer('bare');
  await using oursLoad = startChild(loadProgram);
  await using bareLoad = startChild(loadProgram);
  await warmUp(oursLoad, ours, sessions);
  await warmUp(bareLoad, bare, sessions);

  const pairs: { ours: OpenLoopResult; bare: OpenLoopResult }[] = [];
  for (let batch = 0; batch < batches; batch++) {
    pairs.push({ bare: await openLoop(bareLoad), ours: await openLoop(oursLoad) });
  }
  const pick = (figure: keyof OpenLoopResult): { ours: number; bare: number }[] =>
    pairs.map((pair) => ({ ours: pair.ours[figure], bare: pair.bare[figure] }));
  const at = `at ${turnsPerSecond} turns/s`;
  return [
    ratioRow({
      what: `append to frame at the client, p99, ${at}`,
      unit: 'ms',
      pairs: pick('frameP99'),
      atMost: 2,
    }),
  ];
}

function openLoop(load: Child): Promise<OpenLoopResult> {
  return load.ask<OpenLoopResult>({ kind: 'openLoop', turnsPerSecond, turns: turnsPerSecond * 7 });
}
