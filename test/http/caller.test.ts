import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import type { SettingsInput } from '../../src/config.ts';
import { openStream } from '../support/event-stream.ts';
import { startServer, type TestServer } from '../support/server.ts';

const secret = 'a secret of at least thirty-two characters';
const jwt: SettingsInput = {
  auth: 'jwt',
  jwtSecret: secret,
  jwtIssuer: 'https://issuer.example',
  jwtAudience: 'colloquy',
};

function sign(
  claims: JWTPayload = {},
  {
    key = secret,
    alg = 'HS256',
    expires = '5m',
  }: { key?: string; alg?: string; expires?: string | number } = {},
): Promise<string> {
  return new SignJWT({ iss: 'https://issuer.example', aud: 'colloquy', sub: 'ann', ...claims })
    .setProtectedHeader({ alg })
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(key));
}

async function status(
  server: TestServer,
  path: string,
  token?: string,
): Promise<[number, string | undefined]> {
  const response = await fetch(server.url + path, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const body = (await response.json().catch(() => ({}))) as { code?: string }; // what follows looks at it
  return [response.status, body.code];
}

const ok = [200, undefined];
const refused = [401, 'UNAUTHENTICATED'];

describe('AUTH=dev', () => {
  it('takes a customer by header, or by ?user= where a header cannot be set; the header wins', async () => {
    await using server = await startServer();
    await server.session('ann');
    const count = async (path: string, headers = {}) => {
      const response = await fetch(server.url + path, { headers });
      return ((await response.json()) as unknown[]).length; // a list without a limit is an array
    };
    expect(await count('/sessions', { 'x-user-id': 'ann' })).toBe(1);
    expect(await count('/sessions?user=ann')).toBe(1);
    expect(await count('/sessions?user=ann', { 'x-user-id': 'bob' })).toBe(0);
    expect(await count('/sessions')).toBe(1);
  });

  it.each(['', 'x'.repeat(201), '%07'])('refuses %j as a name', async (name) => {
    await using server = await startServer();
    expect(await status(server, `/sessions?user=${name}`)).toEqual([400, 'INVALID_USER']);
  });

  it('knows a name beyond ASCII in a header, as UTF-8, and in the address as the same', async () => {
    await using server = await startServer();
    const name = 'Zoë 王';
    const id = await server.session(name);
    // fetch writes each character of a header as one byte.
    const asBytes = Buffer.from(name).toString('latin1');
    const inHeader = await fetch(`${server.url}/sessions/${id}`, { headers: { 'x-user-id': asBytes } });
    const inAddress = await fetch(`${server.url}/sessions/${id}?user=${encodeURIComponent(name)}`);
    expect([inHeader.status, inAddress.status]).toEqual([200, 200]);
    const latin1 = await fetch(`${server.url}/sessions`, { headers: { 'x-user-id': 'Zoë' } });
    expect(latin1.status).toBe(400);
    expect(await latin1.json()).toMatchObject({ code: 'INVALID_USER' });
  });

  it('refuses two names at once', async () => {
    await using server = await startServer();
    expect(await status(server, '/sessions?user=ann&user=bob')).toEqual([400, 'INVALID_USER']);
  });

  it('does not mind a token', async () => {
    await using server = await startServer();
    expect(await status(server, '/sessions', 'anything')).toEqual(ok);
  });
});

describe('AUTH=jwt', () => {
  it('lets in who has a good token, as the customer it names', async () => {
    await using server = await startServer({ settings: jwt });
    const own = await server.session('ann');
    const foreign = await server.session('bob');
    const token = await sign();
    expect(await status(server, `/sessions/${own}`, token)).toEqual(ok);
    expect(await status(server, `/sessions/${foreign}`, token)).toEqual([404, 'SESSION_NOT_FOUND']);
    expect(await status(server, '/metrics', token)).toEqual([403, 'OPERATOR_ONLY']);
  });

  it.each([[['operator']], [['reader', 'operator']], ['operator']])(
    'takes roles %j for an operator',
    async (roles) => {
      await using server = await startServer({ settings: jwt });
      expect(await status(server, '/sessions', await sign({ roles }))).toEqual(ok);
      expect((await status(server, '/metrics', await sign({ roles })))[0]).toBe(200);
    },
  );

  it.each([[['operators']], [[]], [{ operator: true }], [null], ['OPERATOR']])(
    'does not take roles %j for one',
    async (roles) => {
      await using server = await startServer({ settings: jwt });
      expect(await status(server, '/metrics', await sign({ roles }))).toEqual([403, 'OPERATOR_ONLY']);
    },
  );

  it.each<[string, () => Promise<string | undefined> | string]>([
    ['none', async () => undefined],
    ['one that is over', () => sign({}, { expires: Math.floor(Date.now() / 1000) - 10 })],
    ['one that is not valid yet', () => sign({ nbf: Math.floor(Date.now() / 1000) + 600 })],
    [
      'one signed with another key',
      () => sign({}, { key: 'another secret of more than thirty-two characters' }),
    ],
    [
      'one without a signature',
      () => new UnsecuredJWT({ sub: 'ann', iss: 'https://issuer.example', aud: 'colloquy' }).encode(),
    ],
    ['one of another issuer', () => sign({ iss: 'https://other.example' })],
    ['one for another audience', () => sign({ aud: 'other' })],
    ['one that names nobody', () => sign({ sub: '' })],
    ['one whose name is no name', () => sign({ sub: 'a\u0000b' })],
    [
      'one that was changed',
      async () => (await sign()).replace(/\.(.)/, (_, first) => `.${first === 'e' ? 'f' : 'e'}`),
    ],
    ['nonsense', () => 'nonsense'],
    ['two words', async () => `${await sign()} more`],
  ])('refuses a token: %s', async (_name, token) => {
    await using server = await startServer({ settings: jwt });
    expect(await status(server, '/sessions', await token())).toEqual(refused);
  });

  it('refuses other schemes than Bearer, and says which it wants', async () => {
    await using server = await startServer({ settings: jwt });
    const response = await fetch(`${server.url}/sessions`, {
      headers: { authorization: `Basic ${await sign()}` },
    });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('believes no header or parameter that names a user', async () => {
    await using server = await startServer({ settings: jwt });
    const response = await fetch(`${server.url}/sessions?user=ann`, { headers: { 'x-user-id': 'ann' } });
    expect(response.status).toBe(401);
  });

  it('shows anybody the health and the documentation, and nothing else', async () => {
    await using server = await startServer({ settings: jwt });
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs', '/docs/swagger-ui.css']) {
      expect((await status(server, path))[0]).toBe(200);
    }
    for (const path of [
      '/agents',
      '/sessions',
      '/metrics',
      '/sessions/any',
      '/sessions/any/events',
      '/sessions/any/state',
    ]) {
      expect(await status(server, path)).toEqual(refused);
    }
  });

  it('ends a stream when its token ends', async () => {
    await using server = await startServer({ settings: jwt });
    const id = await server.session('ann');
    const token = await sign({}, { expires: Math.floor(Date.now() / 1000) + 2 });
    await using stream = await openStream(`${server.url}/sessions/${id}/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await stream.until((frames) => frames.length === 1);
    await stream.ended;
    expect(await status(server, `/sessions/${id}`, token)).toEqual(refused);
  });

  it('keeps tokens out of the log', async () => {
    await using server = await startServer({ settings: jwt });
    const token = await sign();
    await status(server, '/sessions', token);
    await status(server, '/sessions', `${token}x`);
    expect(server.logged.join('')).toContain('UNAUTHENTICATED');
    expect(server.logged.join('')).not.toContain(token.slice(-20));
  });

  it('limits how often one caller may ask', async () => {
    await using server = await startServer({ settings: { ...jwt, requestsPerMinute: 3 } });
    const [ann, bob] = [await sign(), await sign({ sub: 'bob' })];
    for (let n = 0; n < 3; n++) expect(await status(server, '/agents', ann)).toEqual(ok);
    expect(await status(server, '/agents', ann)).toEqual([429, 'RATE_LIMITED']);
    expect(await status(server, '/agents', bob)).toEqual(ok);
  });

  it('never limits how often the health is asked for', async () => {
    await using server = await startServer({ settings: { ...jwt, requestsPerMinute: 3 } });
    for (let n = 0; n < 4; n++) {
      expect((await status(server, '/healthz'))[0]).toBe(200);
      expect((await status(server, '/readyz'))[0]).toBe(200);
    }
    for (let n = 0; n < 3; n++) expect((await status(server, '/docs'))[0]).toBe(200);
    expect(await status(server, '/docs')).toEqual([429, 'RATE_LIMITED']);
    expect((await status(server, '/readyz'))[0]).toBe(200);
  });
});

describe('AUTH=jwt with JWKS_URL', () => {
  async function withKeys() {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] };
    const state = { isUp: true };
    const issuer = createServer((_req, res) => {
      res.writeHead(state.isUp ? 200 : 500, { 'content-type': 'application/json' }).end(JSON.stringify(keys));
    }).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    const { port } = issuer.address() as AddressInfo; // listening on TCP
    const server = await startServer({ settings: { auth: 'jwt', jwksUrl: `http://127.0.0.1:${port}/keys` } });
    return {
      server,
      state,
      publicKey: JSON.stringify(keys.keys[0]),
      token: () =>
        new SignJWT({ sub: 'ann' })
          .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
          .setExpirationTime('5m')
          .sign(privateKey),
      async [Symbol.asyncDispose]() {
        issuer.close();
        issuer.closeAllConnections();
        await server[Symbol.asyncDispose]();
      },
    };
  }

  it('checks with the keys found there', async () => {
    await using at = await withKeys();
    expect(await status(at.server, '/sessions', await at.token())).toEqual(ok);
  });

  it('refuses a token signed with the public key as a secret, or with a key that is not there', async () => {
    await using at = await withKeys();
    expect(await status(at.server, '/sessions', await sign({}, { key: at.publicKey }))).toEqual(refused);
    const { privateKey } = await generateKeyPair('ES256');
    const foreign = await new SignJWT({ sub: 'ann' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(privateKey);
    expect(await status(at.server, '/sessions', foreign)).toEqual(refused);
    const unknown = await new SignJWT({ sub: 'ann' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k2' })
      .sign(privateKey);
    expect(await status(at.server, '/sessions', unknown)).toEqual(refused);
  });

  it('says that it is not the token when the keys cannot be had', async () => {
    await using at = await withKeys();
    at.state.isUp = false;
    expect(await status(at.server, '/sessions', await at.token())).toEqual([503, 'KEYS_UNAVAILABLE']);
    at.state.isUp = true;
    expect(await status(at.server, '/sessions', await at.token())).toEqual(ok);
  });
});

/** As `fetch`, with headers it does not let one set. */
async function askRaw(
  server: TestServer,
  lines: readonly string[],
  first = 'GET /sessions HTTP/1.1',
): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(`${[first, ...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);
  let answer = '';
  for await (const bytes of socket) answer += String(bytes);
  return answer;
}

describe('pages of strangers', () => {
  it.each(['localhost', 'localhost:8000', '127.0.0.1:1', '127.1.2.3', '[::1]:8000', 'LOCALHOST'])(
    'may ask the host %s',
    async (host) => {
      await using server = await startServer();
      expect(await askRaw(server, [`Host: ${host}`])).toMatch(/^HTTP\/1\.1 200/);
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.1.2:8000',
    '',
    'a@localhost',
    'localhost/x',
    '[::2]',
  ])('may not ask the host %j, whatever it leads to', async (host) => {
    await using server = await startServer();
    const answer = await askRaw(server, [`Host: ${host}`]);
    expect(answer).toMatch(/^HTTP\/1\.1 403/);
    expect(answer).toContain('FOREIGN_ORIGIN');
  });

  it.each([
    'https://evil.example',
    'http://localhost.evil.example',
    'null',
    'file://',
    'http://192.168.1.2',
    'nonsense',
    'http://user@localhost',
  ])('are refused: %s', async (origin) => {
    await using server = await startServer();
    const response = await fetch(`${server.url}/sessions`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: '{"agent_id":"echo"}',
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'FOREIGN_ORIGIN' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect((await server.sessions.list({})).items).toEqual([]);
  });

  it.each(['http://localhost:5173', 'http://127.0.0.1', 'https://app.example'])(
    'are let in from here and from CORS_ORIGINS: %s',
    async (origin) => {
      await using server = await startServer({ settings: { corsOrigins: ['https://app.example'] } });
      const response = await fetch(`${server.url}/sessions`, { headers: { origin } });
      expect(response.status).toBe(200);
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      expect(response.headers.get('vary')).toBe('Origin');
      expect(response.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
    },
  );

  it('get an answer to their preflight, with the headers they ask for', async () => {
    await using server = await startServer();
    const preflight = (origin: string) =>
      fetch(`${server.url}/sessions`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'content-type,x-fern-language',
        },
      });
    const response = await preflight('http://localhost:5173');
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type,x-fern-language');
    expect((await preflight('https://evil.example')).status).toBe(403);
  });

  it('with AUTH=jwt: CORS headers for CORS_ORIGINS only, and any host', async () => {
    await using server = await startServer({ settings: { ...jwt, corsOrigins: ['https://app.example'] } });
    const token = await sign();
    const ask = async (origin: string) => {
      const response = await fetch(`${server.url}/sessions`, {
        headers: { origin, authorization: `Bearer ${token}` },
      });
      return response.headers.get('access-control-allow-origin');
    };
    expect(await ask('https://app.example')).toBe('https://app.example');
    expect(await ask('http://localhost:5173')).toBeNull();
    expect(await askRaw(server, ['Host: api.example', `Authorization: Bearer ${token}`])).toMatch(
      /^HTTP\/1\.1 200/,
    );
  });
});
