/** The small Parlant server of these tests behaves as the real one is documented to. */
import { describe, expect, it } from 'vitest';
import { type ParlantServer, startParlantServer } from '../support/parlant-upstream.ts';

const say = (server: ParlantServer, sessionId: string, message: string) =>
  fetch(`${server.url}/sessions/${sessionId}/events`, {
    method: 'POST',
    body: JSON.stringify({ kind: 'message', source: 'customer', message }),
  });

/** Kinds and statuses, in order. */
const told = (server: ParlantServer, sessionId: string): string[] =>
  server.events(sessionId).map(({ kind, data }) => {
    const { status, data: inner } = data as { status?: string; data?: { stage?: string } };
    return status === undefined ? kind : [status, inner?.stage].filter(Boolean).join(' ');
  });

describe('a turn', () => {
  it('ends with a completed ready, or in older servers with a bare one', async () => {
    for (const [style, last] of [['staged', 'ready completed'] as const, ['bare', 'ready'] as const]) {
      await using server = await startParlantServer({ style });
      const sessionId = server.createSession();
      expect((await say(server, sessionId, 'Hello')).status).toBe(201);
      expect(told(server, sessionId)).toEqual([
        'message',
        'acknowledged',
        'processing Interpreting',
        'typing',
        'message',
        last,
      ]);
      expect(new Set(server.events(sessionId).map(({ trace_id }) => trace_id)).size).toBe(1);
    }
  });

  it('is cancelled by the next message, under its own trace', async () => {
    await using server = await startParlantServer({ reply: 'none' });
    const sessionId = server.createSession();
    await say(server, sessionId, 'One');
    await say(server, sessionId, 'Two');
    expect(told(server, sessionId)).toEqual(['message', 'message', 'cancelled', 'ready completed']);
    const [one, two, cancelled, ready] = server.events(sessionId).map(({ trace_id }) => trace_id);
    expect([cancelled, ready]).toEqual([one, one]);
    expect(two).not.toBe(one);
  });

  it('that is over is not cancelled', async () => {
    await using server = await startParlantServer({ reply: 'none' });
    const sessionId = server.createSession();
    await say(server, sessionId, 'One');
    const trace = server.events(sessionId)[0]?.trace_id ?? '';
    server.tellTurn(sessionId, { trace, messages: ['Yes'] });
    await say(server, sessionId, 'Two');
    expect(told(server, sessionId)).not.toContain('cancelled');
  });

  it('may be the agent’s own idea, with a preamble, tools, paragraphs and a failure at its end', async () => {
    await using server = await startParlantServer();
    const sessionId = server.createSession();
    server.tellTurn(sessionId, {
      messages: ['One.', 'Two.'],
      preamble: 'Well,',
      tools: [{ found: 1 }],
      exception: 'Error: no',
    });
    expect(told(server, sessionId)).toEqual([
      'acknowledged',
      'typing',
      'message',
      'ready',
      'processing Interpreting',
      'tool',
      'typing',
      'message',
      'ready',
      'typing',
      'message',
      'ready',
      'ready completed',
      'error',
    ]);
  });
});

describe('a list', () => {
  it('waits only when asked to, and ends in 504 when the time is over', async () => {
    await using server = await startParlantServer();
    const list = (id: string, query: string) => fetch(`${server.url}/sessions/${id}/events${query}`);
    const sessionId = server.createSession();
    expect(await (await list(sessionId, '?wait_for_data=0')).json()).toEqual([]);
    expect((await list('nobody', '')).status).toBe(404);
    const waiting = list(sessionId, '');
    await expect.poll(() => server.waiting).toBe(1);
    server.expire(sessionId);
    expect((await waiting).status).toBe(504);
  });

  it('has only what was asked for', async () => {
    await using server = await startParlantServer();
    const sessionId = server.createSession();
    await say(server, sessionId, 'Hello');
    const list = async (query: string) => {
      const answer = await fetch(`${server.url}/sessions/${sessionId}/events?wait_for_data=0&${query}`);
      return ((await answer.json()) as { offset: number }[]).map(({ offset }) => offset);
    };
    expect(await list('min_offset=3')).toEqual([3, 4, 5]);
    expect(await list('kinds=message,tool')).toEqual([0, 4]);
    expect(await list('source=customer')).toEqual([0]);
    expect(await list('trace_id=another')).toEqual([]);
  });
});

it('a server that was down is on the same port again, with what it had', async () => {
  await using server = await startParlantServer();
  const sessionId = server.createSession();
  await say(server, sessionId, 'Hello');
  await server.stop();
  await expect(say(server, sessionId, 'Anybody?')).rejects.toThrow('fetch failed');
  await server.start();
  expect(server.events(sessionId)).toHaveLength(6);
  expect((await say(server, sessionId, 'Again')).status).toBe(201);
});
