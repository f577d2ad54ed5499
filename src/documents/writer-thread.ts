/**
 * The main thread's end of the writer thread. Writes are rare: the thread is started by the first and ended when there was none for
 * a while (it takes some 20 MB). One that dies fails the commit it was making; the next commit starts another.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Operation } from './sqlite-statements.ts';

export interface Writer {
  /** Makes one durable transaction; one at a time. Resolves with null, or with why it failed. */
  commit(operations: readonly Operation[]): Promise<string | null>;
  /** Closes the file and ends the thread. */
  close(): Promise<void>;
}

/** `.ts` beside the sources, `.js` beside what was built from them. */
const program = new URL(`./document-writer${extname(import.meta.filename)}`, import.meta.url);

const idleMs = 30_000;

export class WriterThread implements Writer {
  readonly #file: string;
  #thread: Worker | undefined;
  #answer: ((failure: string | null) => void) | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  commit(operations: readonly Operation[]): Promise<string | null> {
    clearTimeout(this.#idle);
    this.#thread ??= this.#start();
    const { promise, resolve } = Promise.withResolvers<string | null>();
    this.#answer = resolve;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#thread.postMessage(operations);
    return promise;
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    if (!thread) return;
    this.#thread = undefined;
    const ended = new Promise((resolve) => thread.once('exit', resolve));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    thread.postMessage('close');
    await ended;
  }

  /** Ends the thread at once, whatever it is doing. */
  async kill(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): Worker {
    // The parent's flags are not the thread's business: a loader or an inspector there must not run here.
    const thread = new Worker(program, {
      workerData: this.#file,
      execArgv: [],
      name: 'colloquy-document-writer',
    });
    let reason = 'the writer thread ended';
    thread.on('message', (failure: string | null) => this.#finish(failure));
    thread.on('error', (error: unknown) => {
      reason = `the writer thread failed: ${error instanceof Error ? error.message : String(error)}`;
    });
    thread.on('exit', () => {
      if (this.#thread === thread) {
        this.#thread = undefined;
        this.#finish(reason);
      }
    });
    return thread;
  }

  #finish(failure: string | null): void {
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.(failure);
    this.#idle = setTimeout(() => void this.close(), idleMs).unref();
  }
}
