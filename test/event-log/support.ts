/** Small words for tests of the log: drafts, runs, and followers that can be asked what they saw. */
import type { EventFilter, Log } from '../../src/event-log/event-log.ts';
import type { EventDraft, SessionEvent } from '../../src/event-log/event.ts';
import type { Frame } from '../../src/event-log/frame.ts';

/** A log over an empty store, which can be closed and opened again. */
export type LogUnderTest = AsyncDisposable & {
  readonly log: Log;
  /** Closes the log and opens the same store again. */
  reopen(): Promise<Log>;
};

/** `now`: milliseconds since 1970. */
export type OpenLog = (options?: { readonly now?: () => number }) => Promise<LogUnderTest>;

/** For `expect.poll`: until it is so, however busy the machine. */
export const soon = { timeout: 15_000, interval: 5 };

export function said(text: string, draft: Partial<EventDraft> = {}): EventDraft {
  return { source: 'customer', kind: 'message', trace_id: 'trace', data: { message: text }, ...draft };
}

export function textsOf(events: readonly SessionEvent[]): unknown[] {
  return events.map(({ data }) => (data as { message?: string }).message);
}

export async function createSession(log: Log, id = 'session'): Promise<string> {
  await log.createSession({ id, agentId: 'echo', customerId: 'guest' });
  return id;
}

/** Appends `count` messages, 500 to a commit. */
export async function fill(log: Log, sessionId: string, count: number): Promise<void> {
  for (let done = 0; done < count; done += 500) {
    const drafts = Array.from({ length: Math.min(500, count - done) }, (_, i) => said(`text ${done + i}`));
    await log.append(sessionId, drafts);
  }
}

export type Watcher = {
  readonly frames: Frame[];
  /** Offsets of `event` frames, in the order they came. */
  readonly offsets: () => number[];
  readonly texts: () => string[];
  /** Whether the stream has ended. */
  readonly isOver: () => boolean;
  stop(): Promise<void>;
};

/** Follows from now on and takes every frame as it comes. */
export function watch(
  log: Log,
  sessionId: string,
  options: EventFilter & { readonly after?: number } = {},
): Watcher {
  const end = new AbortController();
  const frames: Frame[] = [];
  let over = false;
  const stream = log.follow(sessionId, { after: -1, ...options, signal: end.signal });
  const done = (async () => {
    for await (const frame of stream) frames.push(frame);
    over = true;
  })();
  return {
    frames,
    offsets: () => frames.flatMap((frame) => (frame.type === 'event' ? [frame.event.offset] : [])),
    texts: () => frames.map(shown),
    isOver: () => over,
    async stop() {
      end.abort('the test is over');
      await done;
    },
  };
}

export type HeldFollower = {
  /** Undefined: the stream has ended. */
  next(): Promise<Frame | undefined>;
  /** As many as it takes until this one. */
  until(isLast: (frame: Frame) => boolean): Promise<Frame[]>;
  stop(): void;
  readonly signal: AbortSignal;
};

/** A follower that takes frames only when told to. */
export function hold(
  log: Log,
  sessionId: string,
  options: EventFilter & { readonly after?: number } = {},
): HeldFollower {
  const end = new AbortController();
  const stream = log.follow(sessionId, { after: -1, ...options, signal: end.signal });
  const frames = stream[Symbol.asyncIterator]();
  return {
    next: async () => {
      const result = await frames.next();
      return result.done ? undefined : result.value;
    },
    async until(isLast: (frame: Frame) => boolean): Promise<Frame[]> {
      const seen: Frame[] = [];
      for (;;) {
        const frame = await this.next();
        if (!frame) return seen;
        seen.push(frame);
        if (isLast(frame)) return seen;
      }
    },
    stop: () => end.abort('the test is over'),
    signal: end.signal,
  };
}

export function isEvent(offset: number): (frame: Frame) => boolean {
  return (frame) => frame.type === 'event' && frame.event.offset === offset;
}

/** A frame in a word. */
export function shown(frame: Frame): string {
  switch (frame.type) {
    case 'event':
      return `${frame.event.offset}`;
    case 'chunk':
      return `${frame.chunk.message_id}[${frame.chunk.index}]${frame.chunk.text}`;
    case 'updated':
      return `updated ${frame.event.offset}`;
    case 'removed':
      return `removed ${frame.from}`;
    case 'turn':
      return `turn ${String(frame.turn.value)}`;
    default:
      return `state ${String(frame.state.value)}`;
  }
}

export function state(value: string) {
  return { value, since: '2026-01-01T00:00:00.000Z', transition: null };
}

/** The statechart of the turn `trace`. */
export function turnState(trace: string, value: string) {
  return { ...state(value), trace_id: trace, machine: 'engine-cycle' };
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
