/**
 * One follower's place in a session: replay and live in one cursor. While it keeps up, frames are handed to it as they come.
 * When it does not, nothing more is queued: what it misses is noted in a few words, and read from disk once it has taken what
 * it has. Written by hand rather than as a generator because every frame of every stream passes here.
 *
 * The rule: an event is passed on only if its offset is the one after `#cursor`; anything else is read from disk.
 */
import type { SessionEvent } from './event.ts';
import type { EventFilter } from './event-log.ts';
import type { Chunk, Frame } from './frame.ts';
import { frameOf, type StoredEvent } from './stored-event.ts';

/** What a follower needs of the session it follows. */
export type Followed = {
  /** Every event below this offset was told; none of the others may be read yet. */
  next: number;
  readonly page: (query: PageQuery) => Page;
  /** Undefined if it is deleted. */
  readonly event: (offset: number) => StoredEvent | undefined;
  /** Text being made, one chunk with index 0 per message. */
  readonly text: () => readonly Chunk[];
};

/** Not deleted events with `from <= offset < to`. */
export type PageQuery = {
  readonly from: number;
  readonly to: number;
  readonly filter: EventFilter;
  readonly limit: number;
};

/** `rest`: where the next page begins (or, backwards, ends); undefined if there is none. */
export type Page = { readonly events: readonly StoredEvent[]; readonly rest: number | undefined };

/** What may wait for a slow reader: 256 frames or 256 K characters, but always one. */
const queueFrames = 256;
const queueChars = 256 * 1024;
const pageEvents = 128;
/** Updates noted one by one for a follower that is behind. */
const notedUpdates = 256;

const over: IteratorReturnResult<undefined> = { done: true, value: undefined };

export class Follower implements AsyncIterableIterator<Frame> {
  readonly #followed: Followed;
  readonly #filter: EventFilter;
  readonly #signal: AbortSignal;
  readonly #leave: () => void;
  readonly #filtered: boolean;
  /** Whether chunk, state and turn frames are for it. */
  readonly #hearsNews: boolean;

  /** Events up to here were queued, or are not wanted. */
  #cursor: number;
  /** Whether frames are taken as they come. */
  #live = false;
  #queue: Frame[] = [];
  #taken = 0;
  #chars = 0;
  #waiter: PromiseWithResolvers<IteratorResult<Frame, undefined>> | undefined;
  #ended = false;
  /** Whether a page was read and more are to come. */
  #isCatchingUp = false;
  #isReadPlanned = false;

  /** Noted while behind: */
  #state: Frame | undefined;
  #turn: Frame | undefined;
  #removedFrom = Infinity;
  #updated = new Set<number>();
  #updatedRange: { from: number; readonly to: number } | undefined;

  constructor(
    followed: Followed,
    options: EventFilter & { readonly after: number; readonly signal: AbortSignal },
    leave: () => void,
  ) {
    const { after, signal, kinds, source, traceId } = options;
    this.#followed = followed;
    this.#filter = {
      ...(kinds && { kinds }),
      ...(source && { source }),
      ...(traceId !== undefined && { traceId }),
    };
    this.#filtered = Object.keys(this.#filter).length > 0;
    this.#hearsNews = !kinds && !source;
    this.#cursor = after;
    this.#leave = leave;
    this.#signal = signal;
    if (signal.aborted) this.#ended = true;
    else signal.addEventListener('abort', this);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Frame, undefined>> {
    if (this.#waiter) return this.#waiter.promise.then(() => this.next());
    if (this.#taken < this.#queue.length) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#ended) return Promise.resolve(over);
    this.#waiter = Promise.withResolvers();
    const { promise } = this.#waiter;
    // The first page at once; between pages the event loop has its turn, however eager the reader is.
    if (!this.#live && this.#isCatchingUp) this.#readLater();
    else if (!this.#live) this.#read();
    return promise;
  }

  return(): Promise<IteratorResult<Frame, undefined>> {
    this.#stop();
    return Promise.resolve(over);
  }

  /** Of the signal. */
  handleEvent(): void {
    this.#stop();
  }

  /** Ends after what is queued already, and after `last`. */
  end(last?: Frame): void {
    this.#settle();
    if (last) this.#put(last);
    else if (this.#queue.length === 0) this.#finishWaiter();
  }

  /** The frame is shared with the other followers. Chunks and states it cannot take now are lost, events are not. */
  tell(frame: Frame): void {
    switch (frame.type) {
      case 'event':
        return this.#tellEvent(frame);
      case 'chunk':
        if (this.#hearsNews && this.#isOf(frame.chunk) && this.#hasRoom()) this.#put(frame);
        return;
      case 'state':
        if (!this.#hearsNews) return;
        if (this.#hasRoom()) this.#put(frame);
        else this.#state = frame;
        return;
      case 'turn':
        if (!this.#hearsNews || !this.#isOf(frame.turn)) return;
        if (this.#hasRoom()) this.#put(frame);
        else this.#turn = frame;
        return;
      case 'updated':
        if (frame.event.offset > this.#cursor || !this.#wants(frame.event)) return;
        if (this.#hasRoom()) this.#put(frame);
        else this.#noteUpdate(frame.event.offset);
        return;
      case 'removed':
        if (frame.from > this.#cursor) return;
        if (this.#hasRoom()) this.#put(frame);
        else this.#removedFrom = Math.min(this.#removedFrom, frame.from);
    }
  }

  #tellEvent(frame: Extract<Frame, { type: 'event' }>): void {
    const { offset } = frame.event;
    if (!this.#live || offset <= this.#cursor) return;
    if (offset > this.#cursor + 1) this.#fallBehind();
    else if (!this.#wants(frame.event)) this.#cursor = offset;
    else if (this.#hasRoom()) {
      this.#cursor = offset;
      this.#put(frame);
    }
  }

  /** Of the turn that it wants to hear of, or it wants to hear of all. */
  #isOf({ trace_id }: { readonly trace_id: string }): boolean {
    return (this.#filter.traceId ?? trace_id) === trace_id;
  }

  #wants(event: SessionEvent): boolean {
    if (!this.#filtered) return true;
    const { kinds, source, traceId } = this.#filter;
    return (
      (!kinds || kinds.includes(event.kind)) &&
      (!source || source === event.source) &&
      (traceId === undefined || traceId === event.trace_id)
    );
  }

  /** If it keeps up; without room it falls behind. */
  #hasRoom(): boolean {
    if (!this.#live) return false;
    const queued = this.#queue.length - this.#taken;
    if (queued === 0 || (queued < queueFrames && this.#chars < queueChars)) return true;
    this.#fallBehind();
    return false;
  }

  #fallBehind(): void {
    this.#live = false;
    if (this.#waiter) this.#readLater();
  }

  #put(frame: Frame): void {
    const waiter = this.#waiter;
    if (waiter) {
      this.#waiter = undefined;
      waiter.resolve({ done: false, value: frame });
    } else {
      this.#queue.push(frame);
      this.#chars += charsOf(frame);
    }
  }

  #take(): Frame {
    // `next` has seen that there is one.
    const frame = this.#queue[this.#taken++] as Frame;
    this.#chars -= charsOf(frame);
    // One who is always a little late must not keep what it has taken.
    if (this.#taken === this.#queue.length || this.#taken >= queueFrames) {
      this.#queue = this.#queue.slice(this.#taken);
      this.#taken = 0;
    }
    return frame;
  }

  #noteUpdate(offset: number): void {
    this.#updated.add(offset);
    if (this.#updated.size <= notedUpdates) return;
    const from = Math.min(...this.#updated, this.#updatedRange?.from ?? Infinity);
    this.#updatedRange = { from, to: this.#cursor + 1 };
    this.#updated.clear();
  }

  #readLater(): void {
    if (this.#isReadPlanned) return;
    this.#isReadPlanned = true;
    setImmediate(() => {
      this.#isReadPlanned = false;
      if (!this.#ended && !this.#live) this.#read();
    });
  }

  /** One page. Only called while somebody waits and nothing is queued. */
  #read(): void {
    if (this.#isReadPlanned) return;
    try {
      this.#catchUp();
    } catch (error) {
      this.#settle();
      this.#waiter?.reject(error);
      this.#waiter = undefined;
      return;
    }
    if (this.#waiter && !this.#live) this.#readLater();
  }

  #catchUp(): void {
    this.#isCatchingUp = true;
    this.#tellRemoved();
    this.#tellUpdated();
    // What changed in the old comes before the new, and each is a page at most.
    if (this.#updatedRange) return;
    const { next } = this.#followed;
    const { events, rest } = this.#readPage(this.#cursor + 1, next);
    for (const stored of events) this.#put(frameOf('event', stored));
    this.#cursor = rest === undefined ? Math.max(this.#cursor, next - 1) : rest - 1;
    if (rest === undefined) this.#goLive();
  }

  #readPage(from: number, to: number): Page {
    return this.#followed.page({ from, to, filter: this.#filter, limit: pageEvents });
  }

  #tellRemoved(): void {
    if (this.#removedFrom <= this.#cursor) this.#put({ type: 'removed', from: this.#removedFrom });
    this.#removedFrom = Infinity;
  }

  /** Deleted events are not found any more: their removal was told. */
  #tellUpdated(): void {
    for (const offset of this.#updated) {
      const stored = this.#followed.event(offset);
      if (stored) this.#put(frameOf('updated', stored));
    }
    this.#updated.clear();
    const range = this.#updatedRange;
    if (!range) return;
    const { events, rest } = this.#readPage(range.from, range.to);
    for (const stored of events) this.#put(frameOf('updated', stored));
    this.#updatedRange = rest === undefined ? undefined : { from: rest, to: range.to };
  }

  #goLive(): void {
    this.#live = true;
    this.#isCatchingUp = false;
    for (const missed of [this.#state, this.#turn]) if (missed) this.#put(missed);
    this.#state = undefined;
    this.#turn = undefined;
    if (!this.#hearsNews) return;
    for (const chunk of this.#followed.text()) if (this.#isOf(chunk)) this.#put({ type: 'chunk', chunk });
  }

  /** At once, whatever is queued. */
  #stop(): void {
    this.#settle();
    this.#queue = [];
    this.#taken = 0;
    this.#finishWaiter();
  }

  #settle(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#live = false;
    this.#signal.removeEventListener('abort', this);
    this.#leave();
  }

  #finishWaiter(): void {
    this.#waiter?.resolve(over);
    this.#waiter = undefined;
  }
}

/** About as many as it keeps in memory. */
function charsOf(frame: Frame): number {
  switch (frame.type) {
    case 'event':
    case 'updated':
      return frame.json.length;
    case 'chunk':
      return frame.chunk.text.length + 128;
    default:
      return 512;
  }
}
