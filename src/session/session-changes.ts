/**
 * Whose sessions change: the log's commits, told to those who watch a customer. While nobody watches anybody, a commit pays nothing; else
 * one look into a map for each session it has changed.
 */
import type { SessionStore } from '../event-log/event-log.ts';
import type { SessionRecord } from '../event-log/session-record.ts';

/** `session` is undefined when it is deleted, or another customer's now. Called synchronously after the commit. */
export type ChangeListener = (sessionId: string, session: SessionRecord | undefined) => void;

export interface SessionChanges {
  /** Every change of this customer's sessions from now on. Returns the way to stop watching. */
  watch(customerId: string, listener: ChangeListener): () => void;
}

export function createSessionChanges(log: Pick<SessionStore, 'onChanged'>): SessionChanges {
  const watchers = new Map<string, Set<ChangeListener>>();
  let stopListening: (() => void) | undefined;

  return {
    watch(customerId, listener) {
      const own: ChangeListener = (...told) => listener(...told);
      const group = watchers.get(customerId) ?? new Set();
      watchers.set(customerId, group.add(own));
      stopListening ??= log.onChanged(tell);
      return () => {
        if (group.delete(own) && group.size === 0 && watchers.get(customerId) === group)
          watchers.delete(customerId);
        if (watchers.size > 0) return;
        stopListening?.();
        stopListening = undefined;
      };
    },
  };

  function tell(before: SessionRecord | undefined, after: SessionRecord | undefined): void {
    if (before && before.customerId !== after?.customerId) tellOf(before.customerId, before.id, undefined);
    if (after) tellOf(after.customerId, after.id, after);
  }

  function tellOf(customerId: string, sessionId: string, session: SessionRecord | undefined): void {
    for (const listener of watchers.get(customerId) ?? []) listener(sessionId, session);
  }
}
