/** Clients of event streams: one that reads with `fetch` and shows every frame, and the standard EventSource. */
import { EventSource } from 'eventsource';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

export type ReceivedFrame = {
  /** Name of the frame; `message` where the server gave none. */
  readonly event: string;
  /** Undefined where the frame had none. */
  readonly id: string | undefined;
  readonly data: unknown;
};

export type OpenStream = AsyncDisposable & {
  readonly response: Response;
  /** What came so far. */
  readonly frames: readonly ReceivedFrame[];
  /** The last `retry:` the server sent. */
  readonly retryMs: number | undefined;
  /** Resolves with the frames so far as soon as they satisfy the condition. */
  until(condition: (frames: readonly ReceivedFrame[]) => boolean): Promise<readonly ReceivedFrame[]>;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
};

/** Opens a stream; the answer's head is there when this resolves. */
export async function openStream(
  url: string,
  init: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<OpenStream> {
  const leave = new AbortController();
  const response = await fetch(url, {
    ...init,
    headers: { accept: 'text/event-stream', ...init.headers },
    signal: leave.signal,
  });
  const frames: ReceivedFrame[] = [];
  const waiting = new Set<() => void>();
  let retryMs: number | undefined;
  const parser = createParser({
    onEvent: (message) => {
      frames.push(toFrame(message));
      for (const look of waiting) look();
    },
    onRetry: (ms) => {
      retryMs = ms;
    },
  });
  const ended = read(response, (text) => parser.feed(text));
  ended.catch(() => {});
  return {
    response,
    frames,
    ended,
    get retryMs() {
      return retryMs;
    },
    until(condition) {
      return new Promise((resolve, reject) => {
        const look = () => {
          if (!condition(frames)) return;
          waiting.delete(look);
          resolve(frames);
        };
        waiting.add(look);
        look();
        ended.then(
          () => reject(new Error(`The stream ended with ${frames.map(({ event }) => event).join(' ')}`)),
          reject,
        );
      });
    },
    async [Symbol.asyncDispose]() {
      leave.abort();
      await ended.catch(() => {});
    },
  };
}

async function read(response: Response, feed: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) feed(decoder.decode(bytes, { stream: true }));
}

function toFrame({ event = 'message', id, data }: EventSourceMessage): ReceivedFrame {
  return { event, id, data: JSON.parse(data) };
}

/** Names of the frames that are events of the log. */
export const eventFrames = ['message', 'status', 'tool', 'custom'] as const;

/** The offsets of the event frames, in the order they came. */
export function offsetsOf(frames: readonly ReceivedFrame[]): number[] {
  return frames.filter(({ id }) => id !== undefined).map(({ id }) => Number(id));
}

/** The last event frame is the final `ready` of a turn. */
export function hasFinalReady(frames: readonly ReceivedFrame[]): boolean {
  return frames.some(({ event, data }) => {
    if (event !== 'status') return false;
    const { status, data: inner } = (data as { data: { status: string; data: { stage?: string } } }).data;
    return status === 'ready' && inner.stage === 'completed';
  });
}

/** A standard EventSource that notes the offsets it sees, through every reconnection. */
export function followWithEventSource(url: string): Disposable & {
  readonly source: EventSource;
  readonly offsets: readonly number[];
} {
  const source = new EventSource(url);
  const offsets: number[] = [];
  for (const name of eventFrames)
    source.addEventListener(name, ({ lastEventId }) => offsets.push(Number(lastEventId)));
  return { source, offsets, [Symbol.dispose]: () => source.close() };
}
