/** The machines of `machines/`, found by their files: a new one appears by itself. */
import { readdir } from 'node:fs/promises';
import { StateMachine, type AnyStateMachine } from 'xstate';

/** Beside `src/`, in a clone as in what was built of it. */
const folder = new URL('../../machines/', import.meta.url);

export type MachineFile = {
  /** `session` of `session.machine.ts`. */
  readonly name: string;
  readonly url: string;
};

/** By name. */
export async function listMachineFiles(): Promise<readonly MachineFile[]> {
  const files = (await readdir(folder)).toSorted();
  return files.flatMap((file) => {
    const name = /^([\w-]+)\.machine\.(ts|js)$/.exec(file)?.[1];
    return name === undefined ? [] : [{ name, url: new URL(file, folder).href }];
  });
}

/** The one machine that the file exports. */
export async function loadMachine({ url }: Pick<MachineFile, 'url'>): Promise<AnyStateMachine> {
  const exported: Readonly<Record<string, unknown>> = await import(url);
  const machine = Object.values(exported).find((value) => value instanceof StateMachine);
  if (!machine) throw new Error(`${url} exports no machine.`);
  return machine;
}
