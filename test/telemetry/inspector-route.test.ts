/** The inspector where it is served: in the whole program, behind the checks every request passes. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createWebSocketReceiver, type StatelyInspectionEvent } from '@statelyai/inspect';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { createColloquy, type ColloquyOptions } from '../../src/colloquy.ts';
import type { SettingsInput } from '../../src/config.ts';
import { MATCH_ALWAYS } from '../../src/sdk/matcher.ts';
import { createServer } from '../../src/sdk/server.ts';
import { createDataFolder } from '../support/data-folder.ts';

describe('GET /api/inspect', () => {
  it('shows the official receiver the statechart of a session at work, and no word of what is said', async () => {
    await using server = await serve();
    const frames: StatelyInspectionEvent[] = [];
    createWebSocketReceiver({ server: server.socketUrl }).subscribe((frame) => frames.push(frame));
    const { sessions } = server.colloquy;
    const session = await sessions.create({ agentId: 'echo', customerId: 'ada' });
    await sessions.post(session.id, {
      kind: 'message',
      source: 'customer',
      data: { message: 'my secret', participant: { id: 'ada', display_name: 'Ada' } },
    });

    await expect.poll(() => values(frames)).toContain('{"POLLING":{"feed":"local","turn":"ready"}}');
    expect(values(frames)).toContain('{"POLLING":{"feed":"local","turn":{"responding":"processing"}}}');
    expect(new Set(frames.map(({ type }) => type))).toEqual(
      new Set(['@xstate.actor', '@xstate.event', '@xstate.snapshot']),
    );
    expect(frames.flatMap((frame) => (frame.type === '@xstate.actor' ? [frame.name] : []))).toContain('run');
    expect(JSON.stringify(frames)).not.toContain('secret');
    expect(JSON.stringify(frames)).toContain(session.id);
  });

  it('shows the statechart of each turn below the run of its session', async () => {
    const watched = Promise.withResolvers<void>();
    const clinic = createServer();
    const agent = clinic.createAgent({
      id: 'clinic',
      name: 'Clinic',
      hooks: {
        async acknowledging() {
          await watched.promise;
          return 'next';
        },
      },
    });
    agent.createGuideline({ matcher: MATCH_ALWAYS, action: 'Be kind' });
    await using server = await serve({}, { definitions: [clinic.define()] });
    const frames: StatelyInspectionEvent[] = [];
    createWebSocketReceiver({ server: server.socketUrl }).subscribe((frame) => {
      frames.push(frame);
      watched.resolve();
    });
    const { sessions } = server.colloquy;
    const session = await sessions.create({ agentId: 'clinic', customerId: 'ada' });
    await sessions.post(session.id, {
      kind: 'message',
      source: 'customer',
      data: { message: 'my secret', participant: { id: 'ada', display_name: 'Ada' } },
    });
    const actors = () => frames.flatMap((frame) => (frame.type === '@xstate.actor' ? [frame] : []));
    const turn = () => actors().find(({ name }) => name === 'engine-cycle');
    const statesOf = (sessionId: string | undefined) =>
      values(frames.filter((frame) => 'sessionId' in frame && frame.sessionId === sessionId));
    await expect.poll(() => statesOf(turn()?.sessionId), { timeout: 5_000 }).toContain('"done"');
    const run = actors().find(({ sessionId }) => sessionId === turn()?.parentId);
    const above = actors().find(({ sessionId }) => sessionId === run?.parentId);
    expect([run?.name, above?.name]).toEqual(['run', session.id]);
    expect(statesOf(turn()?.sessionId)).toEqual(
      expect.arrayContaining(['"acknowledging"', '"tracking"', '{"answering":"composing"}', '"analysing"']),
    );
    expect(JSON.stringify(frames)).not.toContain('secret');
  });

  it('shows a page to a browser', async () => {
    await using server = await serve();
    const response = await fetch(server.url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch('text/html');
    expect(response.headers.get('content-security-policy')).toMatch('frame-src https://stately.ai');
  });

  it.each([
    ['a customer', {}, { 'x-user-id': 'ada' }, 403, 'OPERATOR_ONLY'],
    ["a stranger's page", {}, { origin: 'https://evil.example' }, 403, 'FOREIGN_ORIGIN'],
    ['a name that only points here', {}, { host: 'evil.example' }, 403, 'FOREIGN_ORIGIN'],
    ['a request through a proxy', {}, { 'x-forwarded-for': '203.0.113.7' }, 403, 'LOOPBACK_ONLY'],
    ['nobody known', { auth: 'jwt', jwtSecret: 's'.repeat(32) }, {}, 401, 'UNAUTHENTICATED'],
    ['anybody when it is off', { inspect: false }, {}, 404, 'ROUTE_NOT_FOUND'],
  ] as const)('is refused to %s', async (_, settings, headers, status, code) => {
    await using server = await serve(settings);
    const socket = new WebSocket(server.socketUrl, { headers });
    socket.on('error', () => {});
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    let body = '';
    for await (const part of response) body += String(part);
    expect([response.statusCode, (JSON.parse(body) as { code: string }).code]).toEqual([status, code]);
  });

  it('does not keep the program from ending', async () => {
    const server = await serve();
    const socket = new WebSocket(server.socketUrl);
    await once(socket, 'open');
    await server[Symbol.asyncDispose]();
    await expect.poll(() => socket.readyState).toBe(socket.CLOSED);
  });
});

async function serve(
  settings: SettingsInput = {},
  who: Pick<ColloquyOptions, 'agents' | 'definitions'> = { agents: [createEchoAgent()] },
) {
  const folder = await createDataFolder();
  const colloquy = await createColloquy({
    settings: { inspect: true, dataDir: folder.path, port: 0, logLevel: 'silent', ...settings },
    ...who,
  });
  const url = `${await colloquy.listen()}/api/inspect`;
  return {
    colloquy,
    url,
    socketUrl: url.replace(/^http/, 'ws'),
    async [Symbol.asyncDispose]() {
      await colloquy.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function values(frames: readonly StatelyInspectionEvent[]): string[] {
  return frames.flatMap((frame) =>
    frame.type === '@xstate.snapshot' && 'value' in frame.snapshot
      ? [JSON.stringify(frame.snapshot.value)]
      : [],
  );
}
