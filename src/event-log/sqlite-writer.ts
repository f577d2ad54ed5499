/**
 * The writer thread: holds the only connection that writes, and makes one durable transaction of each list of operations it is
 * sent. It decides nothing. An fsync waits here, so that it never holds up the event loop. Answers null, or why it failed.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { writeStatements, type Operations } from './sqlite-statements.ts';

type Connection = { readonly db: DatabaseSync; readonly statements: readonly Statement[] };
type Statement = { readonly prepared: StatementSync; readonly parameters: number };

const port = parentPort;
if (!port) throw new Error('sqlite-writer.ts runs only as a worker thread.');
const file = String(workerData);
let connection: Connection | undefined;

port.on('message', (operations: Operations | 'close') => {
  if (operations !== 'close') return port.postMessage(commit(operations));
  connection?.db.close();
  port.close();
});

function commit(operations: Operations): string | null {
  try {
    connection ??= open();
    connection.db.exec('BEGIN IMMEDIATE');
    apply(connection.statements, operations);
    connection.db.exec('COMMIT');
    return null;
  } catch (error) {
    rollback();
    return error instanceof Error ? error.message : String(error);
  }
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

/** A connection that cannot even roll back is given up; the next commit opens another. */
function rollback(): void {
  try {
    if (connection?.db.isTransaction) connection.db.exec('ROLLBACK');
  } catch {
    connection?.db.close();
    connection = undefined;
  }
}

function open(): Connection {
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
