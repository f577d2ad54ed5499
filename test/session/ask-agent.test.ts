import { describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { createHeldAgent, startRuntime } from '../support/runtime.ts';

describe('asking the agent to speak', () => {
  it('answers the last message again, in a turn of its own', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    const { trace_id: first } = await runtime.send(id, 'hello');
    await expect.poll(async () => (await runtime.sessions.stateOf(id)).turn).toBe('ready');
    const status = await runtime.sessions.ask(id);
    expect(status).toMatchObject({ kind: 'status', data: { status: 'acknowledged' } });
    expect(status.trace_id).not.toBe(first);
    await expect.poll(async () => (await runtime.story(id)).slice(5)).toHaveLength(4);
    const turn = (await runtime.log.read(id)).slice(5);
    expect(new Set(turn.map(({ trace_id }) => trace_id))).toEqual(new Set([status.trace_id]));
    expect(await runtime.story(id)).toEqual([
      'customer: hello',
      'acknowledged',
      'processing',
      'agent: echo: hello',
      'completed',
      'acknowledged',
      'processing',
      'agent: echo: hello',
      'completed',
    ]);
  });

  it('answers what is left when the end of the session was deleted', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    for (const [index, text] of ['one', 'two'].entries()) {
      await runtime.send(id, text);
      await expect.poll(async () => (await runtime.story(id)).length).toBe(5 * (index + 1));
    }
    await runtime.sessions.removeEvents(id, 5);
    await runtime.sessions.ask(id);
    await expect
      .poll(async () => (await runtime.story(id)).slice(5))
      .toEqual(['acknowledged', 'processing', 'agent: echo: one', 'completed']);
    await runtime.sessions.removeEvents(id, 0);
    await expect(runtime.sessions.ask(id)).rejects.toMatchObject({ code: 'NOTHING_TO_ANSWER' });
  });

  it('interrupts the turn under way, as a message does', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'hello');
    await expect.poll(() => turns.length).toBe(1);
    const { trace_id: asked } = await runtime.sessions.ask(id);
    expect(await runtime.story(id)).toEqual([
      'customer: hello',
      'acknowledged',
      'processing',
      'cancelled',
      'completed',
      'acknowledged',
      'processing',
    ]);
    expect((await runtime.sessions.stateOf(id)).traceId).toBe(asked);
  });

  it('waits for its turn under policy enqueue', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session({ interruption: 'enqueue' });
    await runtime.send(id, 'hello');
    const asked = runtime.sessions.ask(id);
    await expect.poll(async () => (await runtime.sessions.stateOf(id)).queueDepth).toBe(1);
    await expect.poll(() => turns.length).toBe(1);
    turns[0]?.finish();
    expect(await asked).toMatchObject({ data: { status: 'acknowledged' } });
  });

  it('is given up when its turn has not come within a minute', async () => {
    const { agent } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session({ interruption: 'enqueue' });
    await runtime.send(id, 'hello');
    const asked = runtime.sessions.ask(id);
    asked.catch(() => {});
    await expect.poll(async () => (await runtime.sessions.stateOf(id)).queueDepth).toBe(1);
    await runtime.clock.advance(60_000);
    await expect(asked).rejects.toMatchObject({ code: 'TURN_IN_PROGRESS' });
    await expect.poll(async () => (await runtime.sessions.stateOf(id)).queueDepth).toBe(0);
  });

  it('is taken up again after a crash', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'hello');
    await expect.poll(() => turns.length).toBe(1);
    const { trace_id: asked } = await runtime.sessions.ask(id);
    await runtime.restart();
    await expect
      .poll(() => turns.at(-1)?.turn)
      .toMatchObject({ runId: asked, attempt: 2, trigger: { data: { message: 'hello' } } });
    turns.at(-1)?.finish();
    await expect.poll(async () => (await runtime.sessions.stateOf(id)).turn).toBe('ready');
  });

  it('is refused where there is nothing to answer, in mode manual, and under policy reject while it answers', async () => {
    const { agent } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session({ interruption: 'reject' });
    await expect(runtime.sessions.ask(id)).rejects.toMatchObject({ code: 'NOTHING_TO_ANSWER' });
    await expect(runtime.sessions.ask('nobody')).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
    await runtime.send(id, 'hello');
    await expect(runtime.sessions.ask(id)).rejects.toMatchObject({ code: 'TURN_IN_PROGRESS' });
    await runtime.sessions.update(id, { mode: 'manual' });
    await expect(runtime.sessions.ask(id)).rejects.toMatchObject({ code: 'MANUAL_MODE' });
  });

  it('is given up when the session is stopped before its turn has come', async () => {
    const { agent } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session({ interruption: 'enqueue' });
    await runtime.send(id, 'hello');
    const asked = runtime.sessions.ask(id);
    asked.catch(() => {});
    await expect.poll(async () => (await runtime.sessions.stateOf(id)).queueDepth).toBe(1);
    await runtime.sessions.stop(id);
    await expect(asked).rejects.toMatchObject({ code: 'TURN_GIVEN_UP' });
  });

  it('is seen where the session stood at any offset', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    await runtime.send(id, 'hello');
    await expect.poll(async () => (await runtime.sessions.stateOf(id)).turn).toBe('ready');
    const { trace_id: asked } = await runtime.sessions.ask(id);
    await expect.poll(async () => (await runtime.story(id)).at(-1)).toBe('completed');
    await runtime.sessions.post(id, {
      kind: 'status',
      source: 'ai_agent',
      data: { status: 'acknowledged', data: {} },
    });
    const past = await Promise.all(
      [0, 2, 4, 5, 6, 7, 8].map(async (at) => {
        const { turn, traceId } = await runtime.sessions.stateOf(id, { at });
        return [turn, traceId === asked];
      }),
    );
    expect(past).toEqual([
      ['acknowledged', false],
      ['processing', false],
      ['ready', false],
      ['acknowledged', true],
      ['processing', true],
      ['processing', true],
      ['ready', false],
    ]);
  });

  it('ends when the session is deleted or the server stops while it waits', async () => {
    const { agent } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const ids = [
      await runtime.session({ interruption: 'enqueue' }),
      await runtime.session({ interruption: 'enqueue' }),
    ] as const;
    for (const id of ids) await runtime.send(id, 'hello');
    const [first, second] = ids.map((id) => runtime.sessions.ask(id).catch((error: unknown) => error));
    for (const id of ids)
      await expect.poll(async () => (await runtime.sessions.stateOf(id)).queueDepth).toBe(1);
    await runtime.sessions.delete(ids[0]);
    expect(await first).toMatchObject({ code: 'SESSION_NOT_FOUND' });
    await runtime.sessions.shutdown();
    expect(await second).toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
