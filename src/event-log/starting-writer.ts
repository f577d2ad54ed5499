/**
 * Makes the first commit on this thread, and all others on one of its own. The first is the one that tries whether the file can be written,
 * before anybody is served. A server that nobody speaks to does without the thread, which takes 8 MB.
 */
import { createCommitter } from './committer.ts';
import type { Operations } from './sqlite-statements.ts';
import { WriterThread, type Writer } from './writer-thread.ts';

export class StartingWriter implements Writer {
  readonly #file: string;
  #hasStarted = false;
  #thread: Writer | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  commit(operations: Operations, done: (failure: string | null) => void): void {
    if (this.#hasStarted) {
      this.#thread ??= new WriterThread(this.#file);
      return this.#thread.commit(operations, done);
    }
    this.#hasStarted = true;
    const committer = createCommitter(this.#file);
    const failure = committer.commit(operations);
    committer.close();
    // Never before it returns, as by a thread.
    setImmediate(done, failure);
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }
}
