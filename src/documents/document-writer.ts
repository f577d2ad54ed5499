/**
 * The writer thread: makes one durable transaction of each list of operations it is sent, and decides nothing. An fsync waits here,
 * so that it never holds up the event loop. Answers null, or why it failed.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { writeStatements, type Operation } from './sqlite-statements.ts';

type Connection = { readonly db: DatabaseSync; readonly statements: readonly StatementSync[] };

const port = parentPort;
if (!port) throw new Error('document-writer.ts runs only as a worker thread.');
const file = String(workerData);
let connection: Connection | undefined;

port.on('message', (operations: readonly Operation[] | 'close') => {
  if (operations !== 'close') return port.postMessage(commit(operations));
  connection?.db.close();
  port.close();
});

function commit(operations: readonly Operation[]): string | null {
  try {
    connection ??= open();
    connection.db.exec('BEGIN IMMEDIATE');
    for (const [statement, ...values] of operations) connection.statements[statement]?.run(...values);
    connection.db.exec('COMMIT');
    return null;
  } catch (error) {
    giveUp();
    return error instanceof Error ? error.message : String(error);
  }
}

/** Closing rolls back; the next commit opens another connection. */
function giveUp(): void {
  connection?.db.close();
  connection = undefined;
}

function open(): Connection {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec('PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 33554432');
  return { db, statements: writeStatements.map((sql) => db.prepare(sql)) };
}
