/** Real MCP servers over HTTP: one that keeps sessions, as most do, and one of the newer protocol, which has none. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createMcpHandler, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { createMcpTools } from './mcp-tools.ts';

export type McpServerOptions = {
  /** Default `sessions`. */
  readonly protocol?: 'sessions' | 'newer';
  readonly port?: number;
  /** Answers instead of the server, where it returns something. */
  readonly instead?: (req: IncomingMessage, res: ServerResponse) => boolean | void;
};

export type McpTestServer = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  /** Methods and addresses, in order. */
  readonly asked: readonly { readonly line: string; readonly headers: IncomingMessage['headers'] }[];
  /** Calls of the tool that never ends. */
  readonly hanging: () => number;
  /** Those of them that their clients gave up. */
  readonly left: () => number;
  /** Sessions begun. */
  readonly sessions: () => number;
  /** As a restart does. */
  forgetSessions(): void;
  /** Cuts what is open. */
  cut(): void;
};

export async function startMcpServer(options: McpServerOptions = {}): Promise<McpTestServer> {
  const { protocol = 'sessions', port = 0, instead } = options;
  const asked: { line: string; headers: IncomingMessage['headers'] }[] = [];
  const transports = new Map<string, WebStandardStreamableHTTPServerTransport>();
  let hanging = 0;
  let left = 0;
  let sessions = 0;
  const createTools = () => createMcpTools({ onHang: () => (hanging += 1), onLeft: () => (left += 1) });
  const newer = createMcpHandler(createTools);

  const server = createServer((req, res) => {
    asked.push({ line: `${req.method} ${req.url}`, headers: req.headers });
    if (instead?.(req, res)) return;
    answer(req, res).catch(() => res.destroy());
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.url !== '/mcp') return void res.writeHead(404).end();
    const request = await toRequest(req, res);
    const response = await (protocol === 'newer' ? newer.fetch(request) : answerInSession(request));
    res.writeHead(response.status, Object.fromEntries(response.headers));
    if (!response.body) return void res.end();
    Readable.fromWeb(response.body)
      .on('error', () => res.destroy())
      .pipe(res);
  }

  async function answerInSession(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id !== null)
      return (await transports.get(id)?.handleRequest(request)) ?? new Response(null, { status: 404 });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized(sessionId) {
        sessions += 1;
        transports.set(sessionId, transport);
      },
    });
    await createTools().connect(transport);
    return transport.handleRequest(request);
  }

  server.listen({ host: '127.0.0.1', port });
  await once(server, 'listening');
  const address = server.address() as AddressInfo; // listening on TCP
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    asked,
    hanging: () => hanging,
    left: () => left,
    sessions: () => sessions,
    forgetSessions: () => transports.clear(),
    cut: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const transport of transports.values()) await transport.close();
      await newer.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function toRequest(req: IncomingMessage, res: ServerResponse): Promise<Request> {
  const left = new AbortController();
  res.once('close', () => left.abort());
  const pieces: Buffer[] = [];
  for await (const piece of req) pieces.push(piece as Buffer); // without an encoding
  return new Request(`http://${req.headers.host}${req.url}`, {
    method: req.method ?? 'GET',
    headers: new Headers(req.headers as Record<string, string>), // a test sends none twice
    signal: left.signal,
    ...(req.method === 'POST' && { body: Buffer.concat(pieces) }),
  });
}
