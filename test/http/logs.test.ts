import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createHeldAgent } from '../support/runtime.ts';
import { startServer } from '../support/server.ts';

type Line = { readonly level: string; readonly trace_id: string; readonly message: string };

/** Somebody who watches the log of a server. */
async function watch(url: string, query = '') {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/logs${query}`);
  const lines: Line[] = [];
  socket.on('message', (data: Buffer) => lines.push(JSON.parse(data.toString()) as Line));
  await once(socket, 'open');
  return { socket, lines };
}

describe('WebSocket /logs', () => {
  it('tells an operator every line of the log from now on, in Parlant’s form', async () => {
    await using server = await startServer();
    await server.http().get('/readyz').set('X-Request-Id', 'before').expect(200);
    const { socket, lines } = await watch(server.url);
    await server.http().get('/sessions/nobody').set('X-Request-Id', 'now').expect(404);
    await expect.poll(() => lines.find(({ trace_id }) => trace_id === 'now')).toBeDefined();
    for (const line of lines) {
      expect(line).toEqual({
        level: expect.stringMatching(/^(TRACE|DEBUG|INFO|WARNING|ERROR|CRITICAL)$/),
        trace_id: expect.any(String),
        message: expect.stringMatching(/\S/),
      });
      expect(line.trace_id).not.toBe('before');
    }
    expect(lines.find(({ trace_id }) => trace_id === 'now')?.message).toContain('SESSION_NOT_FOUND');
    socket.terminate();
  });

  it('tells as loud lines as are asked for, and refuses a level that is none', async () => {
    await using server = await startServer();
    const { socket, lines } = await watch(server.url, '?level=info');
    await server.http().get('/readyz').set('X-Request-Id', 'quiet').expect(200);
    await server.http().get('/sessions/nobody').set('X-Request-Id', 'loud').expect(404);
    await expect.poll(() => lines.map(({ trace_id }) => trace_id)).toEqual(['loud']);
    socket.terminate();
    const { body } = await server.http().get('/logs?level=shouting').expect(422);
    expect(body.detail[0].loc).toEqual(['query', 'level']);
  });

  it('never tells what is said', async () => {
    const { agent, turns } = createHeldAgent();
    await using server = await startServer({ agents: [agent] });
    const { socket, lines } = await watch(server.url);
    const id = await server.session();
    await server
      .http()
      .post(`/sessions/${id}/events`)
      .set('X-Request-Id', 'posted')
      .send({ kind: 'message', source: 'customer', message: 'my secret' })
      .expect(201);
    await expect.poll(() => turns.length).toBe(1);
    turns[0]?.fail(new Error('no answer'));
    await expect.poll(() => lines.some(({ trace_id }) => trace_id === 'posted')).toBe(true);
    expect(JSON.stringify([...lines, server.logged])).not.toContain('secret');
    socket.terminate();
  });

  it.each([
    ['a customer', {}, { 'x-user-id': 'ada' }, 403, 'OPERATOR_ONLY'],
    ["a stranger's page", {}, { origin: 'https://evil.example' }, 403, 'FOREIGN_ORIGIN'],
    ['nobody known', { auth: 'jwt', jwtSecret: 's'.repeat(32) }, {}, 401, 'UNAUTHENTICATED'],
  ] as const)('is refused to %s', async (_, settings, headers, status, code) => {
    await using server = await startServer({ settings });
    const socket = new WebSocket(`${server.url.replace(/^http/, 'ws')}/logs`, { headers });
    socket.on('error', () => {});
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    let body = '';
    for await (const part of response) body += String(part);
    expect([response.statusCode, (JSON.parse(body) as { code: string }).code]).toEqual([status, code]);
  });

  it('is no address for an ordinary request, and no other address is a WebSocket', async () => {
    await using server = await startServer();
    await server
      .http()
      .get('/logs')
      .expect(404, /ROUTE_NOT_FOUND/);
    const socket = new WebSocket(`${server.url.replace(/^http/, 'ws')}/healthz`);
    socket.on('error', () => {});
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(200);
  });

  it('ends with the server, and does not hold it up', async () => {
    await using server = await startServer();
    const { socket } = await watch(server.url);
    const closed = once(socket, 'close');
    await server.stop();
    expect((await closed)[0]).toBe(1001);
  });
});
