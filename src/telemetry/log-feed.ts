/**
 * The program's log for those who watch it live: `WebSocket /logs`, in the frames of Parlant's server. What a watcher gets is what the
 * logger writes, so texts of messages only at the level `trace`; nothing is kept, and nothing is made while nobody watches.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DestinationStream } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { acceptHandshake } from './handshakes.ts';

/** A watcher that takes no more than this is told nothing until it has caught up. */
const BACKLOG_BYTES = 1024 * 1024;
/** The WebSocket code for a server, or a right, that goes away. */
const GOING_AWAY = 1001;

const levels = [
  [60, 'CRITICAL'],
  [50, 'ERROR'],
  [40, 'WARNING'],
  [30, 'INFO'],
  [20, 'DEBUG'],
] as const;

/** From the least on. */
export const levelNames: readonly LogLevelName[] = ['TRACE', ...levels.map(([, name]) => name).toReversed()];

/** What a watcher wants to see. */
export type LogFilter = {
  /** From this level on; default: all. */
  readonly level?: LogLevelName;
  /** Only lines of this scope: `Matcher`, `actionable`. */
  readonly scope?: string;
};

export type LogLevelName = (typeof levels)[number][1] | 'TRACE';

export type LogFeed = {
  /** For a logger to write to: hands every line on, and to those who watch. */
  readonly tee: (destination: DestinationStream) => DestinationStream;
  /** Accepts a handshake; the socket ends with the signal. False for a request that is none. */
  readonly handle: (
    request: IncomingMessage,
    response: ServerResponse,
    options: { readonly signal: AbortSignal; readonly filter: LogFilter },
  ) => boolean;
};

export function createLogFeed(): LogFeed {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false });
  const filters = new WeakMap<WebSocket, LogFilter>();
  return {
    tee: (destination) => ({
      write(line) {
        destination.write(line);
        if (sockets.clients.size > 0) tell(toFrame(line));
      },
    }),

    handle: (request, response, { signal, filter }) =>
      acceptHandshake({ request, response }, sockets, (socket) => {
        filters.set(socket, filter);
        endWith(socket, signal);
      }),
  };

  function tell(frame: Frame | undefined): void {
    if (frame === undefined) return;
    const text = JSON.stringify({ level: frame.level, trace_id: frame.traceId, message: frame.message });
    for (const socket of sockets.clients) {
      const isWanted = passes(frame, filters.get(socket) ?? {});
      if (isWanted && socket.bufferedAmount < BACKLOG_BYTES) socket.send(text);
    }
  }
}

function endWith(socket: WebSocket, signal: AbortSignal): void {
  const end = () => {
    socket.close(GOING_AWAY);
    // Who does not say goodbye is not waited for.
    setTimeout(() => socket.terminate(), 100).unref();
  };
  socket.on('error', () => socket.terminate());
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
}

type Frame = {
  readonly level: LogLevelName;
  readonly traceId: string;
  /** `[Matcher][actionable]` */
  readonly scope: string;
  readonly message: string;
};

function passes(frame: Frame, { level = 'TRACE', scope }: LogFilter): boolean {
  const isLoud = levelNames.indexOf(frame.level) >= levelNames.indexOf(level);
  return isLoud && (scope === undefined || frame.scope.includes(`[${scope}]`));
}

/** Undefined for what is no line of ours. */
function toFrame(line: string): Frame | undefined {
  const parsed = parseLine(line);
  if (!parsed) return undefined;
  const { level, time: _, msg, traceId, requestId, turnMs, scope, ...facts } = parsed;
  const place = `${typeof turnMs === 'number' ? `[T+${(turnMs / 1_000).toFixed(3)}s]` : ''}${toText(scope) ?? ''}`;
  const more = Object.keys(facts).length > 0 ? ` ${JSON.stringify(facts)}` : '';
  return {
    level: levels.find(([least]) => Number(level) >= least)?.[1] ?? 'TRACE',
    traceId: toText(traceId) ?? toText(requestId) ?? '',
    scope: toText(scope) ?? '',
    message: `${place} ${toText(msg) ?? ''}${more}`.trimStart(),
  };
}

function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
