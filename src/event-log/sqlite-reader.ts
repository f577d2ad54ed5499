/**
 * The main thread's connection: point reads and bounded pages, so that no read holds the event loop for long. It sees committed
 * data only. What runs over a whole session is read page by page by the caller.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { EventFilter, SessionPage, SessionQuery, StoredReceipt } from './event-log.ts';
import type { Page, PageQuery } from './follower.ts';
import { countSessions, listSessions } from './session-list.ts';
import { offsetIn } from './ids.ts';
import { toSessionRow, type SessionRow } from './session-row.ts';
import type { LifecycleChange } from './session-record.ts';
import { eventColumns, storedFromRow, type EventRow, type StoredEvent } from './stored-event.ts';

/** A page ends after this many characters of payload. */
const pageChars = 256 * 1024;
/** However few of them match, a page looks at no more events than this. */
const scanEvents = 4096;

export class SqliteReader {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  }

  close(): void {
    this.#db.close();
  }

  session(sessionId: string): SessionRow | undefined {
    const row = this.#prepare('SELECT * FROM sessions WHERE id = ?').get(sessionId);
    return row && toSessionRow(row);
  }

  /** The number of a session to come. */
  nextKey(): number {
    return Number(this.#prepare('SELECT coalesce(max(key), 0) + 1 AS next FROM sessions').get()?.['next']);
  }

  list(query: SessionQuery): SessionPage {
    return listSessions((sql) => this.#prepare(sql), query);
  }

  count(query: SessionQuery): number {
    return countSessions((sql) => this.#prepare(sql), query);
  }

  /** A customer's sessions but these. */
  countOthers(customerId: string, ids: readonly string[]): number {
    const row = this.#prepare(
      `SELECT count(*) AS total FROM sessions
       WHERE customer_id = ? AND id NOT IN (SELECT value FROM json_each(?))`,
    ).get(customerId, JSON.stringify(ids));
    return Number(row?.['total']);
  }

  lifecycle(sessionId: string): LifecycleChange[] {
    const rows = this.#prepare(
      `SELECT state, reason, offset, utc FROM lifecycle_changes
       WHERE session = (SELECT key FROM sessions WHERE id = ?) ORDER BY rowid`,
    ).all(sessionId);
    return rows.map((row) => ({ ...row }) as LifecycleChange);
  }

  receipt(scope: string, key: string, sinceMs: number): StoredReceipt | undefined {
    const row = this.#prepare(
      'SELECT request_hash, result FROM receipts WHERE scope = ? AND key = ? AND created_ms >= ?',
    ).get(scope, key, sinceMs);
    return row && { requestHash: String(row['request_hash']), result: JSON.parse(String(row['result'])) };
  }

  /** Deleted ones too. */
  eventById(session: number, eventId: string): StoredEvent | undefined {
    const offset = offsetIn(eventId);
    const made =
      offset === undefined ? undefined : this.#event('session = ? AND offset = ?', session, offset);
    if (made?.event.id === eventId) return made;
    return this.#event('session = ? AND id = ? AND id_given = 1', session, eventId);
  }

  /** Not deleted. */
  eventAt(session: number, offset: number): StoredEvent | undefined {
    return this.#event('session = ? AND offset = ? AND deleted = 0', session, offset);
  }

  /** Not deleted events of a range, in offset order; `backwards`: the newest first. */
  page(session: number, query: PageQuery, { backwards = false } = {}): Page {
    const from = backwards ? Math.max(query.from, query.to - scanEvents) : query.from;
    const to = backwards ? query.to : Math.min(query.to, query.from + scanEvents);
    const { where, values } = filterSql(query.filter);
    const statement = this.#prepare(
      `SELECT ${eventColumns} FROM events WHERE session = ? AND offset >= ? AND offset < ? AND deleted = 0${where}
       ORDER BY offset${backwards ? ' DESC' : ''}`,
      { asArrays: true },
    );
    const events: StoredEvent[] = [];
    let chars = 0;
    for (const row of statement.iterate(session, from, to, ...values)) {
      const stored = storedFromRow(asEventRow(row));
      events.push(stored);
      chars += stored.data.length + stored.metadata.length;
      if (events.length >= query.limit || chars >= pageChars) {
        return { events, rest: backwards ? stored.event.offset : stored.event.offset + 1 };
      }
    }
    if (backwards) return { events, rest: from > query.from ? from : undefined };
    return { events, rest: to < query.to ? to : undefined };
  }

  #event(where: string, ...values: SQLInputValue[]): StoredEvent | undefined {
    const statement = this.#prepare(`SELECT ${eventColumns} FROM events WHERE ${where}`, { asArrays: true });
    const row: unknown = statement.get(...values);
    return row === undefined ? undefined : storedFromRow(asEventRow(row));
  }

  #prepare(sql: string, { asArrays = false } = {}): StatementSync {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(asArrays);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

/** The types of `node:sqlite` do not know of rows as arrays. */
function asEventRow(row: unknown): EventRow {
  return row as EventRow;
}

function filterSql({ kinds, source, traceId }: EventFilter): { where: string; values: string[] } {
  const values: string[] = [];
  let where = '';
  if (kinds) {
    where += ` AND kind IN (${kinds.map(() => '?').join(', ')})`;
    values.push(...kinds);
  }
  if (source) {
    where += ' AND source = ?';
    values.push(source);
  }
  if (traceId !== undefined) {
    where += ' AND trace_id = ?';
    values.push(traceId);
  }
  return { where, values };
}
