/**
 * Server-Sent Events: one sse-channel for the process writes headers, frames and pings; the log does the rest (replay, order, exactly
 * once). A frame is sent to one client only, never to the channel: its own history loses id 0. A slow reader is waited for and
 * then cut; it resumes by `Last-Event-ID`.
 */
import type { Request, Response } from 'express';
import SseChannel, { type SseClient, type SseMessage } from 'sse-channel';
import type { Frame } from '../event-log/frame.ts';
import type { EndReason, Lease } from './leases.ts';
import { notesOf } from './notes.ts';

/** After this long without room for what waits for it, a reader is cut. */
const STALLED_AFTER_MS = 30_000;
/** What clients wait before they come back when the server shuts down. */
const RETRY_MS = 1_000;
/** How much text of one tick is written at once. */
const WRITE_CHARS = 16_384;

const STREAM_HEADERS = { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' };

type Connection = { readonly req: Request; readonly res: Response; readonly lease: Lease };

type Ending = {
  /** Sent when the frames are over. */
  readonly last?: () => Promise<SseMessage>;
  /** The stream ends after so long without a frame. */
  readonly silenceMs?: number;
};

export type StreamOptions = Connection &
  Ending & {
    /** Ends when the lease's signal fires. */
    readonly frames: AsyncIterable<Frame>;
    /** How a frame is sent, undefined where it is not; default: `toSseMessage`. */
    readonly toMessage?: (frame: Frame) => SseMessage | undefined;
  };

/** A stream that is about more than one session's log. */
export type MessageStreamOptions = Connection & {
  /** Ends when the lease's signal fires. */
  readonly messages: AsyncIterable<SseMessage>;
};

type Sending<Item> = Connection &
  Ending & {
    readonly items: AsyncIterable<Item>;
    readonly toMessage: (item: Item) => SseMessage | undefined;
  };

export interface Streams {
  /** Sends the frames; resolves when the stream is over. From here on a failure is no HTTP status any more. */
  serve(options: StreamOptions): Promise<void>;
  /** The same, of messages as they are. */
  serveMessages(options: MessageStreamOptions): Promise<void>;
  /** How many are open. */
  readonly size: number;
  /** Tells every client when to come back, and ends every stream. */
  close(): void;
}

export function createStreams({
  pingMs,
  stalledAfterMs = STALLED_AFTER_MS,
}: {
  readonly pingMs: number;
  readonly stalledAfterMs?: number;
}): Streams {
  // Without `jsonEncode`: frames bring their JSON with them, made once for all followers.
  const channel = new SseChannel({ pingInterval: pingMs });

  return {
    serve: ({ frames, toMessage = toSseMessage, ...options }) =>
      sendAll({ ...options, items: frames, toMessage }),
    serveMessages: ({ messages, ...options }) =>
      sendAll({ ...options, items: messages, toMessage: (message) => message }),
    get size() {
      return channel.getConnectionCount();
    },
    close() {
      channel.retry(RETRY_MS);
      channel.close();
    },
  };

  async function sendAll<Item>({ req, res, lease, items, toMessage, last, silenceMs }: Sending<Item>) {
    notesOf(res).isStream = true;
    const client = toClient(res);
    const to = [client]; // sse-channel takes a list; one for the life of the stream
    channel.addClient(toChannelRequest(req), client);
    const silence =
      silenceMs === undefined ? undefined : setTimeout(lease.end, silenceMs, 'silent' satisfies EndReason);
    try {
      for await (const item of items) {
        const message = toMessage(item);
        if (message === undefined) continue;
        channel.send(message, to);
        silence?.refresh();
        if (res.writableNeedDrain) await drained(res, lease);
      }
      if (last && !lease.signal.aborted) channel.send(await last(), to);
    } finally {
      clearTimeout(silence);
      channel.removeClient(client);
      client.end();
    }
  }

  /** Resolves when the reader has caught up, or the lease is over: at the latest when the reader is cut. */
  function drained(res: Response, { signal, end }: Lease): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const stalled = setTimeout(() => {
        end('stalled');
        res.destroy();
      }, stalledAfterMs).unref();
      res.once('drain', done);
      signal.addEventListener('abort', done, { once: true });
      function done() {
        clearTimeout(stalled);
        res.off('drain', done);
        signal.removeEventListener('abort', done);
        resolve();
      }
    });
  }
}

/** A frame as docs/streaming.md names it: only events have an id, so that `Last-Event-ID` is always the offset of an event. */
export function toSseMessage(frame: Frame): SseMessage | undefined {
  if (frame.type === 'event') return { id: frame.event.offset, event: frame.event.kind, data: frame.json };
  if (frame.type === 'chunk') return { event: 'chunk', data: JSON.stringify(frame.chunk) };
  if (frame.type === 'state') return { event: 'state', data: frame.json };
  if (frame.type === 'updated') return { event: 'updated', data: frame.json };
  if (frame.type === 'removed') return { event: 'removed', data: JSON.stringify({ from: frame.from }) };
  return undefined;
}

/** The same, and how the statecharts of turns move: a dozen frames per turn, for those who ask for them. */
export function withTurns(frame: Frame): SseMessage | undefined {
  return frame.type === 'turn' ? { event: 'turn', data: JSON.stringify(frame.turn) } : toSseMessage(frame);
}

/** A frame as Parlant's server sends it: events only, without a name. The id is ours, and harmless. */
export function toParlantMessage(frame: Frame): SseMessage | undefined {
  return frame.type === 'event' ? { id: frame.event.offset, data: frame.json } : undefined;
}

/** As `toParlantMessage`, and again when the event has changed. */
export function toParlantSnapshot(frame: Frame): SseMessage | undefined {
  return frame.type === 'event' || frame.type === 'updated' ? { data: frame.json } : undefined;
}

/**
 * What sse-channel takes for a response. Its frames of one tick become one write: a turn is a dozen small ones, and every write costs chunk
 * framing and a system call's vector. A long backlog is written in pieces, so that `writableNeedDrain` is heard of in between.
 */
function toClient(res: Response): SseClient {
  let text = '';
  let isOver = false;
  const flush = () => {
    if (text !== '') res.write(text);
    text = '';
  };
  return {
    // Our headers win over its `no-cache`.
    writeHead: (status, headers) => res.writeHead(status, { ...headers, ...STREAM_HEADERS }),
    write(frame) {
      // A shutdown may end the response between a frame and its turn.
      if (isOver) return;
      if (text === '') process.nextTick(flush);
      text += frame;
      if (text.length > WRITE_CHARS) flush();
    },
    end() {
      if (isOver) return;
      isOver = true;
      flush();
      res.end();
    },
    on: () => {},
  };
}

/**
 * The channel would watch the request, and so keep dead clients whose request was read and forget an open POST stream as soon as its body was;
 * it would also look for a `Last-Event-ID` in a history that is not used here.
 */
function toChannelRequest(req: Request) {
  return { url: '', headers: {}, socket: req.socket, on: () => {} };
}
