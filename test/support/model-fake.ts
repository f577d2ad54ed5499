/** A language model's HTTP server that says what a test tells it to, with every way to fail that a real one has. On 127.0.0.1 only. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';

export type ModelReply =
  /** `ends`: why it stopped; default: it was done. */
  | { readonly kind: 'text'; readonly text: string; readonly ends?: 'stop' | 'length' | 'refusal' }
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly message?: string;
      readonly code?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection ends before anything was said. */
  | { readonly kind: 'reset' }
  /** The connection ends behind this text. */
  | { readonly kind: 'cut'; readonly text: string }
  /** The response is over behind this text, as if it were whole. */
  | { readonly kind: 'unfinished'; readonly text: string }
  /** Nothing is said, and nothing ends. */
  | { readonly kind: 'silence' }
  /** Whatever a proxy may say. */
  | { readonly kind: 'body'; readonly body: string };

export type ModelRequest = {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
};

export type ModelFake = AsyncDisposable & {
  readonly url: string;
  /** What was asked, in order. */
  readonly requests: readonly ModelRequest[];
  /** What is replied from now on, one after the other; the last one stays. */
  reply(...replies: readonly (ModelReply | ((request: ModelRequest) => ModelReply))[]): void;
};

/** How one vendor says it. */
export type Wire = {
  readonly isStream: (request: ModelRequest) => boolean;
  readonly whole: (reply: Extract<ModelReply, { kind: 'text' }>, request: ModelRequest) => unknown;
  /** Frames of the stream, as JSON or as text; those behind the text come when it ended well. */
  readonly stream: (
    text: string,
    ends: 'stop' | 'length' | 'refusal',
  ) => { readonly text: readonly Frame[]; readonly end: readonly Frame[] };
  readonly error: (reply: Extract<ModelReply, { kind: 'error' }>) => unknown;
  /** What is always answered the same way: embeddings, moderation. */
  readonly other?: (request: ModelRequest) => unknown;
};

export type Frame = { readonly event?: string; readonly data: unknown };

export async function startModelFake(wire: Wire): Promise<ModelFake> {
  const requests: ModelRequest[] = [];
  let replies: readonly (ModelReply | ((request: ModelRequest) => ModelReply))[] = [];

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => res.destroy(error as Error)); // only a test can be wrong here
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = JSON.parse((await readText(req)) || '{}') as ModelRequest['body']; // a client's request
    const request = { path: req.url ?? '', headers: req.headers, body };
    requests.push(request);
    const other = wire.other?.(request);
    const [next, ...rest] = replies;
    if (rest.length > 0) replies = rest;
    const reply = typeof next === 'function' ? next(request) : (next ?? { kind: 'text', text: '' });
    if (other === undefined || reply.kind !== 'text') send(reply, request, res);
    else sendJson(res, other);
  }

  function send(reply: ModelReply, request: ModelRequest, res: ServerResponse): void {
    if (reply.kind === 'silence') return;
    if (reply.kind === 'reset') return void res.destroy();
    if (reply.kind === 'body') return sendJson(res, reply.body);
    if (reply.kind === 'error') return sendJson(res, wire.error(reply), reply);
    if (wire.isStream(request)) return sendStream(reply, res);
    if (reply.kind === 'text') return sendJson(res, wire.whole(reply, request));
    const whole = JSON.stringify(wire.whole({ ...reply, kind: 'text' }, request));
    res.writeHead(200, {
      'content-type': 'application/json',
      ...(reply.kind === 'cut' && { 'content-length': whole.length }),
    });
    res.write(whole.slice(0, -10), () => (reply.kind === 'cut' ? res.destroy() : res.end()));
  }

  function sendStream(reply: Extract<ModelReply, { readonly text: string }>, res: ServerResponse): void {
    const frames = wire.stream(reply.text, reply.kind === 'text' ? (reply.ends ?? 'stop') : 'stop');
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    const text = frames.text.map(toFrame).join('');
    if (reply.kind === 'text') res.end(text + frames.end.map(toFrame).join(''));
    else if (reply.kind === 'unfinished') res.end(text);
    else res.write(text, () => setImmediate(() => res.destroy()));
  }

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    reply: (...given) => void (replies = given),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

function sendJson(
  res: ServerResponse,
  body: unknown,
  {
    status = 200,
    headers = {},
  }: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers });
  res.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function toFrame({ event, data }: Frame): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event ? `event: ${event}\n` : ''}data: ${text}\n\n`;
}
