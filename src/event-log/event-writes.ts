/**
 * Everything that adds or changes events, and the fences. Each function decides on the session's head before it returns, so calls
 * take effect in call order; the promise only says when it is on disk. Whatever can be refused is refused before anything
 * is changed.
 */
import { EventIdTakenError, EventNotFoundError, RunClosedError } from '../errors.ts';
import { attempt, whenCommitted, type Batch } from './commit-queue.ts';
import type { AppendOptions, EventLog, Receipt, RunLog } from './event-log.ts';
import type { EventDraft, JsonObject, SessionEvent } from './event.ts';
import type { LogCore, OpenHead } from './log-core.ts';
import { checkFence, isBeingRemoved, isSameRun, queuedEvent } from './session-head.ts';
import type { OpenRun, SessionRecord, Trigger } from './session-record.ts';
import { updateUpstream } from './session-row.ts';
import { write } from './sqlite-statements.ts';
import { metadataJson, storeDraft, type StoredEvent } from './stored-event.ts';

type EventWrites = Pick<EventLog, 'append' | 'patch' | 'remove'> &
  Pick<RunLog, 'openRun' | 'closeRun' | 'receive' | 'grow'>;

/** What becomes of the session besides its new events. */
type Turn = Partial<Pick<SessionRecord, 'openRun' | 'waiting' | 'hadTurn' | 'upstream'>>;

export function createEventWrites(core: LogCore): EventWrites {
  return {
    append: (sessionId, drafts, options) => attempt(() => append(sessionId, drafts, options)),
    openRun: (sessionId, run, drafts = []) => attempt(() => openRun(sessionId, run, drafts)),
    closeRun: (sessionId, run, drafts) => attempt(() => closeRun(sessionId, run, drafts)),
    receive: (sessionId, decide) => attempt(() => receive(sessionId, decide)),
    grow: (sessionId, eventId, change, run) => attempt(() => grow(sessionId, eventId, change, run)),
    patch: (sessionId, eventId, change) => attempt(() => patch(sessionId, eventId, change)),
    remove: (sessionId, from) => attempt(() => remove(sessionId, from)),
  };

  function append(sessionId: string, drafts: readonly EventDraft[], options: AppendOptions = {}) {
    const { run, closesRun = false, answersRun = false, admit, receipt } = options;
    const head = core.session(sessionId);
    const session = head.current;
    if (run) checkFence(session, run);
    if (admit && drafts.length !== 1) throw new TypeError('`admit` decides on exactly one draft.');
    const asks = admit?.(session) === 'trigger';
    const stored = place(head, drafts);
    const turn = {
      openRun: closesRun ? null : answersRun ? answered(session.openRun) : session.openRun,
      waiting: asks ? [...session.waiting, ...stored.map(toTrigger)] : session.waiting,
    };
    const batch = store(head, stored, turn, { ...(receipt && { receipt }), runChanges: closesRun });
    return whenCommitted(batch, eventsOf(stored));
  }

  function openRun(
    sessionId: string,
    { runId, attempt, triggerOffset }: Parameters<RunLog['openRun']>[1],
    drafts: readonly EventDraft[],
  ) {
    const head = core.session(sessionId);
    const { openRun: open, waiting } = head.current;
    const isRetry = open?.runId === runId;
    if (isRetry && attempt < open.attempt) throw new RunClosedError(runId, attempt);
    const turn = {
      openRun: { runId, attempt, triggerOffset, answered: isRetry && open.answered },
      waiting: waiting.filter(({ offset }) => offset > triggerOffset),
      hadTurn: true,
    };
    const stored = place(head, drafts);
    return whenCommitted(store(head, stored, turn, { runChanges: true }), eventsOf(stored));
  }

  function closeRun(
    sessionId: string,
    { runId, attempt }: Parameters<RunLog['closeRun']>[1],
    drafts: readonly EventDraft[],
  ): Promise<void> {
    const head = core.session(sessionId);
    const { openRun: open, waiting } = head.current;
    if (open && isSameRun(open, { runId, attempt: attempt ?? open.attempt })) {
      const batch = store(head, place(head, drafts), { openRun: null }, { runChanges: true });
      return whenCommitted(batch, undefined);
    }
    const others = waiting.filter(({ traceId }) => traceId !== runId);
    if (others.length < waiting.length) {
      return whenCommitted(store(head, place(head, drafts), { waiting: others }), undefined);
    }
    return head.tail ? whenCommitted(head.tail.batch, undefined) : Promise.resolve();
  }

  function receive(sessionId: string, decide: Parameters<RunLog['receive']>[1]) {
    const head = core.session(sessionId);
    const { drafts, upstream, closesRun } = decide(head.current);
    const stored = place(head, drafts);
    const turn = closesRun ? { openRun: null, upstream } : { upstream };
    const batch = store(head, stored, turn, { runChanges: closesRun });
    updateUpstream(batch.operations, head.key, { upstream });
    return whenCommitted(batch, eventsOf(stored));
  }

  /** Gives the drafts their offsets. Throws for ids that are taken. */
  function place(head: OpenHead, drafts: readonly EventDraft[]): StoredEvent[] {
    const { nextOffset } = head.current;
    const placed = drafts.map((draft, index) =>
      storeDraft(draft, { offset: nextOffset + index, utc: core.stamp() }),
    );
    drafts.forEach(({ id, idIsFresh }, index) => {
      if (id === undefined || idIsFresh) return;
      const isTwice = placed.findIndex(({ event }) => event.id === id) !== index;
      if (isTwice || find(head, id)) throw new EventIdTakenError(head.id, id);
    });
    return placed;
  }

  /** Everything is decided: what was placed goes into the batch. */
  function store(
    head: OpenHead,
    stored: readonly StoredEvent[],
    turn: Turn,
    { receipt, runChanges = false }: { receipt?: Receipt; runChanges?: boolean } = {},
  ): Batch {
    const events = eventsOf(stored);
    const session = {
      ...head.current,
      ...turn,
      nextOffset: head.current.nextOffset + events.length,
      lastActivityUtc: events.at(-1)?.creation_utc ?? head.current.lastActivityUtc,
    };
    const result = receipt?.result({ events, session });
    const { batch, news, events: touched } = core.touch(head);
    if (receipt && result) core.receipts.put(batch, receipt, result);
    for (const each of stored) {
      const { id, source, kind, offset, creation_utc, trace_id } = each.event;
      batch.operations.push(write.insertEvent, head.key, offset, id, source, kind, creation_utc, trace_id);
      batch.operations.push(each.data, each.metadata, each.idGiven ? 1 : 0);
      touched.push(each.event);
      news.push({ type: 'event', stored: each });
    }
    if (runChanges) news.push({ type: 'runChanged' });
    head.current = session;
    return batch;
  }

  /** As of everything queued. Deleted ones too. */
  function find(head: OpenHead, eventId: string): StoredEvent | undefined {
    return queuedEvent(head, eventId) ?? core.reader.eventById(head.key, eventId);
  }

  function patch(
    sessionId: string,
    eventId: string,
    { set = {}, unset = [] }: Parameters<EventLog['patch']>[2],
  ) {
    const head = core.session(sessionId);
    const found = find(head, eventId);
    if (!found || found.event.deleted || isBeingRemoved(head, found.event.offset)) {
      throw new EventNotFoundError(sessionId, eventId);
    }
    const metadata = merged(found.event.metadata, { set, unset });
    const stored = {
      event: { ...found.event, metadata },
      data: found.data,
      metadata: metadataJson(metadata),
      idGiven: found.idGiven,
    };
    const touched = core.touch(head);
    touched.batch.operations.push(write.patchEvent, stored.metadata, head.key, stored.event.offset);
    touched.patched ??= new Map();
    touched.patched.set(eventId, stored);
    touched.news.push({ type: 'updated', stored });
    return whenCommitted(touched.batch, stored.event);
  }

  function grow(
    sessionId: string,
    eventId: string,
    { data, metadata }: Parameters<RunLog['grow']>[2],
    run: Parameters<RunLog['grow']>[3],
  ) {
    const head = core.session(sessionId);
    if (run) checkFence(head.current, run);
    const found = find(head, eventId);
    if (!found || found.event.deleted || isBeingRemoved(head, found.event.offset)) {
      throw new EventNotFoundError(sessionId, eventId);
    }
    const event = { ...found.event, data, metadata: metadata ?? found.event.metadata };
    const json = JSON.stringify(data);
    if (json === undefined) throw new TypeError("An event's data must be JSON.");
    const stored = {
      event,
      data: json,
      metadata: metadataJson(event.metadata),
      idGiven: found.idGiven,
    };
    const touched = core.touch(head);
    touched.batch.operations.push(write.growEvent, stored.data, stored.metadata, head.key, event.offset);
    touched.patched ??= new Map();
    touched.patched.set(eventId, stored);
    touched.news.push({ type: 'updated', stored });
    return whenCommitted(touched.batch, event);
  }

  function remove(sessionId: string, first: number): Promise<void> {
    if (!Number.isInteger(first)) throw new TypeError('The offset to remove from is a whole number.');
    const head = core.session(sessionId);
    const session = head.current;
    const from = Math.max(0, first);
    if (from >= session.nextOffset) {
      return head.tail ? whenCommitted(head.tail.batch, undefined) : Promise.resolve();
    }
    const touched = core.touch(head);
    touched.batch.operations.push(write.removeEvents, head.key, from);
    touched.removed.push({ from, to: session.nextOffset });
    touched.news.push({ type: 'removed', from });
    head.current = { ...session, waiting: session.waiting.filter(({ offset }) => offset < from) };
    return whenCommitted(touched.batch, undefined);
  }
}

/** `set` is merged in first, then the keys of `unset` are dropped. */
export function merged(
  metadata: JsonObject,
  { set = {}, unset = [] }: { readonly set?: JsonObject; readonly unset?: readonly string[] },
): JsonObject {
  const dropped = new Set(unset);
  return Object.fromEntries(Object.entries({ ...metadata, ...set }).filter(([key]) => !dropped.has(key)));
}

function eventsOf(stored: readonly StoredEvent[]): readonly SessionEvent[] {
  return stored.map(({ event }) => event);
}

function answered(openRun: OpenRun | null): OpenRun | null {
  return openRun && { ...openRun, answered: true };
}

function toTrigger({ event }: StoredEvent): Trigger {
  return { offset: event.offset, traceId: event.trace_id };
}
