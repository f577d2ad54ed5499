/** A small HTTP API with the OpenAPI document that describes it: accounts of a bank. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../src/event-log/event.ts';

export type OpenApiServerOptions = {
  /** Default: `bankDocument`. */
  readonly document?: unknown;
  /** Answers instead of the API, where it returns something. */
  readonly instead?: (req: IncomingMessage, res: ServerResponse) => boolean | void;
};

export type OpenApiServer = AsyncDisposable & {
  readonly url: string;
  /** Where the document is. */
  readonly source: string;
  /** What was asked of the API, in order. */
  readonly asked: readonly {
    readonly line: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: unknown;
  }[];
  document: unknown;
};

/** Every request is answered with what it was: method, address, body. */
export async function startOpenApiServer(options: OpenApiServerOptions = {}): Promise<OpenApiServer> {
  const asked: { line: string; headers: IncomingMessage['headers']; body: unknown }[] = [];
  const server = createServer((req, res) => {
    handle(req, res).catch(() => res.destroy());
  });

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (options.instead?.(req, res)) return;
    if (req.url === '/openapi.json') return send(res, api.document);
    let text = '';
    for await (const piece of req.setEncoding('utf8')) text += String(piece);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const line = `${req.method} ${req.url}`;
    asked.push({ line, headers: req.headers, body });
    send(res, { line, ...(body !== undefined && { body }) });
  }

  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listening on TCP
  const api: OpenApiServer = {
    url,
    source: `${url}/openapi.json`,
    asked,
    document: options.document ?? bankDocument,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return api;
}

function send(res: ServerResponse, body: unknown): void {
  res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

export const bankDocument: JsonObject = {
  openapi: '3.1.0',
  info: { title: 'Bank', version: '1' },
  servers: [{ url: 'https://elsewhere.example' }],
  paths: {
    '/accounts/{account_id}': {
      parameters: [{ $ref: '#/components/parameters/account' }],
      get: {
        operationId: 'read_account',
        summary: 'Read an account',
        parameters: [
          {
            name: 'fields',
            in: 'query',
            schema: { type: 'array', items: { type: 'string', enum: ['owner', 'balance'] } },
          },
          { name: 'tags', in: 'query', explode: false, schema: { type: 'array', items: { type: 'string' } } },
          { name: 'filter', in: 'query', style: 'deepObject', schema: { type: 'object' } },
          { name: 'X-Trace', in: 'header', schema: { type: 'string' } },
        ],
      },
      delete: { description: 'Close an account' },
    },
    '/transfers': {
      post: {
        operationId: 'transfer',
        description: 'Transfer money',
        parameters: [{ name: 'amount', in: 'query', description: 'A hint', schema: { type: 'number' } }],
        requestBody: {
          required: true,
          content: {
            'application/json; charset=utf-8': { schema: { $ref: '#/components/schemas/Transfer' } },
          },
        },
      },
    },
    '/notes': {
      put: {
        operationId: 'note',
        requestBody: {
          required: true,
          description: 'The notes',
          content: { 'application/json': { schema: { type: 'array', items: { type: 'string' } } } },
        },
      },
    },
    '/private': {
      get: {
        operationId: 'private',
        parameters: [{ name: 'session', in: 'cookie', required: true, schema: { type: 'string' } }],
      },
    },
    '/upload': {
      post: {
        operationId: 'upload',
        requestBody: { required: true, content: { 'multipart/form-data': { schema: { type: 'object' } } } },
      },
    },
    'x-extension': { get: { operationId: 'none' } },
  },
  components: {
    parameters: {
      account: {
        name: 'account_id',
        in: 'path',
        required: true,
        description: 'Its number',
        schema: { type: 'string' },
      },
    },
    schemas: {
      Transfer: {
        allOf: [
          { $ref: '#/components/schemas/Payee' },
          {
            type: 'object',
            required: ['amount', 'id'],
            properties: {
              id: { type: 'string', readOnly: true },
              amount: { type: 'number' },
              on: { type: 'string', format: 'date' },
              urgent: { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
              anything: {},
              either: { oneOf: [{ type: 'integer' }, { type: 'string' }] },
            },
          },
        ],
      },
      Payee: {
        type: 'object',
        required: ['to'],
        properties: { to: { type: 'string', title: 'Whom to pay' } },
      },
    },
  },
};
