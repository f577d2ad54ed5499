/** Makes one durable transaction of each list of operations, on the thread it runs on, and decides nothing. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { writeStatements, type Operations } from './sqlite-statements.ts';

export interface Committer {
  /** Null, or why nothing was stored. */
  commit(operations: Operations): string | null;
  close(): void;
}

type Connection = { readonly db: DatabaseSync; readonly statements: readonly Statement[] };
type Statement = { readonly prepared: StatementSync; readonly parameters: number };

/** The file is opened by the first commit. */
export function createCommitter(file: string): Committer {
  let connection: Connection | undefined;

  function close(): void {
    connection?.db.close();
    connection = undefined;
  }

  /** A connection that cannot even roll back is given up; the next commit opens another. */
  function rollback(): void {
    try {
      if (connection?.db.isTransaction) connection.db.exec('ROLLBACK');
    } catch {
      close();
    }
  }

  return {
    commit(operations) {
      try {
        connection ??= open(file);
        connection.db.exec('BEGIN IMMEDIATE');
        apply(connection.statements, operations);
        connection.db.exec('COMMIT');
        return null;
      } catch (error) {
        rollback();
        return error instanceof Error ? error.message : String(error);
      }
    },
    close,
  };
}

function apply(statements: readonly Statement[], operations: Operations): void {
  for (let i = 0; i < operations.length;) {
    const statement = statements[Number(operations[i])];
    if (!statement) throw new Error(`no statement has number ${operations[i]}`);
    const end = i + 1 + statement.parameters;
    statement.prepared.run(...operations.slice(i + 1, end));
    i = end;
  }
}

function open(file: string): Connection {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec('PRAGMA synchronous = FULL');
  // Many sessions touch the same few pages again and again: a checkpoint every 16 MB instead of every 4 writes each of them
  // less often (a fifth less CPU per turn at 100 sessions), and the cache holds the pages in use.
  db.exec(
    'PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 33554432',
  );
  const statements = writeStatements.map((sql) => ({
    prepared: db.prepare(sql),
    parameters: sql.split('?').length - 1,
  }));
  return { db, statements };
}
