/**
 * The program itself, `src/main.ts`, or another one that serves, as a child process that can be told to end, killed, and started again on
 * the same folder.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type Program = AsyncDisposable & {
  readonly pid: number;
  readonly url: string;
  /** Sends the signal; `exited` tells when it has worked. */
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
  readonly exited: Promise<Exit>;
  /** What it wrote to stderr so far. */
  readonly stderr: () => string;
  /** Asks the probe, if the program was started with one. */
  readonly ask: <Answer>(question: object) => Promise<Answer>;
};

export type ProgramOptions = {
  readonly folder: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly execArgv?: readonly string[];
  /** Another program, which says where it listens. */
  readonly script?: string;
};

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const config = fileURLToPath(new URL('./slow-echo.config.ts', import.meta.url));

/** Resolves when it takes connections; rejects with `ProgramEndedError` if it ends instead. */
export async function startProgram({
  folder,
  port,
  env = {},
  execArgv = [],
  script,
}: ProgramOptions): Promise<Program> {
  const run = script === undefined ? [main, '--config', config] : [script];
  const child = spawn(process.execPath, [...execArgv, ...run], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: folder,
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let [stdout, stderr] = ['', ''];
  const listening = Promise.withResolvers<void>();
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.includes(' listens on ')) listening.resolve();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      listening.reject(new ProgramEndedError({ code, signal }, stderr));
      resolve({ code, signal });
    });
  });
  await listening.promise;
  return {
    pid: child.pid ?? -1,
    url: `http://127.0.0.1:${port}`,
    kill: (signal) => void child.kill(signal),
    exited,
    stderr: () => stderr,
    ask: <Answer>(question: object) =>
      new Promise<Answer>((resolve) => {
        child.once('message', (answer) => resolve(answer as Answer));
        child.send({ ...question, id: 0 });
      }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

export class ProgramEndedError extends Error {
  override readonly name = 'ProgramEndedError';
  readonly exit: Exit;
  readonly stderr: string;
  constructor(exit: Exit, stderr: string) {
    super(`the program ended (${exit.code ?? exit.signal}) instead of listening: ${stderr}`);
    this.exit = exit;
    this.stderr = stderr;
  }
}
