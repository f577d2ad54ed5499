import { describe, expect, it } from 'vitest';
import type { MessageData, SessionEvent } from '../../src/event-log/event.ts';
import { createHeldAgent, shorten } from '../support/runtime.ts';
import { startServer } from '../support/server.ts';

/** A turn whose message is stored while it grows, moved by hand. */
async function startGrowing() {
  const { agent, turns } = createHeldAgent();
  const server = await startServer({ agents: [{ ...agent, outputMode: 'stream' }] });
  const id = await server.session('ann');
  await server.say(id, 'tell me');
  await expect.poll(() => turns.length).toBe(1);
  await turns[0]!.say('Once ');
  const grown = async () => (await server.log.read(id, { source: 'ai_agent', kinds: ['message'] }))[0];
  await expect.poll(grown).toBeDefined();
  const list = async (query: string) =>
    (await server.http('ann').get(`/sessions/${id}/events?wait_for_data=0${query}`).expect(200))
      .body as SessionEvent[];
  return {
    server,
    id,
    turn: turns[0]!,
    list,
    event: (await grown())!,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe('a message that grows', () => {
  it('is listed when it is whole, and what is behind it too; `growing=true` shows both at once', async () => {
    await using at = await startGrowing();
    await at.server.sessions.post(at.id, { kind: 'custom', source: 'customer_ui', data: { seen: true } });
    expect((await at.list('')).map(shorten)).toEqual(['customer: tell me', 'acknowledged', 'processing']);
    expect((await at.list('&growing=true')).map(shorten).slice(3)).toEqual(['agent: Once ', 'custom']);
    at.turn.finish();
    await expect
      .poll(async () => (await at.list('')).map(shorten).slice(3))
      .toEqual(['agent: Once ', 'custom', 'completed']);
  });

  it('ends a long-poll when it is whole, or at once with `growing=true`', async () => {
    await using at = await startGrowing();
    const poll = (query: string) =>
      at.server.http('ann').get(`/sessions/${at.id}/events?min_offset=3&wait_for_data=30${query}`);
    expect(((await poll('&growing=true').expect(200)).body as SessionEvent[]).map(shorten)).toEqual([
      'agent: Once ',
    ]);
    const waiting = poll('')
      .expect(200)
      .then(({ body }) => body as SessionEvent[]);
    await at.turn.say('upon a time');
    at.turn.finish();
    expect((await waiting).map(shorten)[0]).toBe('agent: Once upon a time');
  });

  it('is followed as a whole event each time it grows, to its end, by `read_event` with `sse`', async () => {
    await using at = await startGrowing();
    const response = await fetch(`${at.server.url}/sessions/${at.id}/events/${at.event.id}?sse=true`, {
      headers: { 'x-user-id': 'ann' },
    });
    const reading = response.text();
    await at.turn.say('upon a time');
    at.turn.finish();
    const frames = [...(await reading).matchAll(/^data: ?(.*)$/gm)].map(
      ([, json]) => JSON.parse(json ?? '') as SessionEvent,
    );
    const chunks = frames.map(({ data }) => (data as MessageData).chunks);
    expect(chunks[0]).toEqual(['Once ']);
    expect(chunks.at(-1)).toEqual(['Once ', 'upon a time', null]);
  });

  it('reaches our own streams chunk by chunk, and as an event when it is whole', async () => {
    await using at = await startGrowing();
    const leaving = new AbortController();
    const response = await fetch(`${at.server.url}/sessions/${at.id}/events`, {
      headers: { 'x-user-id': 'ann', accept: 'text/event-stream' },
      signal: leaving.signal,
    });
    let text = '';
    const reading = (async () => {
      for await (const part of response.body!.pipeThrough(new TextDecoderStream())) text += part;
    })().catch(() => {});
    await expect.poll(() => text).toMatch(/event: chunk\n.*Once /);
    expect(text).not.toMatch(/"source":"ai_agent","kind":"message"/);
    at.turn.finish();
    await expect.poll(() => text).toMatch(/"kind":"message".*"chunks":\["Once ",null\]/);
    leaving.abort();
    await reading;
  });
});
