import { describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { createHeldAgent, type Runtime, startRuntime } from '../support/runtime.ts';

const lifecycleOf = async (runtime: Runtime, sessionId: string) =>
  (await runtime.sessions.stateOf(sessionId)).state;
const turnOf = async (runtime: Runtime, sessionId: string) =>
  (await runtime.sessions.stateOf(sessionId)).turn;

describe('a session', () => {
  it('is NOT_STARTED and empty when it is created', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    expect(await runtime.sessions.stateOf(id)).toMatchObject({
      state: 'NOT_STARTED',
      turn: null,
      live: false,
    });
    expect(await runtime.story(id)).toEqual([]);
  });

  it('starts and stops by command, as often as one likes', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    for (const _ of [1, 2])
      expect(await runtime.sessions.start(id)).toMatchObject({ state: 'POLLING', turn: 'idle' });
    for (const _ of [1, 2])
      expect(await runtime.sessions.stop(id)).toMatchObject({ state: 'STOPPED', turn: null, reason: 'USER' });
    expect((await runtime.log.lifecycleHistory(id)).map(({ state }) => state)).toEqual([
      'NOT_STARTED',
      'POLLING',
      'STOPPED',
    ]);
  });

  it('is brought back by a new message after a stop', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    await runtime.sessions.start(id);
    await runtime.sessions.stop(id);
    await runtime.send(id, 'hello');
    await expect.poll(() => turnOf(runtime, id)).toBe('ready');
    expect(await lifecycleOf(runtime, id)).toBe('POLLING');
  });

  it('closes the turn under way, and what waits behind it, when it is stopped', async () => {
    const { agent } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session({ interruption: 'enqueue' });
    for (const text of ['one', 'two']) await runtime.send(id, text);
    await runtime.sessions.stop(id);
    expect((await runtime.story(id)).filter((what) => what === 'cancelled' || what === 'completed')).toEqual([
      'cancelled',
      'completed',
      'cancelled',
      'completed',
    ]);
    expect(await runtime.sessions.get(id)).toMatchObject({
      openRun: null,
      waiting: [],
      lifecycle: 'STOPPED',
    });
  });

  it('cancels the turn under way and says nothing when there is none', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.sessions.cancel(id);
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    expect(await runtime.sessions.cancel(id)).toMatchObject({
      state: 'POLLING',
      turn: 'ready',
      traceId: null,
    });
    expect((await runtime.story(id)).slice(-2)).toEqual(['cancelled', 'completed']);
    expect(turns[0]?.turn.signal.aborted).toBe(true);
  });

  it('cancels the turn that is named, also one that waits, and tells one that is over', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session({ interruption: 'enqueue' });
    const one = await runtime.send(id, 'one');
    const two = await runtime.send(id, 'two');
    const three = await runtime.send(id, 'three');
    await expect.poll(() => turns.length).toBe(1);
    await runtime.sessions.cancel(id, { traceId: two.trace_id });
    expect((await runtime.sessions.get(id)).waiting.map(({ traceId }) => traceId)).toEqual([three.trace_id]);
    turns[0]?.finish();
    await expect.poll(() => turns.length).toBe(2);
    expect(turns[1]?.turn.trigger?.id).toBe(three.id);
    await expect(runtime.sessions.cancel(id, { traceId: one.trace_id })).rejects.toMatchObject({
      code: 'TURN_OVER',
    });
    expect(await runtime.sessions.cancel(id, { traceId: two.trace_id })).toMatchObject({ state: 'POLLING' });
    const note = await runtime.sessions.post(id, {
      kind: 'custom',
      source: 'customer_ui',
      data: { seen: true },
    });
    await expect(runtime.sessions.cancel(id, { traceId: note.trace_id })).rejects.toMatchObject({
      code: 'TURN_NOT_FOUND',
    });
    await expect(runtime.sessions.cancel(id, { traceId: 'unknown' })).rejects.toMatchObject({
      code: 'TURN_NOT_FOUND',
    });
  });

  it('is not found when it never was, or is no more', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    await runtime.sessions.delete(id);
    const { sessions } = runtime;
    const signal = new AbortController().signal;
    for (const attempt of [
      () => sessions.get(id),
      () => sessions.start(id),
      () => sessions.stop(id),
      () => sessions.cancel(id),
      () => sessions.stateOf(id),
      () => sessions.follow(id, { after: -1, signal }),
      () => sessions.update(id, { title: 'x' }),
      () => sessions.delete(id),
      () => runtime.send(id, 'hello'),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
    await expect(sessions.create({ agentId: 'nobody', customerId: 'ann' })).rejects.toMatchObject({
      code: 'AGENT_NOT_FOUND',
    });
  });

  it('that is deleted in mid-turn fires the signal, and its followers end', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    const frames: string[] = [];
    const following = (async () => {
      const { signal } = new AbortController();
      for await (const frame of await runtime.sessions.follow(id, { after: -1, signal }))
        frames.push(frame.type);
    })();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await runtime.sessions.delete(id);
    await following;
    expect(frames.at(-1)).toBe('removed');
    expect(turns[0]?.turn.signal.aborted).toBe(true);
  });
});

describe('memory', () => {
  it('is left by a quiet session nobody follows, and re-entered by a message', async () => {
    await using runtime = await startRuntime([createEchoAgent()], { idleAfterMs: 60_000 });
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turnOf(runtime, id)).toBe('ready');
    const before = await runtime.sessions.stateOf(id);
    for (const _ of [1, 2, 3, 4, 5]) await runtime.clock.advance(15_000);
    await expect.poll(async () => (await runtime.sessions.stateOf(id)).live).toBe(false);
    expect(await runtime.sessions.stateOf(id)).toMatchObject({ value: before.value, turn: 'ready' });
    await runtime.send(id, 'two');
    await expect.poll(async () => (await runtime.story(id)).at(-2)).toBe('agent: echo: two');
  });

  it('keeps a session that is followed or has a turn under way', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent], { idleAfterMs: 60_000, runTimeoutMs: 10_000_000 });
    const [busy, followed] = [await runtime.session(), await runtime.session()];
    await runtime.send(busy, 'one');
    await expect.poll(() => turns.length).toBe(1);
    const watching = new AbortController();
    const frames = await runtime.sessions.follow(followed, { after: -1, signal: watching.signal });
    const iterator = frames[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    for (const _ of [1, 2, 3, 4, 5, 6]) await runtime.clock.advance(15_000);
    for (const id of [busy, followed]) expect((await runtime.sessions.stateOf(id)).live).toBe(true);
    watching.abort();
    await next;
  });

  it('stops a session unused for SESSION_TTL_MS, with that reason', async () => {
    await using runtime = await startRuntime([createEchoAgent()], { sessionTtlMs: 60_000 });
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turnOf(runtime, id)).toBe('ready');
    await expect
      .poll(async () => {
        await runtime.clock.advance(15_000);
        return runtime.sessions.stateOf(id);
      })
      .toMatchObject({ state: 'STOPPED', reason: 'SESSION_TTL', live: false });
  });
});

describe('a session whose agent is configured no more', () => {
  it('can be followed, started and stopped; its open turn fails; messages are refused and nothing is stored', async () => {
    const { agent, turns } = createHeldAgent();
    const agents = [agent, createEchoAgent()];
    await using runtime = await startRuntime(agents);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    agents.shift();
    await runtime.restart();
    await expect.poll(async () => (await runtime.story(id)).at(-1)).toBe('error: AGENT_NOT_FOUND');
    const watching = new AbortController();
    const frames = await runtime.sessions.follow(id, { after: -1, signal: watching.signal });
    for await (const frame of frames) if (frame.type === 'event') break;
    watching.abort();
    await expect(runtime.send(id, 'two')).rejects.toMatchObject({ code: 'AGENT_NOT_FOUND' });
    expect((await runtime.story(id)).filter((what) => what.startsWith('customer'))).toEqual([
      'customer: one',
    ]);
    expect(await runtime.sessions.stop(id)).toMatchObject({ state: 'STOPPED' });
    expect(await runtime.sessions.start(id)).toMatchObject({ state: 'POLLING' });
    expect(await runtime.sessions.update(id, { title: 'kept' })).toMatchObject({ title: 'kept' });
    await runtime.sessions.update(id, { agentId: 'echo' });
    await runtime.send(id, 'three');
    await expect.poll(async () => (await runtime.story(id)).at(-2)).toBe('agent: echo: three');
  });
});

describe('the state at an offset', () => {
  it('is the same now and later, also at the last event, and is refused beyond it', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await expect(runtime.sessions.stateOf(id, { at: 0 })).rejects.toMatchObject({
      code: 'OFFSET_BEYOND_END',
    });
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await expect.poll(() => turnOf(runtime, id)).toBe('processing');
    const turnAt = async (at: number) => (await runtime.sessions.stateOf(id, { at })).turn;
    const last = async () => (await runtime.sessions.get(id)).nextOffset - 1;
    const then = await last();
    expect(await turnAt(then)).toBe('processing');
    turns[0]?.finish();
    await expect.poll(() => turnOf(runtime, id)).toBe('ready');
    expect(await turnAt(then)).toBe('processing');
    await runtime.sessions.stop(id);
    const end = await last();
    expect(await turnAt(end)).toBe('ready');
    await runtime.send(id, 'two');
    expect(await turnAt(end)).toBe('ready');
    await expect(turnAt((await last()) + 1)).rejects.toMatchObject({ status: 422 });
  });

  it('is what it was: every step of two turns, a stop and a start', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turnOf(runtime, id)).toBe('ready');
    await runtime.sessions.stop(id);
    await runtime.send(id, 'two');
    await expect.poll(() => turnOf(runtime, id)).toBe('ready');
    const states = [];
    for (let at = 0; at < 10; at++) {
      const { state, turn } = await runtime.sessions.stateOf(id, { at });
      states.push(`${state} ${turn}`);
    }
    const turn = ['acknowledged', 'acknowledged', 'processing', 'processing', 'ready'].map(
      (turn) => `POLLING ${turn}`,
    );
    expect(states).toEqual([...turn, ...turn]);
  });

  it('follows interruptions and cancels', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    const two = await runtime.send(id, 'two');
    await expect.poll(() => turns.length).toBe(2);
    await runtime.sessions.cancel(id);
    await runtime.sessions.stop(id);
    const at = async (offset: number) => runtime.sessions.stateOf(id, { at: offset });
    expect(await at(two.offset)).toMatchObject({ turn: 'acknowledged', traceId: two.trace_id });
    expect(await at(two.offset + 4)).toMatchObject({ turn: 'processing', traceId: two.trace_id });
    expect(await at(two.offset + 5)).toMatchObject({ state: 'POLLING' });
  });
});

describe('a turn whose last words are stored when the process dies', () => {
  it('only gets its ready: nothing is said again, and its agent is not asked', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    const { trace_id } = await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    const words = { message: 'All I have to say.', participant: { id: 'held', display_name: 'Held' } };
    await runtime.log.append(id, [{ kind: 'message', source: 'ai_agent', trace_id, data: words }], {
      run: { runId: trace_id, attempt: 1 },
      answersRun: true,
    });
    await runtime.restart();
    await expect
      .poll(async () => (await runtime.story(id)).slice(3))
      .toEqual(['agent: All I have to say.', 'completed']);
    expect(turns).toHaveLength(1);
    expect(await turnOf(runtime, id)).toBe('ready');
  });
});

describe('a turn that ends the process each time', () => {
  it('is given up after ten attempts', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'poison');
    for (let attempt = 1; attempt <= 10; attempt++) {
      await expect.poll(() => turns.at(-1)?.turn.attempt).toBe(attempt);
      await runtime.restart();
    }
    expect(turns).toHaveLength(10);
    await expect
      .poll(async () => (await runtime.story(id)).slice(-2))
      .toEqual(['completed', 'error: RUN_ABANDONED']);
  });
});

describe('shutdown', () => {
  it('refuses commands, lets a run finish within the grace, and leaves no wait behind', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent], { shutdownGraceMs: 20_000 });
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    const down = runtime.sessions.shutdown();
    await expect(runtime.send(id, 'two')).rejects.toMatchObject({ code: 'SHUTTING_DOWN', status: 503 });
    await turns[0]?.say('done');
    turns[0]?.finish();
    await down;
    expect((await runtime.story(id)).slice(-2)).toEqual(['agent: done', 'completed']);
    expect(runtime.clock.pending()).toBe(0);
    expect(runtime.directory.getSnapshot().context.sessions.size).toBe(0);
  });

  it('aborts what is not done in time without a word, and the next start takes the turn up as the next attempt', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await turns[0]?.say('half');
    await runtime.restart();
    await expect.poll(() => turns.length).toBe(2);
    expect(turns[0]?.turn.signal.aborted).toBe(true);
    expect(turns[1]?.turn).toMatchObject({ runId: turns[0]?.turn.runId, attempt: 2 });
    await turns[1]?.say('whole');
    turns[1]?.finish();
    await expect
      .poll(() => runtime.story(id))
      .toEqual(['customer: one', 'acknowledged', 'processing', 'processing', 'agent: whole', 'completed']);
  });
});
