/** Children of the bench that are asked things over IPC: every question has a number, and its answer carries the same. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export type Child = AsyncDisposable & {
  readonly pid: number;
  ask<Answer>(question: object): Promise<Answer>;
  /** Rejects when the child ends by itself; never resolves. */
  readonly failed: Promise<never>;
};

export type ChildOptions = {
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
};

/** Starts a Node program with an IPC channel. What it writes to stdout is thrown away, its stderr is shown. */
export function startChild(program: string, options: ChildOptions = {}): Child {
  const child = fork(program, options.args ?? [], {
    execArgv: [...(options.execArgv ?? [])],
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let questions = 0;
  let leaving = false;
  child.on('message', (message) => {
    const answer = message as { id: number; error?: string };
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(answer.error));
  });
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  failed.catch(() => {});
  child.on('exit', (code, signal) => {
    const error = new Error(`${program} ended by itself (${code ?? signal})`);
    for (const asked of waiting.values()) asked.reject(error);
    waiting.clear();
    if (!leaving) fail(error);
  });
  return {
    pid: child.pid ?? -1,
    failed,
    ask: <Answer>(question: object) =>
      new Promise<Answer>((resolve, reject) => {
        if (!child.connected) return reject(new Error(`${program} is gone`));
        const id = ++questions;
        const late = setTimeout(
          () => reject(new Error(`${program} has not answered for 3 minutes`)),
          180_000,
        );
        waiting.set(id, {
          resolve: (answer) => {
            clearTimeout(late);
            resolve(answer as Answer);
          },
          reject,
        });
        child.send({ ...question, id });
      }),
    async [Symbol.asyncDispose]() {
      leaving = true;
      await end(child);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const stubborn = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await exited;
  clearTimeout(stubborn);
}
