/**
 * Every statement that writes, by name. The main thread sends a commit as one flat list of statement numbers and parameters;
 * the writer thread looks the statement up here. Both sides load this file, so the numbers agree.
 */

/** What a commit is made of: a statement's number, then its parameters, then the next statement's number, … */
export type Operations = (string | number | null)[];

const statements = {
  insertSession: `INSERT INTO sessions (key, id, agent_id, customer_id, title, mode, interruption, consumption_offset, metadata,
    labels, creation_utc, last_activity_utc, active_minute, lifecycle, lifecycle_reason, next_offset, open_run, waiting, had_turn,
    unfinished) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  updateSession: `UPDATE sessions SET agent_id = ?, customer_id = ?, title = ?, mode = ?, interruption = ?, consumption_offset = ?,
    metadata = ?, labels = ?, last_activity_utc = ?, active_minute = ?, lifecycle = ?, lifecycle_reason = ?, next_offset = ?,
    open_run = ?, waiting = ?, had_turn = ?, unfinished = ? WHERE key = ?`,
  /** Touches no index. */
  advanceSession: `UPDATE sessions SET last_activity_utc = ?, next_offset = ?, open_run = ?, waiting = ?, had_turn = ? WHERE key = ?`,
  /** Touches only the index of unfinished sessions, which is small. */
  advanceTurn: `UPDATE sessions SET last_activity_utc = ?, next_offset = ?, open_run = ?, waiting = ?, had_turn = ?, unfinished = ?
    WHERE key = ?`,
  setUpstream: 'UPDATE sessions SET upstream = ? WHERE key = ?',
  deleteSession: 'DELETE FROM sessions WHERE key = ?',
  deleteEvents: 'DELETE FROM events WHERE session = ?',
  deleteLifecycle: 'DELETE FROM lifecycle_changes WHERE session = ?',
  insertEvent: `INSERT INTO events (session, offset, id, source, kind, creation_utc, trace_id, data, metadata, id_given)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  growEvent: 'UPDATE events SET data = ?, metadata = ? WHERE session = ? AND offset = ?',
  patchEvent: 'UPDATE events SET metadata = ? WHERE session = ? AND offset = ?',
  removeEvents: 'UPDATE events SET deleted = 1 WHERE session = ? AND offset >= ? AND deleted = 0',
  insertLifecycle:
    'INSERT INTO lifecycle_changes (session, state, reason, offset, utc) VALUES (?, ?, ?, ?, ?)',
  putReceipt:
    'INSERT OR REPLACE INTO receipts (scope, key, request_hash, result, created_ms) VALUES (?, ?, ?, ?, ?)',
  /** A bounded number, so that no commit is held up by it. */
  purgeReceipts:
    'DELETE FROM receipts WHERE rowid IN (SELECT rowid FROM receipts WHERE created_ms < ? LIMIT 1000)',
  check: 'INSERT OR REPLACE INTO checks (id, utc) VALUES (1, ?)',
  /** The same with 64 KB of blanks behind it: what fits into a gap that no event fits in proves nothing. */
  probe: "INSERT OR REPLACE INTO checks (id, utc) VALUES (1, printf('%-65536s', ?))",
} as const;

type Name = keyof typeof statements;

/** By number. */
export const writeStatements: readonly string[] = Object.values(statements);

/** The number of each statement. */
// Object.fromEntries forgets the keys it was given.
export const write = Object.fromEntries(
  Object.keys(statements).map((name, index) => [name, index]),
) as Readonly<Record<Name, number>>;
