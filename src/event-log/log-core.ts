/**
 * What the parts of the SQLite log share: the heads on which everything is decided, the queue of commits, the readers' connection
 * and the feed. What happens when a commit is done, or has failed, stands here in one place.
 */
import { LogUnavailableError, SessionNotFoundError } from '../errors.ts';
import { CommitQueue, type Batch } from './commit-queue.ts';
import type { SessionEvent } from './event.ts';
import { LiveFeed, type News } from './live-feed.ts';
import { Heads, type Head, type Touched } from './session-head.ts';
import type { SessionRecord } from './session-record.ts';
import { Receipts } from './receipts.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { createStamps } from './utc.ts';
import type { Writer } from './writer-thread.ts';

export type CoreOptions = {
  readonly file: string;
  readonly writer: Writer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How many idle sessions are remembered. */
  readonly heads: number;
};

/** A head whose session exists, as of everything queued. */
export type OpenHead = Head & { current: SessionRecord };

export class LogCore {
  readonly reader: SqliteReader;
  readonly heads: Heads;
  readonly queue: CommitQueue;
  readonly feed: LiveFeed;
  readonly receipts: Receipts;
  /** The time as the log writes it; no two are equal. */
  readonly stamp: () => string;
  readonly onCommitted = new Listeners<[sessionId: string, events: readonly SessionEvent[]]>();
  readonly onChanged = new Listeners<[before: SessionRecord | undefined, after: SessionRecord | undefined]>();
  readonly onFailed = new Listeners<[sessionIds: readonly string[]]>();
  readonly onFollowers = new Listeners<[sessionId: string, followers: number]>();
  #nextKey: number;
  #isClosed = false;

  constructor({ file, writer, now, heads }: CoreOptions) {
    this.stamp = createStamps(now);
    this.receipts = new Receipts(now);
    this.reader = new SqliteReader(file);
    this.#nextKey = this.reader.nextKey();
    this.heads = new Heads((sessionId) => this.reader.session(sessionId), heads);
    this.feed = new LiveFeed(this.reader, (sessionId, followers) =>
      this.onFollowers.call(sessionId, followers),
    );
    this.queue = new CommitQueue(writer, {
      committed: (batch) => this.#committed(batch),
      failed: (batches) => this.#failed(batches),
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Throws `LogUnavailableError` once the log is closed. */
  checkOpen(): void {
    if (this.#isClosed) throw new LogUnavailableError('it is closed');
  }

  /** Throws `SessionNotFoundError`, or `LogUnavailableError` once the log is closed. */
  session(sessionId: string): OpenHead {
    this.checkOpen();
    const head = this.heads.get(sessionId);
    if (!isOpen(head)) throw new SessionNotFoundError(sessionId);
    return head;
  }

  /** The session's share of the batch being filled. */
  touch(head: Head): Touched {
    return this.queue.batch.touch(head);
  }

  /**
   * How many sessions a customer has, as of everything queued. The file may or may not hold the commit in flight: sessions that
   * are queued are left out of what is counted there.
   */
  sessionsOf(customerId: string): number {
    const queued = new Map<string, boolean>();
    for (const { head, after } of this.queue.touched()) {
      const { id, committed, current } = head;
      if ([committed, after, current].some((session) => session?.customerId === customerId))
        queued.set(id, current?.customerId === customerId);
    }
    const elsewhere = this.reader.countOthers(customerId, [...queued.keys()]);
    return elsewhere + [...queued.values()].filter(Boolean).length;
  }

  /** Numbers are not used again while the process lives. */
  newKey(): number {
    return this.#nextKey++;
  }

  /** Nothing more is taken; what is queued is committed; followers end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.queue.drained();
    this.feed.close();
    this.reader.close();
  }

  #committed(batch: Batch): void {
    const before = this.onChanged.areHeard ? batch.touched.map(({ head }) => head.committed) : undefined;
    for (const touched of batch.touched) {
      const { head, after } = touched;
      head.committed = after;
      if (head.tail === touched) head.tail = undefined;
      else if (head.tail) head.tail.previous = undefined;
      if (!head.current && !head.tail) this.heads.forget(head.id);
    }
    for (const { head, after, news } of batch.touched) this.feed.tell(head.id, after?.nextOffset ?? 0, news);
    for (const { head, events } of batch.touched) {
      if (events.length > 0) this.onCommitted.call(head.id, events);
    }
    before?.forEach((found, index) => {
      const left = batch.touched[index]?.after;
      if (found !== left) this.onChanged.call(found, left);
    });
  }

  /** What was believed of any session may rest on what was lost. Chunks and states are no facts: they are told all the same. */
  #failed(batches: readonly Batch[]): void {
    this.heads.clear();
    const sessionIds = new Set<string>();
    for (const { touched } of batches) {
      for (const { head, news } of touched) {
        sessionIds.add(head.id);
        for (const each of news) {
          if (isUnstored(each)) this.feed.announce(head.id, each);
        }
      }
    }
    this.onFailed.call([...sessionIds]);
  }
}

function isUnstored({ type }: News): boolean {
  return type === 'chunk' || type === 'state' || type === 'turn';
}

function isOpen(head: Head | undefined): head is OpenHead {
  return head?.current !== undefined;
}

/** Functions that are told. One that throws is a bug: it is reported as uncaught, and the others are still told. */
export class Listeners<Told extends readonly unknown[]> {
  readonly #listeners = new Set<(...told: Told) => void>();

  /** Whether anybody listens. */
  get areHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /** Returns the way to stop listening. */
  add(listener: (...told: Told) => void): () => void {
    const own = (...told: Told) => listener(...told);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  call(...told: Told): void {
    for (const listener of this.#listeners) {
      try {
        listener(...told);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
