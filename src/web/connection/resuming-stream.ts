/**
 * One event stream that comes back by itself: `fetch`, because EventSource can neither set headers nor say why it failed. It ends for good
 * only when the server says so (204, or a 4xx that waiting does not cure); everything else is tried again, behind what was read.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { backoffMs } from './backoff.ts';

export type ConnectionState =
  | { readonly status: 'connecting' | 'open' }
  /** `at`: ms since 1970, when it is tried again. */
  | { readonly status: 'retrying'; readonly at: number }
  /** `code`: of the server's error, where it named one. */
  | { readonly status: 'closed'; readonly code: string };

export type ResumingStreamOptions = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Asked before each attempt; undefined: from the beginning. */
  readonly lastEventId: () => string | undefined;
  /** What came at once, in order. */
  readonly onMessages: (messages: readonly EventSourceMessage[]) => void;
  readonly onState: (state: ConnectionState) => void;
  /** The least silence behind which nobody is believed to be, however often the server pings; default 5 s. */
  readonly leastSilenceMs?: number;
};

export interface ResumingStream {
  /** Tries again now, where it waits: the network is back, or somebody looks. */
  nudge(): void;
  close(): void;
}

/** Statuses that pass: a request that took too long, one too early, one too many. */
const PASSING = new Set([408, 425, 429]);
/** So many pings that do not come mean that nobody is there. */
const MISSED_PINGS = 3;

export function openStream(options: ResumingStreamOptions): ResumingStream {
  const closed = new AbortController();
  let wake = (): void => {};
  let failures = 0;
  /** What the server asks for with `retry:`. */
  let leastMs = 0;
  void run();
  return {
    nudge: () => wake(),
    close: () => closed.abort(),
  };

  async function run(): Promise<void> {
    options.onState({ status: 'connecting' });
    while (!closed.signal.aborted) {
      const code = await readOnce();
      if (closed.signal.aborted) return;
      if (code !== undefined) return options.onState({ status: 'closed', code });
      failures += 1;
      const delayMs = Math.max(leastMs, backoffMs(failures, Math.random()));
      options.onState({ status: 'retrying', at: Date.now() + delayMs });
      await wait(delayMs);
    }
  }

  /** Reads until the stream breaks; answers with a code where it is over for good. */
  async function readOnce(): Promise<string | undefined> {
    const broken = new AbortController();
    const id = options.lastEventId();
    const headers = { ...options.headers, accept: 'text/event-stream' };
    const response = await fetch(options.url, {
      headers: id === undefined ? headers : { ...headers, 'last-event-id': id },
      cache: 'no-store',
      signal: AbortSignal.any([closed.signal, broken.signal]),
    }).catch(() => undefined); // nobody there, or given up
    if (response && isOver(response)) return codeOf(response);
    if (response?.ok && response.body) await readBody(response.body, () => broken.abort());
    return undefined;
  }

  async function readBody(body: ReadableStream<Uint8Array<ArrayBuffer>>, giveUp: () => void): Promise<void> {
    failures = 0;
    options.onState({ status: 'open' });
    const watch = createWatch(giveUp, options.leastSilenceMs ?? 5_000);
    let messages: EventSourceMessage[] = [];
    const parser = createParser({
      onEvent: (message) => messages.push(message),
      onRetry: (ms) => (leastMs = ms),
      onComment: watch.ping,
    });
    for await (const text of textsOf(body)) {
      parser.feed(text);
      watch.heard();
      if (messages.length > 0) options.onMessages(messages);
      messages = [];
    }
    watch.stop();
  }

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      closed.signal.addEventListener('abort', wake, { once: true });
    });
  }
}

/** Ends where the connection does, however it does. */
async function* textsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const over = { done: true, value: undefined } as const;
  for (;;) {
    const { done, value } = await reader.read().catch(() => over);
    if (done) return;
    yield value;
  }
}

function isOver({ status }: Response): boolean {
  return status === 204 || (status >= 400 && status < 500 && !PASSING.has(status));
}

async function codeOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  const hasCode = typeof body === 'object' && body !== null && 'code' in body;
  return hasCode && typeof body.code === 'string' ? body.code : `HTTP_${response.status}`;
}

/** A laptop that slept has connections that nobody will ever close. How often the server pings is learned from its pings. */
function createWatch(giveUp: () => void, leastMs: number) {
  let pingedAt: number | undefined;
  let silenceMs: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    ping: (): void => {
      const now = Date.now();
      if (pingedAt !== undefined)
        silenceMs = Math.min(silenceMs ?? Infinity, MISSED_PINGS * (now - pingedAt));
      pingedAt = now;
    },
    heard: (): void => {
      clearTimeout(timer);
      if (silenceMs !== undefined) timer = setTimeout(giveUp, Math.max(silenceMs, leastMs));
    },
    stop: () => clearTimeout(timer),
  };
}
