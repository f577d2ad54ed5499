/**
 * A server that speaks Parlant's plugin protocol, with tools and answers of the test's choice: whole, in any pieces, broken off, or never.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json, JsonObject } from '../../src/event-log/event.ts';

/** A call as it came. */
export type PluginCall = {
  readonly agent_id: string;
  readonly session_id: string;
  readonly customer_id: string;
  readonly arguments: JsonObject;
  readonly engine_context_id: null;
};

/** The pieces of an answer, written one by one. Where it throws, the connection is cut. */
export type PluginAnswer = (
  call: PluginCall,
) => AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

export type PluginTool = {
  readonly tool: JsonObject;
  readonly answer: PluginAnswer;
};

export type PluginServerOptions = {
  readonly tools?: Readonly<Record<string, PluginTool>>;
  /** Answers instead of the protocol, where it returns something. */
  readonly instead?: (req: IncomingMessage, res: ServerResponse) => boolean | void;
};

export type PluginServer = AsyncDisposable & {
  readonly url: string;
  /** What was asked, in order. */
  readonly asked: readonly { readonly line: string; readonly headers: IncomingMessage['headers'] }[];
  readonly calls: readonly PluginCall[];
  /** Connections that were ended from the other side in the middle of an answer. */
  readonly left: () => number;
};

/** A tool as a plugin server describes it. */
export function pluginTool(name: string, more: JsonObject = {}): JsonObject {
  return {
    name,
    creation_utc: '2026-01-31T09:30:00.123456Z',
    description: `The tool ${name}`,
    metadata: {},
    parameters: {},
    required: [],
    consequential: false,
    overlap: 2,
    ...more,
  };
}

/** A result as a plugin server writes it. */
export function pluginResult(data: Json, more: JsonObject = {}): string {
  return JSON.stringify({
    result: { data, metadata: {}, control: {}, canned_responses: [], canned_response_fields: {}, ...more },
  });
}

export async function startPluginServer({ tools = {}, instead }: PluginServerOptions): Promise<PluginServer> {
  const asked: { line: string; headers: IncomingMessage['headers'] }[] = [];
  const calls: PluginCall[] = [];
  let left = 0;

  const server = createServer((req, res) => {
    asked.push({ line: `${req.method} ${req.url}`, headers: req.headers });
    res.once('close', () => {
      if (!res.writableEnded) left += 1;
    });
    if (instead?.(req, res)) return;
    handle(req, res).catch(() => res.destroy());
  });

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname } = new URL(req.url ?? '/', 'http://plugin');
    const [, , name, action] = pathname.split('/').map(decodeURIComponent);
    if (name === undefined) return send(res, 200, { tools: Object.values(tools).map(({ tool }) => tool) });
    const found = tools[name];
    if (!found) return send(res, 404, { detail: `Tool: '${name}' does not exists` });
    if (action !== 'calls') return send(res, 200, { tool: found.tool });
    const call = JSON.parse(await readBody(req)) as PluginCall;
    calls.push(call);
    res.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' });
    for await (const piece of found.answer(call)) {
      res.write(piece);
      // So that the next piece is another packet.
      await new Promise((resolve) => setImmediate(resolve));
    }
    res.end();
  }

  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // listening on TCP
    asked,
    calls,
    left: () => left,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(res: ServerResponse, status: number, body: Json): void {
  res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(req: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of req.setEncoding('utf8')) text += String(piece);
  return text;
}
