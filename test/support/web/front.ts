/**
 * What stands between a browser and a server: it serves the page itself, hands everything else on, and can be cut like a cable. Behind it
 * the server may die and come back; the browser keeps its address.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join } from 'node:path';

export type Front = AsyncDisposable & {
  readonly url: string;
  /** Breaks every connection, and takes no new one until `mend`. */
  cut(): void;
  mend(): void;
};

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
};

/** `page`: the folder it was built to. `server`: an address, that of the moment. `policy`: what the page may load; default: everything. */
export async function startFront({
  page,
  server,
  policy,
}: {
  readonly page: string;
  readonly server: () => string;
  readonly policy?: string;
}): Promise<Front> {
  let isCut = false;
  const sockets = new Set<Socket>();
  const front = createServer((req, res) => {
    const file = req.url === '/' ? 'index.html' : req.url?.startsWith('/assets/') && req.url;
    if (policy !== undefined) res.setHeader('content-security-policy', policy);
    if (file) void sendFile(join(page, file), res);
    else handOn(server(), req, res);
  });
  front.on('connection', (socket) => {
    if (isCut) return socket.destroy();
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo; // listening on TCP
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    mend() {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      cut();
      front.close();
      await once(front, 'close');
    },
  };
}

async function sendFile(path: string, res: ServerResponse): Promise<void> {
  const text = await readFile(path).catch(() => undefined);
  res.writeHead(text ? 200 : 404, { 'content-type': types[extname(path)] ?? 'image/svg+xml' }).end(text);
}

/** A connection that breaks on one side is broken on the other. */
function handOn(server: string, req: IncomingMessage, res: ServerResponse): void {
  const { method, headers } = req;
  const asked = request(new URL(req.url ?? '/', server), { method, headers, agent: false });
  asked.on('response', (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    res.flushHeaders();
    answer.pipe(res);
    answer.on('close', () => answer.complete || res.destroy());
  });
  asked.on('error', () => res.destroy());
  res.on('close', () => asked.destroy());
  req.pipe(asked);
}
