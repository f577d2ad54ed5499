/** The two servers under measurement, started as children in a data folder of their own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { startChild } from './child.ts';

export type Cost = {
  readonly cpuMs: number;
  readonly rss: number;
  readonly heapUsed: number;
  /** How long the main thread worked while a timer waited, p99, since the last time this was asked. In CPU time. */
  readonly delayMs: number;
};

export type Server = AsyncDisposable & {
  readonly port: number;
  /** What it has cost so far: CPU of all its threads since the start, memory now (after a collection, with `gc`). */
  cost(options?: { readonly gc: boolean }): Promise<Cost>;
};

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
export const programs = {
  bare: here('./bare-server.ts'),
  source: here('../../src/main.ts'),
  dist: here('../../dist/src/main.js'),
  engine: here('./engine-server.ts'),
} as const;

/**
 * Starts one of the programs and waits until it takes connections. Colloquy runs as it does by default: every setting is its
 * default except the port, the data folder and those in `env`. `prepare` may fill the data folder first.
 */
export async function startServer(
  program: keyof typeof programs,
  options: {
    readonly prepare?: (folder: string) => Promise<void>;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-bench-'));
  await options.prepare?.(folder);
  const port = await freePort();
  const profile = process.env['BENCH_PROFILE'];
  const child = startChild(programs[program], {
    execArgv: [
      '--expose-gc',
      '--disable-warning=ExperimentalWarning',
      ...(profile && program !== 'bare' ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []),
      `--import=${pathToFileURL(here('./probe.js')).href}`,
    ],
    env: { ...options.env, HOST: '127.0.0.1', PORT: String(port), DATA_DIR: folder },
  });
  const end = async (): Promise<void> => {
    await child[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([answers(port), child.failed]);
  } catch (error) {
    await end();
    throw error;
  }
  return { port, cost: (what = { gc: false }) => child.ask<Cost>(what), [Symbol.asyncDispose]: end };
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const up = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      (response) => response.arrayBuffer().then(() => true),
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server under measurement did not start');
}
