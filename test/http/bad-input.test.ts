import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';

type Request = {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
};

/** `SESSION` in a path stands for a session that exists. */
async function ask(server: TestServer, id: string, { method = 'GET', path, body, headers }: Request) {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(server.url + path.replace('SESSION', id), {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type') ?? '', text };
}

/** How a request is refused, and whether it left everything as it was. */
async function refusalOf(request: Request) {
  await using server = await startServer({ settings: { maxMessageChars: 100, maxBodyKb: 4 } });
  const id = await server.session('guest', { title: 'as it was' });
  const look = async () => JSON.stringify([await server.sessions.list({}), await server.log.read(id)]);
  const before = await look();
  const { status, type, text } = await ask(server, id, request);
  return {
    status,
    code: JSON.parse(text).code,
    text,
    isJson: /^application\/(problem\+)?json/.test(type),
    hasStack: /\bat .*(\.ts|\.js|node:)/.test(text),
    stored: (await look()) === before ? 'nothing' : 'something',
  };
}

const refusal = (status: number, code: string, field = '') => ({
  status,
  code,
  text: expect.stringContaining(field),
  isJson: true,
  hasStack: false,
  stored: 'nothing',
});

const invalid = refusal(422, 'INVALID_REQUEST');
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const withBody = [
  { method: 'POST', path: '/api/chat' },
  { method: 'POST', path: '/sessions' },
  { method: 'PATCH', path: '/sessions/SESSION' },
  { method: 'POST', path: '/sessions/SESSION/events' },
  { method: 'POST', path: '/sessions/SESSION/cancel' },
];

describe('the length of a message', () => {
  it('is counted in Unicode characters on every way in, at the edge and beyond', async () => {
    await using server = await startServer({ settings: { maxMessageChars: 3 } });
    const id = await server.session('ann');
    const smiles = (count: number) => String.fromCodePoint(0x1f600).repeat(count);
    const chat = (message: string) => server.http('ann').post('/api/chat').send({ message });
    const post = (message: string) =>
      server
        .http('ann')
        .post(`/sessions/${id}/events`)
        .send({ kind: 'message', source: 'customer', message });
    await chat(smiles(3)).expect(200);
    await post(smiles(3)).expect(201);
    expect((await chat(smiles(4)).expect(422)).body.code).toBe('INVALID_REQUEST');
    expect((await post(smiles(4)).expect(422)).body.code).toBe('INVALID_REQUEST');
  });
});

describe.each(withBody)('$method $path', (route) => {
  it.each([
    ['no JSON', '{"a":', refusal(400, 'INVALID_JSON')],
    ['a word', 'hello', refusal(400, 'INVALID_JSON')],
    ['a list', '[]', invalid],
    ['a string', '"text"', invalid],
    ['a number', '7', invalid],
    ['null', 'null', invalid],
    ['more than the limit', JSON.stringify({ message: 'x'.repeat(5000) }), refusal(413, 'BODY_TOO_LARGE')],
  ])('refuses %s', async (_name, body, expected) => {
    expect(await refusalOf({ ...route, body })).toEqual(expected);
  });

  it.each([
    ['text/plain', refusal(415, 'UNSUPPORTED_MEDIA_TYPE')],
    ['application/x-www-form-urlencoded', refusal(415, 'UNSUPPORTED_MEDIA_TYPE')],
    ['application/json; charset=koi8-r', refusal(415, 'UNSUPPORTED_MEDIA_TYPE')],
    ['multipart/form-data; boundary=x', refusal(415, 'UNSUPPORTED_MEDIA_TYPE')],
  ])('refuses %s', async (type, expected) => {
    expect(await refusalOf({ ...route, body: '{}', headers: { 'content-type': type } })).toEqual(expected);
  });

  it('refuses a compression it does not know, one that is broken, and one that is a bomb', async () => {
    const compressed = (encoding: string, body: Uint8Array) => ({
      ...route,
      body,
      headers: { 'content-encoding': encoding },
    });
    const unknown = await refusalOf(compressed('zip', Buffer.from('{}')));
    expect(unknown).toEqual(refusal(415, 'UNSUPPORTED_MEDIA_TYPE'));
    const broken = await refusalOf(compressed('gzip', Buffer.from('{}')));
    expect(broken).toEqual(refusal(400, 'UNREADABLE_BODY'));
    const bomb = gzipSync(JSON.stringify({ message: 'x'.repeat(100_000) }));
    expect(bomb.length).toBeLessThan(1_000);
    expect(await refusalOf(compressed('gzip', bomb))).toEqual(refusal(413, 'BODY_TOO_LARGE'));
  });
});

describe('a body that does not fit its schema is refused, the field named', () => {
  it.each([
    ['POST', '/api/chat', {}, 'message'],
    ['POST', '/api/chat', { message: 7 }, 'message'],
    ['POST', '/api/chat', { message: null }, 'message'],
    ['POST', '/api/chat', { message: '' }, 'message'],
    ['POST', '/api/chat', { message: ' \t\n' }, 'message'],
    ['POST', '/api/chat', { message: 'x'.repeat(101) }, 'message'],
    ['POST', '/api/chat', { message: 'a\u0000b' }, 'message'],
    ['POST', '/api/chat', '{"message":"\\ud800"}', 'message'],
    ['POST', '/api/chat', { message: 'hi', intent: 7 }, 'intent'],
    ['POST', '/api/chat', { message: 'hi', intent: '' }, 'intent'],
    ['POST', '/api/chat', { message: 'hi', session_id: '../x' }, 'session_id'],
    ['POST', '/api/chat', { message: 'hi', session_id: ['a'] }, 'session_id'],
    ['POST', '/sessions', {}, 'agent_id'],
    ['POST', '/sessions', { agent_id: {} }, 'agent_id'],
    ['POST', '/sessions', { agent_id: 'echo', id: 'a b' }, 'id'],
    ['POST', '/sessions', { agent_id: 'echo', id: '' }, 'id'],
    ['POST', '/sessions', { agent_id: 'echo', id: 'x'.repeat(65) }, 'id'],
    ['POST', '/sessions', { agent_id: 'echo', title: 'x'.repeat(201) }, 'title'],
    ['POST', '/sessions', { agent_id: 'echo', title: 7 }, 'title'],
    ['POST', '/sessions', { agent_id: 'echo', customer_id: '' }, 'customer_id'],
    ['POST', '/sessions', { agent_id: 'echo', metadata: [] }, 'metadata'],
    ['POST', '/sessions', { agent_id: 'echo', metadata: 'x' }, 'metadata'],
    ['POST', '/sessions', { agent_id: 'echo', labels: 'x' }, 'labels'],
    ['POST', '/sessions', { agent_id: 'echo', labels: [''] }, 'labels'],
    ['POST', '/sessions', { agent_id: 'echo', labels: [1] }, 'labels'],
    ['POST', '/sessions', { agent_id: 'echo', interruption: 'sometimes' }, 'interruption'],
    ['POST', '/sessions', `{"agent_id":"echo","metadata":{"a":${deep(200)}}}`, 'metadata'],
    ['POST', '/sessions?allow_greeting=perhaps', { agent_id: 'echo' }, 'allow_greeting'],
    ['PATCH', '/sessions/SESSION', { title: 'x'.repeat(201) }, 'title'],
    ['PATCH', '/sessions/SESSION', { mode: 'loud' }, 'mode'],
    ['PATCH', '/sessions/SESSION', { consumption_offsets: { client: -1 } }, 'client'],
    ['PATCH', '/sessions/SESSION', { consumption_offsets: { client: 1.5 } }, 'client'],
    ['PATCH', '/sessions/SESSION', { consumption_offsets: { client: 1e300 } }, 'client'],
    ['PATCH', '/sessions/SESSION', { consumption_offsets: 3 }, 'consumption_offsets'],
    ['PATCH', '/sessions/SESSION', { metadata: { set: [] } }, 'set'],
    ['PATCH', '/sessions/SESSION', { metadata: { unset: 'a' } }, 'unset'],
    ['PATCH', '/sessions/SESSION', { labels: { upsert: [null] } }, 'upsert'],
    ['POST', '/sessions/SESSION/events', {}, 'kind'],
    ['POST', '/sessions/SESSION/events', { kind: 'noise', source: 'customer' }, 'kind'],
    ['POST', '/sessions/SESSION/events', { kind: 'message', source: 'nobody', message: 'hi' }, 'source'],
    ['POST', '/sessions/SESSION/events', { kind: 'message', source: 'customer', message: ['hi'] }, 'message'],
    [
      'POST',
      '/sessions/SESSION/events',
      { kind: 'message', source: 'customer', message: 'x'.repeat(101) },
      'message',
    ],
    [
      'POST',
      '/sessions/SESSION/events',
      { kind: 'message', source: 'customer', message: 'hi', metadata: 1 },
      'metadata',
    ],
    [
      'POST',
      '/sessions/SESSION/events',
      { kind: 'message', source: 'human_agent', message: 'hi', participant: 'me' },
      'participant',
    ],
    [
      'POST',
      '/sessions/SESSION/events',
      { kind: 'message', source: 'human_agent', message: 'hi', participant: { display_name: '' } },
      'display_name',
    ],
    ['POST', '/sessions/SESSION/events', { kind: 'status', source: 'system', status: 'asleep' }, 'status'],
    [
      'POST',
      '/sessions/SESSION/events',
      `{"kind":"custom","source":"customer_ui","data":${deep(500)}}`,
      'data',
    ],
    [
      'POST',
      '/sessions/SESSION/events?moderation=strict',
      { kind: 'custom', source: 'customer_ui', data: 1 },
      'moderation',
    ],
    ['POST', '/sessions/SESSION/cancel', { trace_id: 7 }, 'trace_id'],
    ['POST', '/sessions/SESSION/cancel', { trace_id: '' }, 'trace_id'],
  ])('%s %s %j', async (method, path, body, field) => {
    expect(await refusalOf({ method, path, body })).toEqual(refusal(422, 'INVALID_REQUEST', field));
  });
});

describe('a query or path that does not fit is refused, the parameter named', () => {
  it.each([
    ['/sessions/SESSION/events?min_offset=abc', 'min_offset'],
    ['/sessions/SESSION/events?min_offset=1.5', 'min_offset'],
    ['/sessions/SESSION/events?min_offset=', 'min_offset'],
    ['/sessions/SESSION/events?min_offset=1&min_offset=2', 'min_offset'],
    ['/sessions/SESSION/events?min_offset=99999999999999999999', 'min_offset'],
    ['/sessions/SESSION/events?wait_for_data=soon', 'wait_for_data'],
    ['/sessions/SESSION/events?kinds=message,noise', 'kinds'],
    ['/sessions/SESSION/events?kinds=', 'kinds'],
    ['/sessions/SESSION/events?source=nobody', 'source'],
    ['/sessions/SESSION/events?source=', 'source'],
    ['/sessions/SESSION/events?trace_id=', 'trace_id'],
    ['/sessions/SESSION/events?correlation_id=', 'correlation_id'],
    ['/sessions/SESSION/events?sse=perhaps', 'sse'],
    ['/sessions/SESSION/state?at=-1', 'at'],
    ['/sessions/SESSION/state?at=now', 'at'],
    ['/sessions?limit=0', 'limit'],
    ['/sessions?limit=101', 'limit'],
    ['/sessions?limit=ten', 'limit'],
    ['/sessions?sort=sideways', 'sort'],
    ['/sessions/a%20b', 'session_id'],
    [`/sessions/${'x'.repeat(65)}`, 'session_id'],
    ['/sessions/%00/events', 'session_id'],
    ['/sessions/..%2f..%2fetc', 'session_id'],
    [`/agents/${'x'.repeat(201)}`, 'agent_id'],
  ])('%s', async (path, field) => {
    expect(await refusalOf({ path })).toEqual(refusal(422, 'INVALID_REQUEST', field));
  });

  it.each(['/sessions/%zz', '/sessions/SESSION/events?source=%', '/%c3%28', '/api/%'])(
    '%s is malformed',
    async (path) => {
      expect(await refusalOf({ path })).toEqual(refusal(400, 'MALFORMED_URL'));
    },
  );
});

describe('what is not there', () => {
  it.each([
    [{ path: '/nowhere' }, 'ROUTE_NOT_FOUND', 404],
    [{ path: '/sessions/SESSION/nowhere' }, 'ROUTE_NOT_FOUND', 404],
    [{ path: '/Sessions' }, 'ROUTE_NOT_FOUND', 404],
    [{ path: '/sessions/unknown' }, 'SESSION_NOT_FOUND', 404],
    [{ path: '/sessions/unknown/events' }, 'SESSION_NOT_FOUND', 404],
    [{ path: '/agents/unknown' }, 'AGENT_NOT_FOUND', 404],
    [{ method: 'POST', path: '/sessions', body: { agent_id: 'unknown' } }, 'AGENT_NOT_FOUND', 404],
    [{ method: 'PATCH', path: '/sessions/SESSION', body: { agent_id: 'unknown' } }, 'AGENT_NOT_FOUND', 404],
    [{ method: 'PUT', path: '/sessions/SESSION' }, 'METHOD_NOT_ALLOWED', 405],
    [{ method: 'DELETE', path: '/api/chat' }, 'METHOD_NOT_ALLOWED', 405],
    [{ method: 'GET', path: '/api/chat' }, 'METHOD_NOT_ALLOWED', 405],
    [{ method: 'PUT', path: '/agents' }, 'METHOD_NOT_ALLOWED', 405],
  ])('%j is %s', async (request, code, status) => {
    expect(await refusalOf(request)).toEqual(refusal(status, code));
  });

  it('a wrong method is told the right ones', async () => {
    await using server = await startServer();
    const wrong = await fetch(`${server.url}/api/chat`);
    expect(wrong.headers.get('allow')).toBe('POST, OPTIONS');
    const options = await fetch(`${server.url}/sessions/x`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([
      204,
      'GET, PATCH, DELETE, HEAD, OPTIONS',
    ]);
  });
});

describe('the two forms of an error', () => {
  it('are a list of places for Parlant, and RFC 9457 elsewhere', async () => {
    await using server = await startServer();
    const parlant = await server.http().post('/sessions').send({ title: 7 }).expect(422);
    expect(parlant.body).toEqual({
      code: 'INVALID_REQUEST',
      title: 'Invalid request',
      status: 422,
      detail: [
        { type: 'missing', loc: ['body', 'agent_id'], msg: expect.any(String) },
        { type: 'invalid_type', loc: ['body', 'title'], msg: expect.any(String), input: 7 },
      ],
    });
    const ours = await server.http().post('/api/chat').send({ message: '' }).expect(422);
    expect(ours.body).toMatchObject({
      type: 'urn:colloquy:error:INVALID_REQUEST',
      title: 'Invalid request',
      status: 422,
      code: 'INVALID_REQUEST',
      retryable: false,
      errors: [
        {
          place: 'body',
          field: 'message',
          pointer: '/message',
          message: expect.any(String),
          code: 'too_small',
        },
        {},
      ],
    });
  });

  it('say nothing of a bug but where the log has it', async () => {
    await using server = await startServer();
    Object.assign(server.sessions, {
      list: () => {
        throw new TypeError('secret detail');
      },
    });
    const { body, headers } = await server.http().get('/sessions').expect(500);
    expect(body).toMatchObject({ code: 'INTERNAL_ERROR' });
    expect(JSON.stringify(body)).not.toContain('secret');
    const line = server.logged.find((logged) => logged.includes('secret detail'));
    expect(line).toContain(headers['x-request-id']);
  });
});

describe('unknown fields', () => {
  it('are ignored, also those that mean something to JavaScript', async () => {
    await using server = await startServer();
    const { body } = await server
      .http()
      .post('/sessions')
      .set('Content-Type', 'application/json')
      .send(
        '{"agent_id":"echo","more":1,"__proto__":{"title":"x"},"constructor":{},"metadata":{"__proto__":{"a":1},"b":2}}',
      )
      .expect(201);
    expect(body.title).toBeNull();
    expect(body.metadata.b).toBe(2);
    expect(({} as { a?: number }).a).toBeUndefined();
  });
});

describe('a request that ends in the middle', () => {
  it('harms nobody', async () => {
    await using server = await startServer();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(
      'POST /sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"agent',
    );
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    await server.http().get('/healthz').expect(200);
    expect((await server.sessions.list({})).items).toEqual([]);
    expect(server.logged.join('')).not.toContain('INTERNAL_ERROR');
  });
});
