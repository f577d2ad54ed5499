/**
 * Transactions, one after the other. Each is tried here, on a connection that never commits, which finds out what it wants to do and
 * whether it may; the writer thread then does it durably. Those that come in while a commit is under way are tried one upon the
 * other and committed together. Nobody outside sees anything that is not on disk.
 */
import type { DatabaseSync } from 'node:sqlite';
import { DocumentsUnavailableError } from '../errors.ts';
import type { Change, Documents } from './document-store.ts';
import { guardDocuments } from './guard.ts';
import { createDocuments, type Written } from './sqlite-documents.ts';
import { write } from './sqlite-statements.ts';
import type { Writer } from './writer-thread.ts';

type Work = (documents: Documents) => Promise<unknown>;
/** `settle` is called when the commit is done: what was refused because of another transaction must know that one to be stored. */
type Job = { readonly work: Work; readonly settle: (outcome: Outcome) => void };
type Outcome = { readonly value: unknown } | { readonly error: unknown };
type Tried = { readonly job: Job; readonly outcome: Outcome };

export type TransactionsOptions = {
  /** For trying only. */
  readonly db: DatabaseSync;
  readonly writer: Writer;
  readonly stamp: () => string;
  readonly committed: (changes: readonly Change[]) => void;
};

export class Transactions {
  readonly #db: DatabaseSync;
  readonly #writer: Writer;
  readonly #committed: TransactionsOptions['committed'];
  readonly #documents: Documents;
  #written: Written[] = [];
  #waiting: Job[] = [];
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor({ db, writer, stamp, committed }: TransactionsOptions) {
    this.#db = db;
    this.#writer = writer;
    this.#committed = committed;
    this.#documents = createDocuments(db, { stamp, written: (written) => this.#written.push(written) });
  }

  run<Result>(work: (documents: Documents) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) return Promise.reject(new DocumentsUnavailableError('they are closed'));
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({
        work,
        settle: (outcome) =>
          'value' in outcome
            ? resolve(outcome.value as Result) // what this work returned
            : reject(outcome.error),
      });
      this.#running ??= this.#runAll();
    });
  }

  /** Resolves when all that was begun is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  async #runAll(): Promise<void> {
    // What one turn of the event loop asks for is one commit.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const jobs = this.#waiting;
      this.#waiting = [];
      await this.#runTogether(jobs);
    }
    this.#running = undefined;
  }

  async #runTogether(jobs: readonly Job[]): Promise<void> {
    this.#written = [];
    let tried: readonly Tried[];
    let failure: string | null;
    try {
      tried = await this.#try(jobs);
      failure = this.#written.length > 0 ? await this.#store() : null;
    } catch (error) {
      tried = jobs.map((job) => ({ job, outcome: { value: undefined } }));
      failure = error instanceof Error ? error.message : String(error);
    }
    try {
      if (failure === null && this.#written.length > 0) this.#committed(this.#written.map(toChange));
    } finally {
      for (const { job, outcome } of tried) {
        job.settle(failure === null ? outcome : { error: new DocumentsUnavailableError(failure) });
      }
    }
  }

  /** Leaves in `#written` what they did, and nothing in the file. */
  async #try(jobs: readonly Job[]): Promise<readonly Tried[]> {
    const tried: Tried[] = [];
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      for (const job of jobs) tried.push({ job, outcome: await this.#tryOne(job.work) });
    } finally {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    }
    return tried;
  }

  async #tryOne(work: Work): Promise<Outcome> {
    const before = this.#written.length;
    const lease = lend(this.#documents);
    this.#db.exec('SAVEPOINT work');
    try {
      return { value: await work(lease.documents) };
    } catch (error) {
      this.#db.exec('ROLLBACK TO work');
      this.#written.length = before;
      return { error };
    } finally {
      lease.end();
      this.#db.exec('RELEASE work');
    }
  }

  /** A thread that died may have committed before: the number of the commit in the file tells. */
  async #store(): Promise<string | null> {
    const number = this.#commitNumber() + 1;
    const failure = await this.#writer.commit([
      ...this.#written.map(({ operation }) => operation),
      [write.count, number],
    ]);
    return failure !== null && this.#commitNumber() === number ? null : failure;
  }

  #commitNumber(): number {
    return Number(this.#db.prepare('SELECT number FROM commits').get()?.['number']);
  }
}

function toChange({ collection, id, document }: Written): Change {
  return { collection, id, document };
}

/** So many calls of one transaction (some 10 ms) go without letting others run. */
const callsInARow = 200;

/** The documents, until `end`: work that was not awaited must not write into somebody else's transaction. */
function lend(documents: Documents): { readonly documents: Documents; readonly end: () => void } {
  let isOver = false;
  let calls = 0;
  return {
    documents: guardDocuments(documents, {
      // An import is all promises that are settled already: without a pause it would hold up the event loop to its end.
      async pause() {
        calls += 1;
        if (calls % callsInARow === 0) await new Promise(setImmediate);
      },
      demand() {
        if (isOver) throw new Error('The transaction is over: its work did not await everything it began.');
      },
    }),
    end() {
      isOver = true;
    },
  };
}
