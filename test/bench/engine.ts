/**
 * What a turn of the engine costs: CPU of the whole server, over HTTP, with a follower; and how long anything else has to wait while two
 * hundred turns are under way.
 */
import { startChild, type Child } from './child.ts';
import type { ConverseResult } from './converse.ts';
import { loadProgram } from './cpu.ts';
import { median, plainRow, type Row } from './row.ts';
import { startServer, type Server } from './server.ts';

/** Before it, the just-in-time compiler is what one measures. */
const warmUpTurns = 1_200;
const batches = 5;

export async function measureEngine(): Promise<readonly Row[]> {
  return [
    ...(await measure({ what: 'without a model', cpuAtMost: 15, env: {} })),
    ...(await measure({ what: 'with a model that answers at once', cpuAtMost: 10, env: { INSTANT: '1' } })),
  ];
}

type Measuring = {
  readonly what: string;
  readonly cpuAtMost: number;
  readonly env: Readonly<Record<string, string>>;
};

async function measure({ what, cpuAtMost, env }: Measuring): Promise<readonly Row[]> {
  await using server = await startServer('engine', { env });
  await using load = startChild(loadProgram);
  await converse(load, server, { customers: 20, turns: warmUpTurns });
  const alone: Figures[] = [];
  const together: Figures[] = [];
  for (let batch = 0; batch < batches; batch++) {
    alone.push(await converse(load, server, { customers: 20, turns: 200 }));
    together.push(await converse(load, server, { customers: 200, turns: 400 }));
  }
  const of = (figures: readonly Figures[], name: keyof Figures) => median(figures.map((each) => each[name]));
  return [
    plainRow({
      what: `CPU per turn of the engine, ${what}`,
      measured: of(alone, 'cpuMs'),
      unit: 'ms',
      atMost: cpuAtMost,
      digits: 1,
    }),
    plainRow({
      what: `delay of the event loop, p99, 200 turns at once, ${what}`,
      measured: of(together, 'delayMs'),
      unit: 'ms',
      atMost: 50,
      digits: 1,
    }),
  ];
}

type Figures = {
  /** Per turn. */
  readonly cpuMs: number;
  /** p99. */
  readonly delayMs: number;
};

async function converse(
  load: Child,
  server: Server,
  about: { readonly customers: number; readonly turns: number },
): Promise<Figures> {
  const before = await server.cost();
  const { turns } = await load.ask<ConverseResult>({ kind: 'converse', port: server.port, ...about });
  const after = await server.cost();
  return { cpuMs: (after.cpuMs - before.cpuMs) / turns, delayMs: after.delayMs };
}
