/** A session's record as a row of the `sessions` table, and back. */
import type { SQLOutputValue } from 'node:sqlite';
import type { LifecycleState, SessionMode, SessionRecord, InterruptionPolicy } from './session-record.ts';
import { write, type Operations } from './sqlite-statements.ts';
import { minuteOf } from './utc.ts';

/** `key` is the session's number in the file. */
export type SessionRow = { readonly key: number; readonly record: SessionRecord };

export function toSessionRow(row: Record<string, SQLOutputValue>): SessionRow {
  return {
    key: Number(row['key']),
    // The columns are written by this file only, and the table is STRICT.
    record: {
      id: row['id'] as string,
      agentId: row['agent_id'] as string,
      customerId: row['customer_id'] as string,
      title: row['title'] as string | null,
      mode: row['mode'] as SessionMode,
      interruption: row['interruption'] as InterruptionPolicy | null,
      consumptionOffset: row['consumption_offset'] as number,
      metadata: JSON.parse(row['metadata'] as string),
      labels: JSON.parse(row['labels'] as string),
      creationUtc: row['creation_utc'] as string,
      lastActivityUtc: row['last_activity_utc'] as string,
      lifecycle: row['lifecycle'] as LifecycleState,
      lifecycleReason: row['lifecycle_reason'] as string | null,
      nextOffset: row['next_offset'] as number,
      openRun: row['open_run'] === null ? null : JSON.parse(row['open_run'] as string),
      waiting: JSON.parse(row['waiting'] as string),
      hadTurn: row['had_turn'] === 1,
      upstream: row['upstream'] === null ? null : JSON.parse(row['upstream'] as string),
    },
  };
}

/** Whether it has an open run or a waiting trigger. */
function isUnfinished(record: SessionRecord): boolean {
  return record.openRun !== null || record.waiting.length > 0;
}

export function insertSession(operations: Operations, key: number, r: SessionRecord): void {
  operations.push(write.insertSession, key, r.id, r.agentId, r.customerId, r.title, r.mode, r.interruption);
  operations.push(r.consumptionOffset, JSON.stringify(r.metadata), JSON.stringify(r.labels), r.creationUtc);
  operations.push(
    r.lastActivityUtc,
    minuteOf(r.lastActivityUtc),
    r.lifecycle,
    r.lifecycleReason,
    r.nextOffset,
  );
  operations.push(openRunJson(r), waitingJson(r), r.hadTurn ? 1 : 0, isUnfinished(r) ? 1 : 0);
}

/** The position has a statement of its own: sessions whose agent runs here never pay for it. */
export function updateUpstream(
  operations: Operations,
  key: number,
  { upstream }: Pick<SessionRecord, 'upstream'>,
): void {
  operations.push(write.setUpstream, upstream && JSON.stringify(upstream), key);
}

/**
 * Brings the row from `before` to `r`, with the statement that touches the fewest indexes. `settings`: something besides the
 * progress of the conversation has changed.
 */
export function updateSession(
  operations: Operations,
  key: number,
  r: SessionRecord,
  { before, settings }: { readonly before: SessionRecord; readonly settings: boolean },
): void {
  const unfinished = isUnfinished(r) ? 1 : 0;
  const sameMinute = r.lastActivityUtc.slice(0, 16) === before.lastActivityUtc.slice(0, 16);
  if (settings || !sameMinute) {
    operations.push(write.updateSession, r.agentId, r.customerId, r.title, r.mode, r.interruption);
    operations.push(
      r.consumptionOffset,
      JSON.stringify(r.metadata),
      JSON.stringify(r.labels),
      r.lastActivityUtc,
    );
    operations.push(
      minuteOf(r.lastActivityUtc),
      r.lifecycle,
      r.lifecycleReason,
      r.nextOffset,
      openRunJson(r),
    );
    operations.push(waitingJson(r), r.hadTurn ? 1 : 0, unfinished, key);
  } else if (isUnfinished(before) !== isUnfinished(r)) {
    operations.push(write.advanceTurn, r.lastActivityUtc, r.nextOffset, openRunJson(r), waitingJson(r));
    operations.push(r.hadTurn ? 1 : 0, unfinished, key);
  } else {
    operations.push(write.advanceSession, r.lastActivityUtc, r.nextOffset, openRunJson(r), waitingJson(r));
    operations.push(r.hadTurn ? 1 : 0, key);
  }
}

function openRunJson({ openRun }: SessionRecord): string | null {
  return openRun && JSON.stringify(openRun);
}

function waitingJson({ waiting }: SessionRecord): string {
  return waiting.length === 0 ? '[]' : JSON.stringify(waiting);
}
