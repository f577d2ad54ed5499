/** Colloquy as its users start it: a child process with a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

export const root = resolve(import.meta.dirname, '../..');

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Program = AsyncDisposable & {
  /** The address it printed. Rejects when it ends without one. */
  readonly url: string;
  readonly stdout: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
};

export type ProgramOptions = {
  readonly cwd: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `src/main.ts`. */
  readonly program?: string;
  /** For Node itself. */
  readonly execArgv?: readonly string[];
};

/** Runs it to its end. */
export async function run(options: ProgramOptions): Promise<Ended> {
  return watch(launch(options)).ended;
}

/** Starts it on a free port (unless `env` says otherwise) and waits for the address. */
export async function start(options: ProgramOptions): Promise<Program> {
  const child = launch({ ...options, env: { PORT: '0', ...options.env } });
  const { ended, stdout } = watch(child);
  const printed = new Promise<string>((found) => {
    child.stdout?.on('data', () => {
      const [, url] = /listens on (http:\S+?),/.exec(stdout()) ?? [];
      if (url !== undefined) found(url);
    });
  });
  const url = await Promise.race([
    printed,
    ended.then(({ code, stderr }) => Promise.reject(new Error(`It ended with ${code}: ${stderr}`))),
  ]);
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal);
  return {
    url,
    stdout,
    kill,
    ended,
    async [Symbol.asyncDispose]() {
      kill('SIGKILL');
      await ended;
    },
  };
}

/** A folder that is gone at the end of the block. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'colloquy-packaging-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function launch({
  cwd,
  program = join(root, 'src/main.ts'),
  args = [],
  env = {},
  execArgv = [],
}: ProgramOptions): ChildProcess {
  return spawn(process.execPath, [...execArgv, program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function watch(child: ChildProcess): { readonly ended: Promise<Ended>; readonly stdout: () => string } {
  const said = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const ended = once(child, 'close').then(([code]: unknown[]) => ({
    code: typeof code === 'number' ? code : null,
    stdout: said.stdout,
    stderr: stripVTControlCharacters(said.stderr),
  }));
  return { ended, stdout: () => said.stdout };
}

/** One turn over HTTP. */
export async function chat(
  url: string,
  body: object,
): Promise<{ status: string; session_id: string; text: string }> {
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as {
    status: string;
    session_id: string;
    messages?: { data: { message: string } }[];
  };
  const text = (answer.messages ?? []).map((message) => message.data.message).join('\n');
  return { status: answer.status, session_id: answer.session_id, text };
}
