/**
 * A session in the memory of the log: its record as of everything *queued*, on which fences and offsets are decided at once, so
 * that calls take effect in call order; and what is queued for it, for those who must see it before the file does.
 */
import { RunClosedError } from '../errors.ts';
import type { Batch } from './commit-queue.ts';
import type { SessionEvent } from './event.ts';
import type { News } from './live-feed.ts';
import type { SessionRow } from './session-row.ts';
import type { Run, SessionRecord } from './session-record.ts';
import type { StoredEvent } from './stored-event.ts';

export type Head = {
  readonly id: string;
  /** Its number in the file. */
  key: number;
  /** As of everything queued; undefined: there is no such session. */
  current: SessionRecord | undefined;
  /** As on disk. */
  committed: SessionRecord | undefined;
  /** What is queued for it last, not yet committed. */
  tail: Touched | undefined;
};

/** What one batch does to one session. */
export type Touched = {
  readonly batch: Batch;
  readonly head: Head;
  before: SessionRecord | undefined;
  /** Known when the batch is sealed. */
  after: SessionRecord | undefined;
  /** Whether more than the progress of the conversation changes. */
  settings: boolean;
  readonly events: SessionEvent[];
  /** What followers will hear, in order. */
  readonly news: News[];
  /** Ranges of offsets that are soft-deleted. */
  readonly removed: { readonly from: number; readonly to: number }[];
  patched: Map<string, StoredEvent> | undefined;
  /** The share of the batch in flight, if this one is behind it. */
  previous: Touched | undefined;
};

/** Throws `RunClosedError` unless exactly this attempt of this run is open. */
export function checkFence({ openRun }: SessionRecord, run: Run): void {
  if (!isSameRun(openRun, run)) throw new RunClosedError(run.runId, run.attempt);
}

export function isSameRun(openRun: Run | null, run: Run): boolean {
  return openRun !== null && openRun.runId === run.runId && openRun.attempt === run.attempt;
}

/** The event as of everything queued, if some of it is about this event. */
export function queuedEvent(head: Head, eventId: string): StoredEvent | undefined {
  for (let touched = head.tail; touched; touched = touched.previous) {
    const patched = touched.patched?.get(eventId);
    if (patched) return patched;
    const news = touched.news.find((each) => each.type === 'event' && each.stored.event.id === eventId);
    if (news?.type === 'event') return news.stored;
  }
  return undefined;
}

/** Whether what is queued removes the event of this offset. */
export function isBeingRemoved(head: Head, offset: number): boolean {
  for (let touched = head.tail; touched; touched = touched.previous) {
    if (touched.removed.some(({ from, to }) => from <= offset && offset < to)) return true;
  }
  return false;
}

/** The heads of the sessions in use. Those with nothing queued are forgotten, oldest first, when there are too many. */
export class Heads {
  readonly #heads = new Map<string, Head>();
  readonly #read: (sessionId: string) => SessionRow | undefined;
  readonly #limit: number;

  constructor(read: (sessionId: string) => SessionRow | undefined, limit: number) {
    this.#read = read;
    this.#limit = limit;
  }

  /** Read from disk if it is not in memory, in which case nothing is queued for it. */
  get(sessionId: string): Head | undefined {
    const known = this.#heads.get(sessionId);
    if (known) {
      this.#heads.delete(sessionId);
      this.#heads.set(sessionId, known);
      return known;
    }
    const row = this.#read(sessionId);
    return row && this.#keep(sessionId, row.key, row.record);
  }

  /** Only from memory. */
  peek(sessionId: string): Head | undefined {
    return this.#heads.get(sessionId);
  }

  /** For a session about to be made. */
  create(sessionId: string, key: number): Head {
    return this.#keep(sessionId, key, undefined);
  }

  forget(sessionId: string): void {
    this.#heads.delete(sessionId);
  }

  clear(): void {
    this.#heads.clear();
  }

  #keep(id: string, key: number, record: SessionRecord | undefined): Head {
    const head: Head = { id, key, current: record, committed: record, tail: undefined };
    this.#heads.set(id, head);
    if (this.#heads.size > this.#limit) this.#evict(head);
    return head;
  }

  /** Looks at a few only: a crowd with something queued must not make every call walk it. */
  #evict(except: Head): void {
    let looks = 8;
    for (const head of this.#heads.values()) {
      this.#heads.delete(head.id);
      if (head.tail || head === except) this.#heads.set(head.id, head);
      if (this.#heads.size <= this.#limit || --looks === 0) return;
    }
  }
}
