/** The statecharts of this server, each drawn once: when it is first asked for, by a process of its own (`chart-program.ts`). */
import { execFile } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Chart, ChartSummary } from './chart.ts';
import { listMachineFiles, loadMachine, type MachineFile } from './machine-files.ts';

export interface Charts {
  /** By name. */
  list(): Promise<readonly ChartSummary[]>;
  /** Undefined where no machine has this name. Always the same object. */
  draw(name: string): Promise<Chart | undefined>;
}

/** `.ts` beside the sources, `.js` beside what was built from them. */
const program = fileURLToPath(new URL(`./chart-program${extname(import.meta.filename)}`, import.meta.url));

/** A drawing takes less than a second on a machine with nothing else to do. */
const TIME_LIMIT_MS = 60_000;
/** A large machine is 40 KB. */
const SIZE_LIMIT = 16 * 1024 * 1024;

export function createCharts(): Charts {
  const drawings = new Map<string, Promise<Chart>>();
  return {
    list: async () => Promise.all((await listMachineFiles()).map(toSummary)),

    async draw(name) {
      const known = drawings.get(name);
      if (known) return known;
      const file = (await listMachineFiles()).find((each) => each.name === name);
      return file && drawOnce(file);
    },
  };

  /** Those who ask at the same time share one drawing; one that failed is tried again. */
  function drawOnce(file: MachineFile): Promise<Chart> {
    const drawing = drawings.get(file.name) ?? drawApart(file);
    drawings.set(file.name, drawing);
    drawing.catch(() => drawings.delete(file.name));
    return drawing;
  }
}

async function toSummary(file: MachineFile): Promise<ChartSummary> {
  const { id, root } = await loadMachine(file);
  return { name: file.name, id, description: root.description ?? null };
}

async function drawApart({ name, url }: MachineFile): Promise<Chart> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, name, url], {
    // The parent's flags are not the child's business: a loader or an inspector there must not run here.
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: TIME_LIMIT_MS,
    maxBuffer: SIZE_LIMIT,
  });
  return JSON.parse(stdout) as Chart; // what the program has written
}
