/**
 * The main thread's end of the writer thread. A thread that dies fails the commit it was making; the next commit starts
 * another. Nothing here waits for a thread that is gone.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Operations } from './sqlite-statements.ts';

export interface Writer {
  /** Makes one durable transaction; one at a time. `done` gets null, or why nothing was stored. */
  commit(operations: Operations, done: (failure: string | null) => void): void;
  /** Closes the file and ends the thread. */
  close(): Promise<void>;
}

/** `.ts` beside the sources, `.js` beside what was built from them. */
const program = new URL(`./sqlite-writer${extname(import.meta.filename)}`, import.meta.url);

export class WriterThread implements Writer {
  readonly #file: string;
  #thread: Worker | undefined;
  #done: ((failure: string | null) => void) | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#thread = this.#start();
  }

  commit(operations: Operations, done: (failure: string | null) => void): void {
    this.#done = done;
    this.#thread ??= this.#start();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#thread.postMessage(operations);
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    if (!thread) return;
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
    const thread = new Worker(program, { workerData: this.#file, execArgv: [], name: 'colloquy-log-writer' });
    let reason = 'the writer thread ended';
    thread.on('message', (failure: string | null) => this.#finish(failure));
    thread.on('error', (error: unknown) => {
      reason = `the writer thread failed: ${error instanceof Error ? error.message : String(error)}`;
    });
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined;
      this.#finish(reason);
    });
    return thread;
  }

  #finish(failure: string | null): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(failure);
  }
}
