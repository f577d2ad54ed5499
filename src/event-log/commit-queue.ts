/**
 * Group commit: everything queued in one turn of the event loop, and everything that comes in while a commit is under way, is one
 * transaction. At most one is in flight. When it fails, all that was queued behind it was decided on facts that do not
 * exist, so it fails too.
 */
import { LogUnavailableError } from '../errors.ts';
import { updateSession } from './session-row.ts';
import type { Head, Touched } from './session-head.ts';
import type { Operations } from './sqlite-statements.ts';
import type { Writer } from './writer-thread.ts';

/** What goes to the file in one transaction, and whom it concerns. */
export class Batch {
  readonly operations: Operations = [];
  readonly touched: Touched[] = [];
  readonly #committed = Promise.withResolvers<void>();

  constructor() {
    this.#committed.promise.catch(ignore);
  }

  /** Rejects with `LogUnavailableError`. */
  get committed(): Promise<void> {
    return this.#committed.promise;
  }

  /** This batch's share of a session. */
  touch(head: Head): Touched {
    if (head.tail?.batch === this) return head.tail;
    const touched: Touched = {
      batch: this,
      head,
      before: head.current,
      after: head.current,
      settings: false,
      events: [],
      news: [],
      removed: [],
      patched: undefined,
      previous: head.tail,
    };
    head.tail = touched;
    this.touched.push(touched);
    return touched;
  }

  /** No more is added. Each session's row is written once, as it now is. */
  seal(): void {
    for (const touched of this.touched) {
      const { head, before, settings } = touched;
      touched.after = head.current;
      if (before && head.current && before !== head.current) {
        updateSession(this.operations, head.key, head.current, { before, settings });
      }
    }
  }

  succeed(): void {
    this.#committed.resolve();
  }

  fail(reason: string): void {
    this.#committed.reject(new LogUnavailableError(reason));
  }
}

export type CommitListener = {
  /** Called before the promises of the batch resolve. */
  readonly committed: (batch: Batch) => void;
  readonly failed: (batches: readonly Batch[]) => void;
};

export class CommitQueue {
  readonly #writer: Writer;
  readonly #listener: CommitListener;
  readonly #flush = () => this.#send();
  readonly #finish = (failure: string | null) => this.#finished(failure);
  #next: Batch | undefined;
  #inFlight: Batch | undefined;
  #scheduled = false;

  constructor(writer: Writer, listener: CommitListener) {
    this.#writer = writer;
    this.#listener = listener;
  }

  /** The batch being filled. */
  get batch(): Batch {
    this.#next ??= new Batch();
    this.#schedule();
    return this.#next;
  }

  /** Every session with something queued, once per batch, the one in flight first. */
  *touched(): Generator<Touched, void> {
    if (this.#inFlight) yield* this.#inFlight.touched;
    if (this.#next) yield* this.#next.touched;
  }

  /** Resolves when nothing is queued any more, committed or not. */
  async drained(): Promise<void> {
    for (let batch = this.#next ?? this.#inFlight; batch; batch = this.#next ?? this.#inFlight) {
      await batch.committed.catch(ignore);
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#inFlight) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  #send(): void {
    this.#scheduled = false;
    const batch = this.#next;
    if (!batch) return;
    this.#next = undefined;
    this.#inFlight = batch;
    batch.seal();
    this.#writer.commit(batch.operations, this.#finish);
  }

  #finished(failure: string | null): void {
    const batch = this.#inFlight;
    if (!batch) return;
    this.#inFlight = undefined;
    if (failure === null) {
      this.#listener.committed(batch);
      batch.succeed();
    } else {
      const lost = this.#next ? [batch, this.#next] : [batch];
      this.#next = undefined;
      for (const each of lost) each.fail(failure);
      this.#listener.failed(lost);
    }
    if (this.#next) this.#schedule();
  }
}

/** The value once the batch is on disk. Nobody has to wait for it: a rejection that is not looked at is not an error. */
export function whenCommitted<T>(batch: Batch, value: T): Promise<T> {
  const promise = batch.committed.then(() => value);
  promise.catch(ignore);
  return promise;
}

/** What is thrown becomes a rejection, at once, which need not be looked at either. */
export function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return work();
  } catch (error) {
    const refusal = Promise.reject(error);
    refusal.catch(ignore);
    return refusal;
  }
}

function ignore(): void {}
