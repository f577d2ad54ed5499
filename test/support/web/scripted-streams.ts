/** A server that answers each request as the next of a list says, and keeps what it was asked. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (res: ServerResponse) => void;

export type ScriptedStreams = AsyncDisposable & {
  readonly url: string;
  /** The headers of each request. */
  readonly asked: readonly IncomingHttpHeaders[];
};

/** The last answer is given again and again. */
export async function scriptedStreams(...answers: readonly Answer[]): Promise<ScriptedStreams> {
  const asked: IncomingHttpHeaders[] = [];
  const server = createServer((req, res) => {
    asked.push(req.headers);
    answers[Math.min(asked.length, answers.length) - 1]?.(res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP
  return {
    url: `http://127.0.0.1:${port}/`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An event stream that says this and stays open. */
export const stream =
  (...texts: readonly string[]): Answer =>
  (res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(texts.join(''));
  };

/** The same, and then the connection breaks. */
export const brokenStream =
  (...texts: readonly string[]): Answer =>
  (res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(texts.join(''), () => res.destroy());
  };

export const refusal =
  (status: number, body?: object): Answer =>
  (res) => {
    res.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body));
  };

export function frame(id: number, data: string): string {
  return `id: ${id}\ndata: ${data}\n\n`;
}
