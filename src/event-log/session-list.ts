/**
 * Lists of sessions, page by page. A page begins where a key (`creation_utc`, `id`) stands, so a late page costs what the first
 * does and sessions that come or go in between shift nothing.
 */
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { SessionPage, SessionQuery } from './event-log.ts';
import { toSessionRow } from './session-row.ts';
import type { SessionRecord } from './session-record.ts';
import { minuteOf, toUtc } from './utc.ts';

type Prepare = (sql: string) => StatementSync;
type Condition = readonly [sql: string, ...values: SQLInputValue[]];

export function listSessions(prepare: Prepare, query: SessionQuery): SessionPage {
  const { sort = 'asc', limit } = query;
  const conditions = [...matching(query), ...behindCursor(query)];
  const where = whereSql(conditions);
  const values = conditions.flatMap(([, ...values]) => values);
  const order =
    sort === 'latest'
      ? 'active_minute DESC, last_activity_utc DESC, id DESC'
      : sort === 'desc'
        ? 'creation_utc DESC, id DESC'
        : 'creation_utc, id';
  const wanted = limit === undefined ? undefined : Math.max(0, Math.trunc(limit));
  const rows = prepare(`SELECT * FROM sessions${where} ORDER BY ${order} LIMIT ?`).all(
    ...values,
    wanted === undefined ? -1 : wanted + 1,
  );
  const items = rows.slice(0, wanted).map((row) => toSessionRow(row).record);
  const last = items.at(-1);
  const isMore = rows.length > items.length;
  return {
    items,
    totalCount: isMore && sort !== 'latest' ? count(prepare, conditions) : items.length,
    nextCursor: isMore && last && sort !== 'latest' ? encodeCursor(last) : null,
  };
}

export function countSessions(prepare: Prepare, query: SessionQuery): number {
  return count(prepare, matching(query));
}

function count(prepare: Prepare, conditions: readonly Condition[]): number {
  const row = prepare(`SELECT count(*) AS total FROM sessions${whereSql(conditions)}`).get(
    ...conditions.flatMap(([, ...values]) => values),
  );
  return Number(row?.['total']);
}

function whereSql(conditions: readonly Condition[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
}

function matching(query: SessionQuery): Condition[] {
  const conditions: Condition[] = [];
  if (query.customerId !== undefined) conditions.push(['customer_id = ?', query.customerId]);
  if (query.agentId !== undefined) conditions.push(['agent_id = ?', query.agentId]);
  if (query.lifecycle !== undefined) conditions.push(['lifecycle = ?', query.lifecycle]);
  for (const label of query.labels ?? []) {
    conditions.push(['EXISTS (SELECT 1 FROM json_each(labels) WHERE value = ?)', label]);
  }
  if (query.inactiveSince !== undefined) {
    const utc = toUtc(query.inactiveSince);
    conditions.push(['active_minute <= ? AND last_activity_utc < ?', minuteOf(utc), utc]);
  }
  if (query.unfinished !== undefined) conditions.push([`unfinished = ${query.unfinished ? 1 : 0}`]);
  return conditions;
}

function behindCursor({ cursor, sort = 'asc' }: SessionQuery): Condition[] {
  const place = cursor === undefined || sort === 'latest' ? undefined : decodeCursor(cursor);
  if (!place) return [];
  return [[`(creation_utc, id) ${sort === 'desc' ? '<' : '>'} (?, ?)`, place.creationUtc, place.id]];
}

function encodeCursor({ creationUtc, id }: SessionRecord): string {
  return Buffer.from(`${creationUtc}|${id}`).toString('base64url');
}

function decodeCursor(cursor: string): { creationUtc: string; id: string } | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\|(.+)$/s.exec(text);
  return parts?.[1] && parts[2] ? { creationUtc: parts[1], id: parts[2] } : undefined;
}
