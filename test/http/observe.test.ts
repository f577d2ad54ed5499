import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server.ts';

describe('X-Request-Id', () => {
  it('is given back when it is sane, else made, and unique', async () => {
    await using server = await startServer();
    const ask = async (id?: string) =>
      (
        await fetch(`${server.url}/healthz`, { headers: id === undefined ? {} : { 'x-request-id': id } })
      ).headers.get('x-request-id');
    expect(await ask('my-id.1')).toBe('my-id.1');
    const made = [
      await ask(),
      await ask(),
      await ask('with space'),
      await ask('x'.repeat(129)),
      await ask('a"b'),
    ];
    expect(new Set(made).size).toBe(5);
    for (const id of made) expect(id).toMatch(/^[\w-]{10,40}$/);
  });

  it('is on errors as well', async () => {
    await using server = await startServer();
    const response = await fetch(`${server.url}/nowhere`, { headers: { 'x-request-id': 'r1' } });
    expect(response.headers.get('x-request-id')).toBe('r1');
    expect(server.logged.join('')).toContain('"requestId":"r1"');
  });
});

describe('the log', () => {
  it('holds no text of a message, no name, no header and no address', async () => {
    await using server = await startServer({ settings: { logLevel: 'trace' } });
    const text = 'a private matter';
    const { body } = await server
      .http('ann-private')
      .post('/api/chat')
      .set('Cookie', 'cookie=private')
      .set('Idempotency-Key', 'key-private')
      .send({ message: text });
    await server
      .http('ann-private')
      .get(`/sessions/${body.session_id}/events?trace_id=private&wait_for_data=0`);
    await server.http('ann-private').post('/api/chat').send({ message: 7, note: text });
    await server
      .http('ann-private')
      .post('/api/chat')
      .set('Content-Type', 'application/json')
      .send(`{"message": ${text}`);
    expect(server.logged.length).toBeGreaterThan(3);
    expect(server.logged.join('')).not.toMatch(/private/);
    expect(server.logged.join('')).not.toContain(body.session_id);
  });

  it('has a line for a refusal and none for what went well, at its default level', async () => {
    await using server = await startServer({ settings: { logLevel: 'info' } });
    await server.http().get('/agents').expect(200);
    await server.http().get('/agents/unknown').expect(404);
    expect(server.logged.map((line) => JSON.parse(line))).toMatchObject([
      { route: '/agents/{agent_id}', status: 404, code: 'AGENT_NOT_FOUND' },
    ]);
  });
});

describe('answers', () => {
  it('carry the headers that keep browsers from guessing, framing and leaking', async () => {
    await using server = await startServer();
    for (const path of ['/agents', '/nowhere', '/docs']) {
      const { headers } = await fetch(server.url + path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });
});

describe('/metrics', () => {
  it('counts requests by route, never by address, and turns, events and streams', async () => {
    await using server = await startServer();
    const { body } = await server.http('ann').post('/api/chat').send({ message: 'hello' });
    await server.http('ann').get(`/sessions/${body.session_id}`);
    const { text } = await server
      .http()
      .get('/metrics')
      .expect(200)
      .expect('Content-Type', /text\/plain/);
    expect(text).toContain(
      'colloquy_http_requests_total{method="GET",route="/sessions/{session_id}",status="200"} 1',
    );
    expect(text).toContain('colloquy_turns_total{outcome="ready"} 1');
    expect(text).toContain('colloquy_events_appended_total{kind="message"} 2');
    expect(text).toContain('colloquy_sessions_live{state="POLLING"} 1');
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toContain(body.session_id);
  });
});
