/** The small Parlant server as a process of its own, so that its half of the connections costs the tested process nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('parlant-upstream-process.ts', import.meta.url));

export type UpstreamCounts = {
  readonly waiting: number;
  readonly connections: number;
  readonly requests: number;
};

/** Messages bring no turn there; `tell` gives it a command and resolves with its counts. */
export async function startUpstreamProcess() {
  const child = spawn(process.execPath, [program, 'silent'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: Interface = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  const next = async () => String((await answers.next()).value);
  const url = `http://127.0.0.1:${await next()}`;
  const tell = async (command: string) => {
    child.stdin.write(`${command}\n`);
    return JSON.parse(await next()) as UpstreamCounts;
  };
  return {
    url,
    tell,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
