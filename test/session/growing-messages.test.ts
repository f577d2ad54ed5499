import { describe, expect, it } from 'vitest';
import { defineAgent } from '../../src/agents/custom-agent.ts';
import type { Agent } from '../../src/agents/agent-runner.ts';
import type { MessageData, SessionEvent } from '../../src/event-log/event.ts';
import { wholeMessages } from '../../src/session/whole-messages.ts';
import { createHeldAgent, type Runtime, shorten, startRuntime } from '../support/runtime.ts';

/** The agent moved by hand, set to Parlant's output mode `stream`. */
function createStreamingAgent() {
  const { agent, turns } = createHeldAgent();
  return { agent: { ...agent, outputMode: 'stream' } as Agent, turns };
}

const dataOf = ({ data }: SessionEvent) => data as MessageData;
const message = async (runtime: Runtime, id: string) =>
  (await runtime.log.read(id, { source: 'ai_agent', kinds: ['message'] }))[0];

async function beginTurn(runtime: Runtime, id: string, turns: unknown[], count = 1) {
  await runtime.send(id, 'tell me');
  await expect.poll(() => turns.length).toBe(count);
}

describe('a message of an agent with output mode stream', () => {
  it('is stored with its first piece, grows in place, and is whole with the final ready in one commit', async () => {
    const { agent, turns } = createStreamingAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await beginTurn(runtime, id, turns);
    await turns[0]?.say('Once ');
    await expect
      .poll(() => message(runtime, id))
      .toMatchObject({ data: { message: 'Once ', chunks: ['Once '] } });
    await turns[0]?.say('upon a time');
    await expect
      .poll(async () => dataOf((await message(runtime, id))!).chunks)
      .toEqual(['Once ', 'upon a time']);
    const { offset } = (await message(runtime, id))!;
    turns[0]?.finish();
    await expect
      .poll(async () => (await runtime.story(id)).slice(-2))
      .toEqual(['agent: Once upon a time', 'completed']);
    const whole = (await message(runtime, id))!;
    expect(whole.offset).toBe(offset);
    expect(dataOf(whole).chunks).toEqual(['Once ', 'upon a time', null]);
  });

  it('is ended as interrupted, before the turn is closed, when a new message comes', async () => {
    const { agent, turns } = createStreamingAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await beginTurn(runtime, id, turns);
    await turns[0]?.say('I was just ');
    await expect.poll(() => message(runtime, id)).toBeDefined();
    await beginTurn(runtime, id, turns, 2);
    await expect.poll(() => runtime.story(id)).toContain('cancelled');
    const cut = (await message(runtime, id))!;
    expect(cut.metadata).toEqual({ interrupted: true });
    expect(dataOf(cut).chunks).toEqual(['I was just ', null]);
    expect((await runtime.story(id)).filter((what) => what.startsWith('agent'))).toHaveLength(1);
  });

  it('begins anew, in its place, when the process died while it grew', async () => {
    const { agent, turns } = createStreamingAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await beginTurn(runtime, id, turns);
    await turns[0]?.say('half');
    await expect.poll(() => message(runtime, id)).toBeDefined();
    const { id: eventId } = (await message(runtime, id))!;
    await runtime.restart();
    await expect.poll(() => turns.length).toBe(2);
    await turns[1]?.say('whole ');
    await turns[1]?.say('answer');
    turns[1]?.finish();
    await expect.poll(async () => (await runtime.story(id)).at(-1)).toBe('completed');
    const messages = await runtime.log.read(id, { source: 'ai_agent', kinds: ['message'] });
    expect(messages.map(({ id }) => id)).toEqual([eventId]);
    expect(dataOf(messages[0]!)).toMatchObject({
      message: 'whole answer',
      chunks: ['whole ', 'answer', null],
    });
  });

  it('is ended when the next attempt is given up before it speaks, or says nothing', async () => {
    const { agent, turns } = createStreamingAgent();
    await using runtime = await startRuntime([agent]);
    for (const end of ['stop', 'finish'] as const) {
      const id = await runtime.session();
      const before = turns.length;
      await beginTurn(runtime, id, turns, before + 1);
      await turns[before]?.say('half');
      await expect.poll(() => message(runtime, id)).toBeDefined();
      await runtime.restart();
      await expect.poll(() => turns.length).toBe(before + 2);
      if (end === 'stop') await runtime.sessions.stop(id);
      else turns[before + 1]?.finish();
      await expect.poll(() => runtime.story(id)).toContain('completed');
      await expect.poll(async () => dataOf((await message(runtime, id))!).chunks?.at(-1)).toBe(null);
    }
  });

  it('that fails in mid-text keeps the text as it stands', async () => {
    const { agent, turns } = createStreamingAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await beginTurn(runtime, id, turns);
    await turns[0]?.say('half');
    turns[0]?.fail(new Error('gone'));
    await expect
      .poll(async () => (await runtime.story(id)).slice(-3))
      .toEqual(['agent: half (interrupted)', 'completed', 'error: AGENT_FAILED']);
  });

  it('reaches a follower who does not follow its growth once, whole, and what is behind it afterwards', async () => {
    const { agent, turns } = createStreamingAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    const watching = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      const frames = await runtime.sessions.follow(id, { after: -1, signal: watching.signal });
      for await (const frame of wholeMessages(frames)) {
        if (frame.type === 'event') seen.push(shorten(frame.event));
        if (frame.type === 'updated') seen.push('updated');
      }
    })();
    await beginTurn(runtime, id, turns);
    await turns[0]?.say('one ');
    await expect.poll(() => message(runtime, id)).toBeDefined();
    await runtime.sessions.post(id, { kind: 'custom', source: 'customer_ui', data: { seen: true } });
    expect(seen).toEqual(['customer: tell me', 'acknowledged', 'processing']);
    await turns[0]?.say('two');
    turns[0]?.finish();
    await expect.poll(() => seen.slice(3)).toEqual(['agent: one two', 'custom', 'completed']);
    watching.abort();
    await following;
  });

  it('of one piece, or of none, is like any other', async () => {
    const agent = defineAgent({ id: 'plain', outputMode: 'stream', answer: ({ message }) => message });
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'all at once');
    await expect
      .poll(async () => (await runtime.story(id)).slice(-2))
      .toEqual(['agent: all at once', 'completed']);
    expect(dataOf((await message(runtime, id))!).chunks).toBeUndefined();
  });
});
