/**
 * Server-Sent Events: one sse-channel for the process writes headers, frames and pings; the log does the rest (replay, order, exactly
 * once). A frame is sent to one client only, never to the channel: its own history loses id 0. A slow reader is waited for and
 * then cut; it resumes by `Last-Event-ID`. What holds a connection open, stream or waiting poll, has a lease and counts as one.
 */
import type { Request, Response } from 'express';
import SseChannel, { type SseClient, type SseMessage } from 'sse-channel';
import { ShuttingDownError } from '../errors.ts';
import type { Frame } from '../event-log/frame.ts';
import type { Caller } from './access.ts';
import { TooManyStreamsError } from './errors.ts';
import { notesOf } from './notes.ts';

/** After this long without taking a byte of what waits for it, a reader is cut. */
const STALLED_AFTER_MS = 30_000;
/** What clients wait before they come back when the server shuts down. */
const RETRY_MS = 1_000;
/** The longest time a timer can wait. */
const TIMER_LIMIT_MS = 2 ** 31 - 1;

const STREAM_HEADERS = { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' };

/** Why a connection that was held open is given up. */
export type EndReason = 'left' | 'stalled' | 'expired' | 'reassigned' | 'silent' | 'timeout' | 'shutdown';

/** One connection held open for a caller, until its response closes. Its signal fires, with an `EndReason`, when it must end. */
export type Lease = {
  readonly signal: AbortSignal;
  readonly end: (reason: EndReason) => void;
};

/** Of whom and for what a connection is held open. */
export type LeaseOptions = { readonly res: Response; readonly caller: Caller; readonly sessionId: string };

export type StreamOptions = {
  readonly req: Request;
  readonly res: Response;
  readonly lease: Lease;
  /** Ends when the lease's signal fires. */
  readonly frames: AsyncIterable<Frame>;
  /** How a frame is sent, undefined where it is not; default: `toSseMessage`. */
  readonly toMessage?: (frame: Frame) => SseMessage | undefined;
  /** Sent when the frames are over. */
  readonly last?: () => Promise<SseMessage>;
  /** The stream ends after so long without a frame. */
  readonly silenceMs?: number;
};

export interface Streams {
  /** Throws `TooManyStreamsError`, or `ShuttingDownError`. */
  hold(options: LeaseOptions): Lease;
  /** Sends the frames; resolves when the stream is over. From here on a failure is no HTTP status any more. */
  serve(options: StreamOptions): Promise<void>;
  /** Ends what other customers than this one hold of the session. */
  reassign(sessionId: string, customerId: string): void;
  /** How many event streams are open. */
  readonly size: number;
  /** Tells every client to come back, ends every stream and every waiting poll. */
  close(): void;
}

export function createStreams(options: {
  readonly pingMs: number;
  readonly streamsPerCustomer: number;
  readonly stalledAfterMs?: number;
}): Streams {
  const { pingMs, streamsPerCustomer, stalledAfterMs = STALLED_AFTER_MS } = options;
  // Without `jsonEncode`: frames bring their JSON with them, made once for all followers.
  const channel = new SseChannel({ pingInterval: pingMs });
  const held = new Map<Lease, LeaseOptions>();
  const perCustomer = new Map<string, number>();
  let closed = false;

  return {
    serve,
    hold,
    reassign,
    close,
    get size() {
      return channel.getConnectionCount();
    },
  };

  function hold(of: LeaseOptions): Lease {
    if (closed) throw new ShuttingDownError();
    const giveBack = take(of.caller);
    const controller = new AbortController();
    const expiry = timerUntil(of.caller, () => controller.abort('expired' satisfies EndReason));
    const lease: Lease = { signal: controller.signal, end: (reason) => controller.abort(reason) };
    held.set(lease, of);
    // `res`, not `req`: a request that was read says no more that its client left.
    of.res.once('close', () => {
      clearTimeout(expiry);
      held.delete(lease);
      giveBack();
      lease.end('left');
    });
    return lease;
  }

  /** Counts one more for a customer; returns the way to count it off. */
  function take(caller: Caller): () => void {
    if (caller.role !== 'customer') return () => {};
    const { customerId } = caller;
    const open = perCustomer.get(customerId) ?? 0;
    if (open >= streamsPerCustomer) throw new TooManyStreamsError(streamsPerCustomer);
    perCustomer.set(customerId, open + 1);
    return () => {
      const left = (perCustomer.get(customerId) ?? 1) - 1;
      if (left > 0) perCustomer.set(customerId, left);
      else perCustomer.delete(customerId);
    };
  }

  async function serve({
    req,
    res,
    lease,
    frames,
    toMessage = toSseMessage,
    last,
    silenceMs,
  }: StreamOptions) {
    notesOf(res).isStream = true;
    const client = toClient(res);
    channel.addClient(toChannelRequest(req), client);
    const to = [client]; // sse-channel takes a list; one for the life of the stream
    const silence =
      silenceMs === undefined ? undefined : setTimeout(lease.end, silenceMs, 'silent' satisfies EndReason);
    try {
      for await (const frame of frames) {
        const message = toMessage(frame);
        if (message === undefined) continue;
        channel.send(message, to);
        silence?.refresh();
        if (res.writableNeedDrain) await drained(res, lease);
      }
      if (last && !lease.signal.aborted) channel.send(await last(), to);
    } finally {
      clearTimeout(silence);
      channel.removeClient(client);
      res.end();
    }
  }

  /** Resolves when the reader has caught up, or the lease is over: at the latest when the reader is cut. */
  function drained(res: Response, { signal, end }: Lease): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const stalled = setTimeout(() => {
        end('stalled');
        res.destroy();
      }, stalledAfterMs);
      stalled.unref();
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

  function reassign(sessionId: string, customerId: string) {
    for (const [lease, of] of held) {
      if (
        of.sessionId === sessionId &&
        of.caller.role === 'customer' &&
        of.caller.customerId !== customerId
      ) {
        lease.end('reassigned');
      }
    }
  }

  function close() {
    closed = true;
    channel.retry(RETRY_MS);
    for (const lease of held.keys()) lease.end('shutdown');
    channel.close();
  }
}

/** A frame as DESIGN names it: only events have an id, so that `Last-Event-ID` is always the offset of an event. */
export function toSseMessage(frame: Frame): SseMessage {
  if (frame.type === 'event') return { id: frame.event.offset, event: frame.event.kind, data: frame.json };
  if (frame.type === 'chunk') return { event: 'chunk', data: JSON.stringify(frame.chunk) };
  if (frame.type === 'state') return { event: 'state', data: JSON.stringify(frame.state) };
  if (frame.type === 'updated') return { event: 'updated', data: frame.json };
  return { event: 'removed', data: JSON.stringify({ from: frame.from }) };
}

/** A frame as Parlant's server sends it: events only, without a name. The id is ours, and harmless. */
export function toParlantMessage(frame: Frame): SseMessage | undefined {
  return frame.type === 'event' ? { id: frame.event.offset, data: frame.json } : undefined;
}

/** Our headers win over sse-channel's `no-cache`. */
function toClient(res: Response): SseClient {
  return {
    writeHead: (status, headers) => res.writeHead(status, { ...headers, ...STREAM_HEADERS }),
    write: (text) => res.write(text),
    end: () => res.end(),
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

/** Ends what a token opened when the token ends. */
function timerUntil(caller: Caller, end: () => void): NodeJS.Timeout | undefined {
  if (caller.role === 'anybody' || caller.expiresAt === undefined) return undefined;
  return setTimeout(end, Math.min(caller.expiresAt - Date.now(), TIMER_LIMIT_MS)).unref();
}
