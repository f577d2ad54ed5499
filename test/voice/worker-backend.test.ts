import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startVoiceServer } from '../support/voice-server.ts';

type Meta = { readonly sessionId: string; readonly callbackUrl: string; readonly callbackToken: string };

type Backend = {
  stamp(type: string, more?: object): object;
  report(event: object): Promise<boolean>;
  init(): Promise<{ readonly greeting: string; readonly talkSessionId: string }>;
  turn(text: string): Promise<string>;
};

/** The template as it is: JavaScript. */
const template: {
  postWithRetry(
    url: string,
    options: { token: string; body: object; timeoutMs?: number; wait?: (ms: number) => Promise<void> },
  ): Promise<Response>;
  createBackend(meta: Meta): Backend;
} = await import(new URL('../../docs/examples/voice-worker/backend.js', import.meta.url).href);

/** Answers with these statuses, one after the other; 0: never. */
async function startScript(...statuses: readonly number[]) {
  let asked = 0;
  const server = createServer((_req, res) => {
    const status = statuses[asked++] ?? 200;
    if (status !== 0) res.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('{}');
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const waits: number[] = [];
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    waits,
    options: { token: 't', body: {}, wait: async (ms: number) => void waits.push(ms) },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a worker that posts', () => {
  it('tries again after 200, 400 and 800 ms, and then takes what it gets', async () => {
    await using script = await startScript(500, 502, 503, 599, 200);
    const response = await template.postWithRetry(script.url, script.options);
    expect([response.status, script.asked(), script.waits]).toEqual([599, 4, [200, 400, 800]]);
  });

  it('stops as soon as it is heard', async () => {
    await using script = await startScript(503, 200);
    const response = await template.postWithRetry(script.url, script.options);
    expect([response.status, script.asked(), script.waits]).toEqual([200, 2, [200]]);
  });

  it.each([201, 302, 400, 401, 404, 409, 429])('takes %i as it is', async (status) => {
    await using script = await startScript(status);
    const response = await template.postWithRetry(script.url, script.options);
    expect([response.status, script.asked()]).toEqual([status, 1]);
  });

  it('does not try again where nobody answers, or nobody is there', async () => {
    await using script = await startScript(0);
    await expect(
      template.postWithRetry(script.url, { ...script.options, timeoutMs: 50 }),
    ).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    const gone = await startScript();
    await gone[Symbol.asyncDispose]();
    await expect(template.postWithRetry(gone.url, script.options)).rejects.toThrow('fetch failed');
    expect(script.waits).toEqual([]);
  });
});

describe('the calls of a worker, against the server', () => {
  it('go from joining to an answer', async () => {
    await using server = await startVoiceServer();
    const start = await server.call('ann');
    const backend = template.createBackend(server.workerOf(start));
    expect(await backend.report(backend.stamp('agent.joined'))).toBe(true);
    expect((await backend.init()).greeting).toBe('Hello, how can I help?');
    expect(await backend.report(backend.stamp('agent.ready', { greeting: 'Hello!' }))).toBe(true);
    expect((await server.state(start.sessionId)).status).toBe('ready');
    expect(await backend.turn('My knee hurts.')).toBe('echo: My knee hurts.');
    await server.http('ann').delete(`/api/voice-sessions/${start.sessionId}`);
    expect(await backend.report(backend.stamp('agent.joined'))).toBe(false);
    await expect(backend.init()).rejects.toThrow('Colloquy answers 409 to init.');
  });

  it('do not silence the agent when a report is lost', async () => {
    const backend = template.createBackend({
      sessionId: 'vs_1',
      callbackUrl: 'http://127.0.0.1:1/api/voice-sessions/vs_1/agent-status',
      callbackToken: 't',
    });
    expect(await backend.report(backend.stamp('agent.ready'))).toBe(true);
  });
});
