/** Makes one durable transaction of each list of operations, on the thread it runs on, and decides nothing. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { writeStatements, type Operation } from './sqlite-statements.ts';

export interface Committer {
  /** Null, or why it failed. */
  commit(operations: readonly Operation[]): string | null;
  close(): void;
}

type Connection = { readonly db: DatabaseSync; readonly statements: readonly StatementSync[] };

/** The file is opened by the first commit. */
export function createCommitter(file: string): Committer {
  let connection: Connection | undefined;

  /** Closing rolls back; the next commit opens another connection. */
  function close(): void {
    connection?.db.close();
    connection = undefined;
  }

  return {
    commit(operations) {
      try {
        connection ??= open(file);
        connection.db.exec('BEGIN IMMEDIATE');
        for (const [statement, ...values] of operations) connection.statements[statement]?.run(...values);
        connection.db.exec('COMMIT');
        return null;
      } catch (error) {
        close();
        return error instanceof Error ? error.message : String(error);
      }
    },
    close,
  };
}

function open(file: string): Connection {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec('PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 33554432');
  return { db, statements: writeStatements.map((sql) => db.prepare(sql)) };
}
