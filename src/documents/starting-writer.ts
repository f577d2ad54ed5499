/**
 * Writes on this thread as long as a server starts, and on one of its own from then on. Nobody waits for an event loop that serves nobody.
 * Mostly the first start of a folder is the only one that writes, and who looks at a new server sees what it takes then: 102 MB idle, from
 * `dist`; 110 with a thread for these few commits, and 106 still when that had ended.
 */
import { type Committer, createCommitter } from './committer.ts';
import type { Operation } from './sqlite-statements.ts';
import { WriterThread, type Writer } from './writer-thread.ts';

export class StartingWriter implements Writer {
  readonly #file: string;
  readonly #here: Committer;
  #thread: Writer | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#here = createCommitter(file);
  }

  async commit(operations: readonly Operation[]): Promise<string | null> {
    return this.#thread ? this.#thread.commit(operations) : this.#here.commit(operations);
  }

  /** The server has started. */
  leaveToThread(): void {
    this.#here.close();
    this.#thread ??= new WriterThread(this.#file);
  }

  async close(): Promise<void> {
    this.#here.close();
    await this.#thread?.close();
  }
}
