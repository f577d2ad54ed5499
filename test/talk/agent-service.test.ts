import { describe, expect, it } from 'vitest';
import { createAgentDirectory } from '../../src/agents/agent-directory.ts';
import type { Agent } from '../../src/agents/agent-runner.ts';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { messageTextOf } from '../../src/event-log/event.ts';
import { createAgentService } from '../../src/talk/agent-service.ts';
import { createHeldAgent, type Runtime, startRuntime } from '../support/runtime.ts';

async function startService(agents: readonly Agent[] = [createEchoAgent()], turnTimeoutMs = 10_000) {
  const runtime = await startRuntime(agents);
  const service = createAgentService({
    sessions: runtime.sessions,
    agents: createAgentDirectory(agents),
    log: runtime.log,
    defaultAgent: agents[0]?.id ?? '',
    limits: { turnTimeoutMs, sessionsPerCustomer: 3, maxMessageChars: 100 },
  });
  return { runtime, service, [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose]() };
}

const textsOf = (
  events: readonly { readonly kind: 'message' | 'status' | 'tool' | 'custom'; readonly data: never }[],
) => events.map(messageTextOf);

async function lastCompleted(runtime: Runtime, sessionId: string, count: number) {
  await expect
    .poll(async () => (await runtime.story(sessionId)).filter((what) => what === 'completed').length)
    .toBe(count);
}

describe('a talk session', () => {
  it('is created, listed and talked to by its user', async () => {
    await using talk = await startService();
    const { id } = await talk.service.createTalkSession('ann', { title: 'First' });
    await talk.service.addMessage('ann', id, 'hello');
    await lastCompleted(talk.runtime, id, 1);
    const { items } = await talk.service.listSessions('ann');
    expect(items.map(({ title }) => title)).toEqual(['First']);
    expect((await talk.runtime.story(id)).filter((what) => what.includes(':'))).toEqual([
      'customer: hello',
      'agent: echo: hello',
    ]);
  });

  it('takes messages of so many characters, whatever each takes in UTF-16', async () => {
    await using talk = await startService();
    const { service } = talk;
    const { id } = await service.createTalkSession('ann');
    const smile = String.fromCodePoint(0x1f600);
    expect(await service.addMessage('ann', id, smile.repeat(100))).toMatchObject({ offset: 0 });
    for (const text of [smile.repeat(101), 'x'.repeat(101)])
      await expect(service.addMessage('ann', id, text)).rejects.toThrow(
        'has 101 characters; at most 100 are taken',
      );
  });

  it('of another user is refused as if it did not exist, by every call, and nothing is stored', async () => {
    await using talk = await startService();
    const { service } = talk;
    const { id } = await service.createTalkSession('ann');
    const { signal } = new AbortController();
    const place = { sessionId: id, traceId: 't', offset: 0 };
    const messageOf = async (call: () => Promise<unknown>) =>
      call().then(String, ({ message }: Error) => message);
    const calls = (sessionId: string): (() => Promise<unknown>)[] => [
      () => service.getSession('bob', sessionId),
      () => service.addMessage('bob', sessionId, 'hi'),
      () => service.getMessages('bob', sessionId, { signal }),
      () => service.process({ userId: 'bob', sessionId, text: 'hi' }),
      () => service.processStream({ userId: 'bob', sessionId, text: 'hi' }),
      () => service.rejoin('bob', { ...place, sessionId }),
      () => service.rejoinStream('bob', { ...place, sessionId }),
      () => service.startSessionPolling('bob', sessionId),
      () => service.stopSessionPolling('bob', sessionId),
    ];
    const theirs = await Promise.all(calls(id).map(messageOf));
    const nobodys = await Promise.all(calls('none').map(messageOf));
    expect(theirs.map((text) => text.replace(id, 'none'))).toEqual(nobodys);
    expect(await talk.runtime.story(id)).toEqual([]);
    expect((await service.listSessions('bob')).items).toEqual([]);
  });

  it('keeps every one of many rapid messages, in order, and answers the last', async () => {
    await using talk = await startService();
    const { id } = await talk.service.createTalkSession('ann');
    const texts = Array.from({ length: 30 }, (_, index) => `message ${index}`);
    await Promise.all(texts.map((text) => talk.service.addMessage('ann', id, text)));
    await lastCompleted(talk.runtime, id, texts.length);
    const story = await talk.runtime.story(id);
    expect(story.filter((what) => what.startsWith('customer'))).toEqual(
      texts.map((text) => `customer: ${text}`),
    );
    expect(story.at(-2)).toBe('agent: echo: message 29');
  });

  it('gives its messages: those stored, then new ones as they come', async () => {
    await using talk = await startService();
    const { id } = await talk.service.createTalkSession('ann');
    await talk.service.process({ userId: 'ann', sessionId: id, text: 'one' });
    const leaving = new AbortController();
    const seen: (string | undefined)[] = [];
    const reading = (async () => {
      for await (const message of await talk.service.getMessages('ann', id, { signal: leaving.signal }))
        seen.push(messageTextOf(message));
    })();
    await expect.poll(() => seen.length).toBe(2);
    await talk.service.addMessage('ann', id, 'two');
    await expect.poll(() => seen).toEqual(['one', 'echo: one', 'two', 'echo: two']);
    leaving.abort();
    await reading;
  });

  it('is started and stopped', async () => {
    await using talk = await startService();
    const { id } = await talk.service.createTalkSession('ann');
    expect(await talk.service.startSessionPolling('ann', id)).toMatchObject({ state: 'POLLING' });
    expect(await talk.service.stopSessionPolling('ann', id)).toMatchObject({ state: 'STOPPED' });
  });

  it('is refused past the number a customer may have, and for an unknown agent', async () => {
    await using talk = await startService();
    for (let made = 0; made < 3; made++) await talk.service.createTalkSession('ann');
    await expect(talk.service.createTalkSession('ann')).rejects.toMatchObject({ code: 'TOO_MANY_SESSIONS' });
    await expect(talk.service.createTalkSession('bob', { agentId: 'nobody' })).rejects.toMatchObject({
      code: 'AGENT_NOT_FOUND',
    });
    expect((await talk.service.listSessions('ann')).items).toHaveLength(3);
  });
});

describe('process', () => {
  it('answers one turn, in the latest session with the agent or a new one', async () => {
    await using talk = await startService();
    const one = await talk.service.process({ userId: 'ann', text: 'one' });
    const two = await talk.service.process({ userId: 'ann', text: 'two' });
    expect(one).toMatchObject({ status: 'ready', offset: 0 });
    expect(two.sessionId).toBe(one.sessionId);
    expect(textsOf(two.messages as never)).toEqual(['echo: two']);
    expect(new Set(two.messages.map(({ trace_id }) => trace_id))).toEqual(new Set([two.traceId]));
  });

  it('makes one session of two first messages at once', async () => {
    await using talk = await startService();
    const turns = await Promise.all(
      ['one', 'two'].map((text) => talk.service.process({ userId: 'ann', text })),
    );
    expect(new Set(turns.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(turns.map(({ status }) => status)).toEqual(['interrupted', 'ready']);
  });

  it('says how the turn ended: error, interrupted, timeout, manual', async () => {
    const { agent, turns } = createHeldAgent();
    await using talk = await startService([agent], 300);
    const { id: sessionId } = await talk.service.createTalkSession('ann');
    const process = (text: string) => talk.service.process({ userId: 'ann', sessionId, text });
    const failing = process('fail');
    await expect.poll(() => turns.length).toBe(1);
    turns[0]?.fail(new Error('no'));
    expect(await failing).toMatchObject({ status: 'error', messages: [] });
    const cancelled = process('cancel');
    await expect.poll(() => turns.length).toBe(2);
    await talk.runtime.sessions.cancel(sessionId);
    expect(await cancelled).toMatchObject({ status: 'interrupted', messages: [] });
    expect(await process('wait for ever')).toMatchObject({ status: 'timeout', messages: [] });
    await talk.runtime.sessions.update(sessionId, { mode: 'manual' });
    expect(await process('a human will see to it')).toMatchObject({ status: 'manual', messages: [] });
  });

  it('streams the turn: state, message, chunks, statuses, then how it ended', async () => {
    await using talk = await startService();
    const stream = await talk.service.processStream({ userId: 'ann', text: 'hello there' });
    const kinds: string[] = [];
    let chunks = '';
    for await (const frame of stream.frames) {
      kinds.push(frame.type === 'event' ? frame.event.kind : frame.type);
      if (frame.type === 'chunk') chunks += frame.chunk.text;
    }
    expect(kinds[0]).toBe('state');
    expect(kinds.filter((kind) => kind !== 'state')).toEqual([
      'message',
      'status',
      'status',
      ...Array.from({ length: 5 }, () => 'chunk'),
      'message',
      'status',
    ]);
    expect(chunks).toBe('echo: hello there');
    expect(await stream.outcome).toMatchObject({ status: 'ready', traceId: stream.traceId });
  });

  it('goes on when its caller goes away', async () => {
    const { agent, turns } = createHeldAgent();
    await using talk = await startService([agent]);
    const leaving = new AbortController();
    const stream = await talk.service.processStream({ userId: 'ann', text: 'hello', signal: leaving.signal });
    const reading = (async () => {
      for await (const _ of stream.frames);
    })();
    await expect.poll(() => turns.length).toBe(1);
    leaving.abort();
    await reading;
    await turns[0]?.say('still here');
    turns[0]?.finish();
    await lastCompleted(talk.runtime, stream.sessionId, 1);
    expect((await talk.runtime.story(stream.sessionId)).at(-2)).toBe('agent: still here');
    expect(await talk.service.rejoin('ann', stream)).toMatchObject({ status: 'ready' });
  });

  it.each([
    ['', 'INVALID_MESSAGE'],
    [' \n', 'INVALID_MESSAGE'],
    ['x'.repeat(101), 'INVALID_MESSAGE'],
  ])('refuses the text %j, and nothing is stored', async (text, code) => {
    await using talk = await startService();
    const { id } = await talk.service.createTalkSession('ann');
    await expect(talk.service.addMessage('ann', id, text)).rejects.toMatchObject({ code, status: 422 });
    await expect(talk.service.process({ userId: 'ann', sessionId: id, text })).rejects.toMatchObject({
      code,
    });
    await expect(talk.service.processStream({ userId: 'ann', sessionId: id, text })).rejects.toMatchObject({
      code,
    });
    expect(await talk.runtime.story(id)).toEqual([]);
  });

  it('refuses an intent that is not the session’s, and one that is unknown', async () => {
    await using talk = await startService([createEchoAgent(), createHeldAgent().agent]);
    const { id: sessionId } = await talk.service.createTalkSession('ann');
    const ask = (agentId: string) => talk.service.process({ userId: 'ann', sessionId, agentId, text: 'hi' });
    await expect(ask('held')).rejects.toMatchObject({ code: 'INTENT_MISMATCH', status: 409 });
    await expect(ask('nobody')).rejects.toMatchObject({ code: 'AGENT_NOT_FOUND', status: 404 });
    expect(await talk.runtime.story(sessionId)).toEqual([]);
  });
});
