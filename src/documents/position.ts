/** Positions as opaque cursors, in Parlant's form: base64 of `<creation_utc>|<id>`. */
import type { Position } from './document-store.ts';

export function toCursor({ creationUtc, id }: Position): string {
  return Buffer.from(`${creationUtc}|${id}`).toString('base64url');
}

/** Undefined where the cursor is none: Parlant begins at the beginning then. */
export function parseCursor(cursor: string): Position | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, creationUtc, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\|(.+)$/s.exec(text) ?? [];
  return creationUtc && id ? { creationUtc, id } : undefined;
}
