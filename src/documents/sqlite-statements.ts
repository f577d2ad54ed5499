/** The statements that write. An operation names one by its number, with its values. */
import type { SQLInputValue } from 'node:sqlite';

export const writeStatements: readonly string[] = [
  'INSERT INTO documents (collection, id, version, creation_utc, body) VALUES (?, ?, ?, ?, ?)',
  'UPDATE documents SET version = ?, body = ? WHERE collection = ? AND id = ?',
  'DELETE FROM documents WHERE collection = ? AND id = ?',
  'UPDATE commits SET number = ?',
];

export const write = { insert: 0, update: 1, delete: 2, count: 3 } as const;

export type Operation = readonly [statement: number, ...values: SQLInputValue[]];
