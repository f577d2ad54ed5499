import { describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { createHeldAgent, startRuntime } from '../support/runtime.ts';

describe('taking back the end of a session', () => {
  it('is possible from the beginning of a turn, never from inside one', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    for (const [index, text] of ['one', 'two'].entries()) {
      await runtime.send(id, text);
      await expect.poll(async () => (await runtime.story(id)).length).toBe(5 * (index + 1));
    }
    await expect(runtime.sessions.removeEvents(id, 7)).rejects.toMatchObject({
      code: 'MID_TURN',
      status: 422,
    });
    await runtime.sessions.removeEvents(id, 5);
    await runtime.sessions.removeEvents(id, 5);
    expect(await runtime.story(id)).toHaveLength(5);
    expect((await runtime.send(id, 'three')).offset).toBe(10);
  });

  it('gives up a turn whose message is taken back, and the messages that wait behind it', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session({ interruption: 'enqueue' });
    for (const text of ['one', 'two', 'three']) await runtime.send(id, text);
    await expect.poll(() => turns.length).toBe(1);
    await runtime.sessions.removeEvents(id, 0);
    expect(turns[0]?.turn.signal.aborted).toBe(true);
    expect(await runtime.sessions.get(id)).toMatchObject({ openRun: null, waiting: [] });
    expect(await runtime.sessions.stateOf(id)).toMatchObject({ turn: 'ready', queueDepth: 0 });
    expect(await runtime.story(id)).toEqual([]);
  });

  it('leaves a turn alone that began before', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    const note = await runtime.sessions.post(id, { kind: 'custom', source: 'system', data: { a: 1 } });
    await runtime.sessions.removeEvents(id, note.offset);
    turns[0]?.finish();
    await expect.poll(async () => (await runtime.story(id)).at(-1)).toBe('completed');
  });

  it('ends a turn without a word whose message was gone when the process came back', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await runtime.log.remove(id, 0);
    await runtime.restart();
    await expect.poll(async () => (await runtime.sessions.get(id)).openRun).toBeNull();
    expect(turns).toHaveLength(1);
    await runtime.send(id, 'two');
    await expect.poll(() => turns.length).toBe(2);
  });
});
