/**
 * A small real HTTP server that behaves like a Parlant server as far as sessions and events go, kept in memory. Long polls are held until
 * something is emitted or the test says that their time is over (`expire`), so that an hour of silence takes no time. Every request is
 * recorded; `fail` scripts what goes wrong with the next ones.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { newId, newTraceId } from '../../src/event-log/ids.ts';
import {
  readyOf,
  statusOf,
  toWireEvent,
  turnOf,
  type TurnStyle,
  type WireDraft,
  type WireEvent,
} from './parlant-events.ts';
import { answer, failBefore, type Fault } from './parlant-faults.ts';

export type RequestKind = 'createSession' | 'readSession' | 'post' | 'poll' | 'list' | 'readEvent' | 'other';

/** `poll`: a list that may wait; `list`: one that may not. */
export type RecordedRequest = {
  readonly kind: RequestKind;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly sessionId: string | undefined;
  readonly query: URLSearchParams;
  readonly body: unknown;
};

type WireSession = {
  readonly id: string;
  readonly body: Record<string, unknown>;
  readonly events: WireEvent[];
  /** The turn under way. */
  run: string | undefined;
};

/** The body of a POST, as far as it is looked at. */
export type PostedEvent = {
  readonly kind: string;
  readonly source: string;
  readonly message?: string;
  readonly participant?: unknown;
  readonly data?: unknown;
  readonly metadata?: Record<string, unknown>;
};

type Wait = { readonly session: WireSession; readonly answerNow: () => boolean; readonly expire: () => void };

/** A message that grows in place. */
export type StreamedMessage = {
  readonly event: WireEvent;
  add(chunk: string): void;
  /** The last chunk, null. */
  end(): void;
};

export type ParlantServerOptions = {
  /** Default `staged`. */
  readonly style?: TurnStyle;
  /**
   * What a customer's message brings. Default `echo`: a whole turn whose message is `Echo: <text>`. `none`: the turn is the test's to
   * tell, and a further message interrupts it. Or whatever is emitted by a function.
   */
  readonly reply?: 'echo' | 'none' | ((posted: { sessionId: string; trace: string; text: string }) => void);
  /** Whether a long poll's time runs by itself. Default false. */
  readonly timed?: boolean;
  /** In front of every path. */
  readonly prefix?: string;
};

export async function startParlantServer(options: ParlantServerOptions = {}) {
  const { style = 'staged', reply = 'echo', timed = false, prefix = '' } = options;
  const sessions = new Map<string, WireSession>();
  const requests: RecordedRequest[] = [];
  const faults: { kind: RequestKind; fault: Fault; times: number }[] = [];
  const waits = new Set<Wait>();
  const streams = new Map<string, Set<ServerResponse>>();
  let connections = 0;

  const server = createServer((req, res) => void handle(req, res).catch(() => res.destroy()));
  server.on('connection', () => (connections += 1));
  server.keepAliveTimeout = 5_000;
  await listen(0);
  const { port } = server.address() as AddressInfo; // listening on TCP

  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    port,
    requests,
    /** Ever accepted. */
    get connections() {
      return connections;
    },
    /** Long polls held now. */
    get waiting() {
      return waits.size;
    },
    /** Streams of one event that are open now. */
    get streams() {
      return [...streams.values()].reduce((sum, open) => sum + open.size, 0);
    },
    /** The `min_offset` of every long poll so far, in order. */
    polls: (sessionId?: string): number[] =>
      recorded('poll', sessionId).map(({ query }) => Number(query.get('min_offset'))),
    /** The body of every POST of an event so far, in order. */
    posts: (sessionId?: string): PostedEvent[] =>
      recorded('post', sessionId).map(({ body }) => body as PostedEvent),
    /** Live events of a session, as stored. */
    events: (sessionId: string): WireEvent[] => find(sessionId).events.filter(({ deleted }) => !deleted),
    /** What goes wrong with the next `times` (default 1) requests of that kind, after what was scripted before. */
    fail(kind: RequestKind, fault: Fault, { times = 1 } = {}) {
      faults.push({ kind, fault, times });
    },
    sessionIds: (): string[] => [...sessions.keys()],
    createSession: (body: Record<string, unknown> = {}): string => createSession(body).id,
    /** Deletes the session: its polls and everything after answer 404. */
    removeSession(sessionId: string) {
      const session = find(sessionId);
      sessions.delete(sessionId);
      wake(session);
    },
    emit,
    emitAll,
    /** Tells a whole turn, answering a posted message or (without a trace) of the agent's own accord. */
    tellTurn: (
      sessionId: string,
      turn: Omit<Parameters<typeof turnOf>[1], 'style'> & { readonly trace?: string },
    ): WireEvent[] => emitAll(sessionId, turnOf(turn.trace ?? newTraceId(), { style, ...turn })),
    /** Begins a message that grows in place; a poll hears of it once, with its first chunk. */
    stream(sessionId: string, { trace, first }: { trace: string; first: string }): StreamedMessage {
      const data = {
        message: first,
        chunks: [first] as (string | null)[],
        participant: { id: 'a', display_name: 'A' },
      };
      const event = emit(sessionId, { kind: 'message', trace_id: trace, data });
      return {
        event,
        add(chunk) {
          event.data = { ...data, message: (data.message += chunk), chunks: [...data.chunks, chunk] };
          data.chunks.push(chunk);
          tell(event);
        },
        end() {
          data.chunks.push(null);
          event.data = { ...data, chunks: [...data.chunks] };
          tell(event);
        },
      };
    },
    /** Upstream falls silent: streams of one event end before their message does; or they are cut. */
    endStreams({ cut = false } = {}) {
      for (const res of [...streams.values()].flatMap((open) => [...open]))
        if (cut) res.socket?.resetAndDestroy();
        else res.end();
    },
    /** Soft-deletes every event from that offset on: a gap. */
    removeEvents(sessionId: string, from: number) {
      for (const event of find(sessionId).events) if (event.offset >= from) event.deleted = true;
    },
    /** Time passes: every long poll (of the session) is answered 504. */
    expire(sessionId?: string) {
      for (const wait of waits) if (sessionId === undefined || wait.session.id === sessionId) wait.expire();
    },
    /** The process dies: connections are reset, the port refuses. What is stored stays. */
    stop,
    /** On the same port again. */
    start: () => listen(port),
    [Symbol.asyncDispose]: stop,
  };

  async function listen(onPort: number): Promise<void> {
    server.listen({ host: '127.0.0.1', port: onPort, backlog: 8_192 });
    await once(server, 'listening');
  }

  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  function recorded(kind: RequestKind, sessionId?: string): RecordedRequest[] {
    return requests.filter(
      (request) => request.kind === kind && (sessionId === undefined || request.sessionId === sessionId),
    );
  }

  function find(sessionId: string): WireSession {
    const session = sessions.get(sessionId);
    if (!session) throw new Error(`the upstream has no session ${sessionId}`);
    return session;
  }

  function createSession(body: Record<string, unknown>): WireSession {
    const session: WireSession = { id: newId(), body, events: [], run: undefined };
    sessions.set(session.id, session);
    return session;
  }

  function emit(sessionId: string, draft: WireDraft): WireEvent {
    const [event] = emitAll(sessionId, [draft]);
    return event as WireEvent; // one for one
  }

  /** Stored together: a poll gets them in one answer. */
  function emitAll(sessionId: string, drafts: readonly WireDraft[]): WireEvent[] {
    const session = find(sessionId);
    const events = drafts.map((draft, index) => toWireEvent(draft, session.events.length + index));
    session.events.push(...events);
    const last = drafts.at(-1);
    if (
      last?.trace_id === session.run &&
      JSON.stringify(last?.data) === JSON.stringify(readyOf('', style).data)
    )
      session.run = undefined;
    wake(session);
    return events;
  }

  function wake(session: WireSession): void {
    for (const wait of waits) if (wait.session === session && wait.answerNow()) waits.delete(wait);
  }

  function tell(event: WireEvent): void {
    const isOver = (event.data as { chunks: unknown[] }).chunks.at(-1) === null; // a streamed message's
    for (const res of streams.get(event.id) ?? []) {
      res.write(`data: ${JSON.stringify(event)}\n\n`);
      if (isOver) res.end();
    }
  }

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(req.url ?? '', 'http://upstream');
    const path = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : pathname;
    const [, root, sessionId, events, eventId] = path.split('/').map(decodeURIComponent);
    const kind = toKind(req.method, { root, sessionId, events, eventId }, query);
    const fault = nextFault(kind);
    const isRefused = fault !== undefined && failBefore(fault, req, res);
    const body: unknown = isRefused ? undefined : JSON.parse((await readText(req)) || 'null');
    requests.push({
      kind,
      method: req.method ?? '',
      path: req.url ?? '',
      headers: req.headers,
      sessionId,
      query,
      body,
    });
    if (isRefused) return;

    if (kind === 'createSession') {
      const session = createSession(body as Record<string, unknown>); // an object, by our own client
      return answer(fault, res, 201, { ...session.body, id: session.id, mode: 'auto', labels: [] });
    }
    const session = sessions.get(sessionId ?? '');
    if (kind === 'other' || !session) return answer(fault, res, 404, { detail: 'Session not found' });
    if (kind === 'readSession') return answer(fault, res, 200, { ...session.body, id: session.id });
    if (kind === 'post') return answer(fault, res, 201, post(session, body as PostedEvent));
    if (kind === 'readEvent') return readEvent({ session, eventId, query, res, fault });
    return list({ session, query, res, fault });
  }

  function nextFault(kind: RequestKind): Fault | undefined {
    const index = faults.findIndex((scripted) => scripted.kind === kind);
    const scripted = faults[index];
    if (!scripted) return undefined;
    scripted.times -= 1;
    if (scripted.times === 0) faults.splice(index, 1);
    return scripted.fault;
  }

  /** Stored, then the run: the turn under way is cancelled, a new one begins. */
  function post(session: WireSession, body: PostedEvent): WireEvent {
    const trace = newTraceId();
    const { kind, source, message: text = '', metadata = {} } = body;
    const participant = body.participant ?? { id: 'guest', display_name: 'Guest' };
    const data = kind === 'message' ? { message: text, participant, flagged: false, tags: [] } : body.data;
    const event = toWireEvent({ kind, source, trace_id: trace, data, metadata }, session.events.length);
    session.events.push(event);
    wake(session);
    if (source !== 'customer') return event;
    if (session.run) emitAll(session.id, [statusOf(session.run, 'cancelled'), readyOf(session.run, style)]);
    session.run = trace;
    if (reply === 'echo') emitAll(session.id, turnOf(trace, { style, messages: [`Echo: ${text}`] }));
    else if (reply !== 'none') reply({ sessionId: session.id, trace, text });
    return event;
  }

  function list(request: {
    session: WireSession;
    query: URLSearchParams;
    res: ServerResponse;
    fault: Fault | undefined;
  }): void {
    const { session, query, res, fault } = request;
    const matching = (): WireEvent[] => session.events.filter((event) => isWanted(event, query));
    const waitSeconds = Number(query.get('wait_for_data') ?? 60);
    if (waitSeconds <= 0 || matching().length > 0) return answer(fault, res, 200, matching());
    const timer = timed ? setTimeout(expire, waitSeconds * 1_000) : undefined;
    const wait: Wait = { session, expire, answerNow };
    waits.add(wait);
    res.once('close', over);

    function answerNow(): boolean {
      const isGone = !sessions.has(session.id);
      if (!isGone && matching().length === 0) return false;
      over();
      if (isGone) answer(fault, res, 404, { detail: 'Session not found' });
      else answer(fault, res, 200, matching());
      return true;
    }
    function expire(): void {
      over();
      answer(fault, res, 504, { detail: 'Request timed out' });
    }
    function over(): void {
      clearTimeout(timer);
      waits.delete(wait);
    }
  }

  function readEvent(request: {
    session: WireSession;
    eventId: string | undefined;
    query: URLSearchParams;
    res: ServerResponse;
    fault: Fault | undefined;
  }): void {
    const { session, eventId, query, res, fault } = request;
    const event = session.events.find(({ id }) => id === eventId);
    if (query.get('sse') !== 'true')
      return event
        ? answer(fault, res, 200, event)
        : answer(fault, res, 404, { detail: `Item '${eventId}' not found` });
    res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
    // As there: the head is out already when the event turns out to be missing.
    if (!event || fault?.kind === 'cut') {
      res.flushHeaders();
      res.socket?.end();
      return;
    }
    const open = streams.get(event.id) ?? new Set();
    streams.set(event.id, open.add(res));
    res.once('close', () => open.delete(res));
    res.write(`data: ${JSON.stringify(event)}\n\n`);
    const { chunks } = event.data as { chunks?: unknown[] };
    if (!chunks || chunks.at(-1) === null) res.end();
  }
}

export type ParlantServer = Awaited<ReturnType<typeof startParlantServer>>;

function toKind(
  method: string | undefined,
  {
    root,
    sessionId,
    events,
    eventId,
  }: Record<'root' | 'sessionId' | 'events' | 'eventId', string | undefined>,
  query: URLSearchParams,
): RequestKind {
  if (root !== 'sessions' || (events !== undefined && events !== 'events')) return 'other';
  if (sessionId === undefined) return method === 'POST' ? 'createSession' : 'other';
  if (events === undefined) return method === 'GET' ? 'readSession' : 'other';
  if (eventId !== undefined) return 'readEvent';
  if (method === 'POST') return 'post';
  return Number(query.get('wait_for_data') ?? 60) > 0 ? 'poll' : 'list';
}

function isWanted(event: WireEvent, query: URLSearchParams): boolean {
  const kinds = query.get('kinds')?.split(',');
  return (
    !event.deleted &&
    event.offset >= Number(query.get('min_offset') ?? 0) &&
    (kinds?.includes(event.kind) ?? true) &&
    (query.get('source') ?? event.source) === event.source &&
    (query.get('trace_id') ?? event.trace_id) === event.trace_id
  );
}
