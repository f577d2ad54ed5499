/** The three sorts of requests to one server, and how long each may take: commands, those that wait, and streams. */
import { errors } from 'undici';
import { StartError } from '../start-error.ts';
import { version } from '../version.ts';
import { type Connections, openConnections } from './connections.ts';
import {
  type Answer,
  type Broken,
  exchange,
  type Head,
  type Request,
  send,
  toBroken,
  withTimeLimit,
} from './exchange.ts';
import { TookTooLongError } from './failures.ts';

export type RequestOptions = {
  /** Where the server's routes are, with a path prefix if it has one: `http://localhost:8800`. */
  readonly url: string;
  /** Sent with every request, for a proxy that asks for them (`authorization`). */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** For a whole command, its time in the queue included. Default 60 s. */
  readonly commandTimeoutMs?: number;
  /** How long after the wait it asked for an answer may still begin. Default 10 s. */
  readonly graceMs?: number;
  /** For the whole body of an answer. Default 60 s. */
  readonly bodyTimeoutMs?: number;
  /** How many commands are under way at once; others queue. Default 16. */
  readonly commandConnections?: number;
  /** Default 64 MiB: a backlog comes in one answer. */
  readonly maxAnswerBytes?: number;
};

export type Requests = {
  readonly command: (
    request: Pick<Request, 'method' | 'path' | 'signal'> & {
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ) => Promise<Answer | Broken>;
  /** A GET whose answer may come only after `waitSeconds`. */
  readonly wait: (request: WaitingRequest) => Promise<Answer | Broken>;
  /** A GET whose body never ends before `waitSeconds` of silence. `done` gives its connection back. */
  readonly stream: (
    request: WaitingRequest,
  ) => Promise<{ readonly answer: Head | Broken; readonly done: () => void }>;
  /** Connections that wait, and idle ones kept for the next; commands in the queue. */
  readonly counts: Connections['counts'];
  readonly maxAnswerBytes: number;
  readonly close: () => Promise<void>;
};

type WaitingRequest = Pick<Request, 'path' | 'signal'> & { readonly waitSeconds: number };

/** Settings that cannot be an upstream server's. */
export class InvalidUpstreamError extends StartError {}

export function createRequests(options: RequestOptions): Requests {
  const {
    connectTimeoutMs = 10_000,
    commandTimeoutMs = 60_000,
    graceMs = 10_000,
    bodyTimeoutMs = 60_000,
    commandConnections = 16,
    maxAnswerBytes = 64 * 1024 * 1024,
  } = options;
  const { origin, prefix } = parseUpstreamUrl(options.url);
  const connections = openConnections({ origin, commandConnections, connectTimeoutMs, maxAnswerBytes });
  const headers = { ...checkHeaders(options.headers), 'user-agent': `colloquy/${version}` };
  const { isConnectFailure } = connections;

  return {
    async command({ method, path, signal, body, headers: more }) {
      const request = { method, path: prefix + path };
      try {
        return await withTimeLimit({ signal, ms: commandTimeoutMs }, (limited) =>
          exchange({
            ...request,
            dispatcher: connections.commands,
            headers: {
              ...headers,
              ...more,
              ...(body !== undefined && { 'content-type': 'application/json' }),
            },
            ...(body !== undefined && { body: JSON.stringify(body) }),
            signal: limited,
            headTimeoutMs: commandTimeoutMs,
            bodyTimeoutMs,
            isConnectFailure,
          }),
        );
      } catch (cause) {
        signal.throwIfAborted();
        if (cause instanceof TookTooLongError) return toBroken(request, cause, 'head');
        throw cause;
      }
    },

    async wait(request) {
      const { answer, done } = await take(request, exchange);
      done();
      return answer;
    },

    stream: (request) => take(request, send, { accept: 'text/event-stream' }),

    counts: connections.counts,
    maxAnswerBytes,
    close: connections.close,
  };

  /** With a connection of its own; it is back when this throws, else after `done`. */
  async function take<T>(
    { path, signal, waitSeconds }: WaitingRequest,
    perform: (request: Request) => Promise<T | Broken>,
    more?: Readonly<Record<string, string>>,
  ): Promise<{ answer: T | Broken; done: () => void }> {
    signal.throwIfAborted();
    const request = { method: 'GET', path: prefix + path } as const;
    const client = connections.take();
    if (!client) return { answer: toBroken(request, new errors.ClientClosedError(), 'head'), done: () => {} };
    const done = (): void => connections.giveBack(client);
    const waitMs = waitSeconds * 1_000 + graceMs;
    try {
      const answer = await perform({
        ...request,
        dispatcher: client,
        headers: { ...headers, ...more },
        signal,
        headTimeoutMs: waitMs,
        bodyTimeoutMs: more ? waitMs : bodyTimeoutMs,
        isConnectFailure,
      });
      return { answer, done };
    } catch (reason) {
      done();
      throw reason;
    }
  }
}

/** An address of a server, perhaps with a path before its routes; nothing else belongs into it. */
export function parseUpstreamUrl(url: string): { readonly origin: string; readonly prefix: string } {
  if (!URL.canParse(url)) throw new InvalidUpstreamError(`"${url}" is no URL of an upstream server.`);
  const { protocol, username, password, search, hash, origin, pathname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new InvalidUpstreamError(`An upstream URL begins with http:// or https://, not with ${protocol}`);
  if (username || password)
    throw new InvalidUpstreamError(`The upstream URL at ${origin} has a user in it: send headers instead.`);
  if (search || hash)
    throw new InvalidUpstreamError(
      `The upstream URL "${origin}${pathname}" ends with its path, without ? or #.`,
    );
  return { origin, prefix: pathname.replace(/\/+$/, '') };
}

function checkHeaders(headers: RequestOptions['headers'] = {}): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    // Without the value: it may be a secret.
    const names = Object.keys(headers).join(', ');
    throw new InvalidUpstreamError(`A header for the upstream server is none: look at ${names}.`);
  }
}
