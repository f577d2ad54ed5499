/**
 * Documents in one SQLite file of the data folder, beside the event log and under its lock. A thread of its own writes, this one
 * tries and reads. What is acknowledged is on disk: WAL with `synchronous=FULL`.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderError, DocumentsUnavailableError } from '../errors.ts';
import { createStamps } from '../event-log/utc.ts';
import type { AnyCollection } from './collection.ts';
import type { Change, DocumentStore } from './document-store.ts';
import { documentsFile } from './documents-file.ts';
import { guardReader } from './guard.ts';
import { createReader } from './sqlite-documents.ts';
import { upgrade } from './sqlite-schema.ts';
import { Transactions } from './transactions.ts';
import { WriterThread, type Writer } from './writer-thread.ts';

export type SqliteDocumentsOptions = {
  /** It exists, and its owner opens it: the event log has seen to both. */
  readonly folder: string;
  /** All that will be used; documents of others are left as they are. */
  readonly collections: readonly AnyCollection[];
  /** Milliseconds since 1970; default: the machine's clock. */
  readonly now?: () => number;
  /** Who writes; default: a thread. */
  readonly createWriter?: (file: string) => Writer;
};

/** Brings all documents up to date. Throws `DataFolderError`: the file cannot be used, or was written by a newer program. */
export function openSqliteDocuments(options: SqliteDocumentsOptions): DocumentStore {
  const { folder, collections, now = Date.now } = options;
  const { createWriter = (file) => new WriterThread(file) } = options;
  const file = join(folder, documentsFile);
  try {
    const stamp = createStamps(now);
    upgradeFile(file, collections, stamp);
    const reader = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    // Nobody else writes but the thread, and never at the same time.
    const trial = new DatabaseSync(file, { timeout: 100 });
    // What is only tried never reaches the file, not even the part of it that SQLite could take back.
    trial.exec('PRAGMA cache_spill = OFF');
    return createStore({ reader, trial, writer: createWriter(file), stamp });
  } catch (error) {
    throw new DataFolderError(folder, error instanceof Error ? error.message : String(error));
  }
}

function upgradeFile(file: string, collections: readonly AnyCollection[], stamp: () => string): void {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    upgrade(db, collections, stamp);
  } finally {
    db.close();
  }
}

type Parts = {
  readonly reader: DatabaseSync;
  readonly trial: DatabaseSync;
  readonly writer: Writer;
  readonly stamp: () => string;
};

function createStore({ reader, trial, writer, stamp }: Parts): DocumentStore {
  const listeners = new Set<(changes: readonly Change[]) => void>();
  const transactions = new Transactions({
    db: trial,
    writer,
    stamp,
    committed(changes) {
      for (const listener of listeners) listener(changes);
    },
  });
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    await transactions.close();
    await writer.close();
    reader.close();
    trial.close();
  }

  return {
    ...guardReader(createReader(reader), () => {
      if (closing) throw new DocumentsUnavailableError('they are closed');
    }),
    transaction: (work) => transactions.run(work),
    insert: (collection, id, fields) =>
      transactions.run((documents) => documents.insert(collection, id, fields)),
    update: (collection, id, change) =>
      transactions.run((documents) => documents.update(collection, id, change)),
    delete: (collection, id) => transactions.run((documents) => documents.delete(collection, id)),
    onCommitted(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => (closing ??= close()),
  };
}
