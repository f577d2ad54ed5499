import { describe, expect, it } from 'vitest';
import { toDirectedGraph } from 'xstate/graph';
import { sessionMachine } from '../../machines/session.machine.ts';
import { defineAgent } from '../../src/agents/custom-agent.ts';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import type { Frame } from '../../src/event-log/frame.ts';
import { createHeldAgent, type Runtime, shorten, startRuntime } from '../support/runtime.ts';

const completedOf = async (runtime: Runtime, sessionId: string) =>
  (await runtime.story(sessionId)).filter((what) => what === 'completed').length;

type Graph = ReturnType<typeof toDirectedGraph>;
const edgesIn = ({ edges, children }: Graph): string[] => [
  ...edges.map(({ id }) => id),
  ...children.flatMap(edgesIn),
];

/** Waits until that many turns of the session are over. */
async function turnsOver(runtime: Runtime, sessionId: string, count: number) {
  await expect.poll(() => completedOf(runtime, sessionId), { interval: 2 }).toBe(count);
}

describe('a turn', () => {
  it('is one message, its statuses and its answer, all of one trace', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    const { trace_id } = await runtime.send(id, 'hello');
    await turnsOver(runtime, id, 1);
    expect(await runtime.story(id)).toEqual([
      'customer: hello',
      'acknowledged',
      'processing',
      'agent: echo: hello',
      'completed',
    ]);
    const events = await runtime.log.read(id);
    expect(new Set(events.map((event) => event.trace_id))).toEqual(new Set([trace_id]));
  });

  it('is streamed chunk by chunk, then replaced by the message with the same id', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    const watching = new AbortController();
    const frames: Frame[] = [];
    const following = (async () => {
      for await (const frame of await runtime.sessions.follow(id, { after: -1, signal: watching.signal })) {
        frames.push(frame);
        if (frame.type === 'event' && frame.event.offset === 4) return;
      }
    })();
    await expect.poll(() => frames.length).toBe(1);
    await runtime.send(id, 'hello there');
    await following;
    const chunks = frames.flatMap((frame) => (frame.type === 'chunk' ? [frame.chunk] : []));
    const message = frames.find((frame) => frame.type === 'event' && frame.event.offset === 3);
    expect(chunks.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(chunks.map(({ text }) => text).join('')).toBe('echo: hello there');
    expect(message).toMatchObject({ event: { id: chunks[0]?.message_id } });
    const states = frames.flatMap((frame) => (frame.type === 'state' ? [frame] : []));
    expect(states.map(({ json }) => JSON.parse(json) as unknown)).toEqual(states.map(({ state }) => state));
    const edges = edgesIn(toDirectedGraph(sessionMachine));
    for (const { state } of states.slice(1)) expect(edges).toContain(state.transition?.id);
    watching.abort();
  });

  it('follows another: several messages in sequence, one listening start', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    for (const count of [1, 2, 3]) {
      await runtime.send(id, `message ${count}`);
      await turnsOver(runtime, id, count);
    }
    const history = await runtime.log.lifecycleHistory(id);
    expect(history.map(({ state }) => state)).toEqual(['NOT_STARTED', 'POLLING']);
    expect((await runtime.story(id)).filter((what) => what.startsWith('agent'))).toHaveLength(3);
  });

  it('that fails ends with `ready` and `error`, and the next message is answered', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    turns[0]?.fail(new TypeError('no such thing'));
    await turnsOver(runtime, id, 1);
    expect((await runtime.story(id)).slice(-2)).toEqual(['completed', 'error: AGENT_FAILED']);
    const [error] = await runtime.log.read(id, { last: 1 });
    expect(error?.data).toEqual({
      status: 'error',
      data: { exception: 'TypeError: no such thing', code: 'AGENT_FAILED' },
    });
    await runtime.send(id, 'two');
    await expect.poll(() => turns.length).toBe(2);
    turns[1]?.finish();
    await turnsOver(runtime, id, 2);
  });

  it('that fails is told to operators, with the place in the code and no word of what was said', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    const { trace_id: traceId } = await runtime.send(id, 'my secret');
    await expect.poll(() => turns.length).toBe(1);
    turns[0]?.fail(new TypeError('no use for "my secret"\n    at a loss'));
    await turnsOver(runtime, id, 1);
    const [told] = runtime.warnings;
    expect(told).toMatchObject({ sessionId: id, agentId: 'held', traceId, code: 'AGENT_FAILED' });
    expect(told).toMatchObject({
      error: 'TypeError',
      at: expect.arrayContaining([expect.stringContaining('turns.test.ts')]),
    });
    expect(JSON.stringify(runtime.warnings)).not.toMatch(/secret|loss/);
  });

  it('that fails in mid-text keeps the text as it stands', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await turns[0]?.say('half a ');
    turns[0]?.fail(new Error('gone'));
    await turnsOver(runtime, id, 1);
    expect((await runtime.story(id)).slice(-3)).toEqual([
      'agent: half a  (interrupted)',
      'completed',
      'error: AGENT_FAILED',
    ]);
  });

  it('that hangs ends by the time limit, and the signal fires', async () => {
    const { agent, turns } = createHeldAgent({ heedsSignal: false });
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await runtime.clock.advance(120_000);
    await turnsOver(runtime, id, 1);
    expect((await runtime.story(id)).slice(-2)).toEqual(['completed', 'error: RUN_TIMEOUT']);
    expect(turns[0]?.turn.signal.aborted).toBe(true);
  });

  it('of an agent that says nothing is over all the same', async () => {
    await using runtime = await startRuntime([defineAgent({ id: 'mute', async *answer() {} })]);
    const id = await runtime.session();
    await runtime.send(id, 'hello');
    await turnsOver(runtime, id, 1);
    expect(await runtime.story(id)).toEqual(['customer: hello', 'acknowledged', 'processing', 'completed']);
  });

  it('of an agent that does not wait for its words leaves the process alone', async () => {
    const late = Promise.withResolvers<unknown>();
    const agent = defineAgent({
      id: 'hasty',
      async *answer({ say }) {
        setTimeout(() => late.resolve(say('too late').catch((error: unknown) => error)), 20);
        yield 'in time';
      },
    });
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'hello');
    await turnsOver(runtime, id, 1);
    expect(await late.promise).toMatchObject({ code: 'RUN_CLOSED' });
    expect((await runtime.story(id)).filter((what) => what.startsWith('agent'))).toEqual(['agent: in time']);
  });

  it.each([
    ['nothing with a text', () => Object.create(null) as unknown],
    ['a message that is no text', () => Object.assign(new Error('x'), { message: Symbol('odd') })],
    ['five million characters', () => new Error('x'.repeat(5_000_000))],
  ])('whose agent throws %s fails as any other', async (_, thrown) => {
    const agent = defineAgent({
      id: 'odd',
      answer: () => {
        throw thrown();
      },
    });
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'hello');
    await turnsOver(runtime, id, 1);
    const [error] = await runtime.log.read(id, { last: 1 });
    expect(error?.data).toMatchObject({ data: { code: 'AGENT_FAILED' } });
    expect(JSON.stringify(error).length).toBeLessThan(2_000);
  });

  it('starts nothing in mode manual', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    await runtime.sessions.update(id, { mode: 'manual' });
    await runtime.send(id, 'hello');
    expect(await runtime.story(id)).toEqual(['customer: hello']);
    expect((await runtime.sessions.stateOf(id)).state).toBe('NOT_STARTED');
  });

  it('shows its agent the history with the trigger last', async () => {
    const seen: (string | undefined)[][] = [];
    const agent = defineAgent({
      id: 'reader',
      async *answer({ history }) {
        const events = await history.last(10);
        seen.push(events.map(({ data }) => (data as { message?: string }).message));
        yield 'ok';
      },
    });
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session({ interruption: 'enqueue' });
    await Promise.all(['one', 'two', 'three'].map((text) => runtime.send(id, text)));
    await turnsOver(runtime, id, 3);
    expect(seen).toEqual([['one'], ['one', 'ok', 'two'], ['one', 'two', 'ok', 'ok', 'three']]);
  });
});

describe('a new message while a turn is under way', () => {
  it('interrupts: the old turn is closed before the new one is acknowledged', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await runtime.send(id, 'two');
    await expect.poll(() => turns.length).toBe(2);
    turns[1]?.finish();
    await turnsOver(runtime, id, 2);
    expect(await runtime.story(id)).toEqual([
      'customer: one',
      'acknowledged',
      'processing',
      'customer: two',
      'cancelled',
      'completed',
      'acknowledged',
      'processing',
      'completed',
    ]);
  });

  it('keeps the text that was being streamed, marked as interrupted, under its streamed id', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await turns[0]?.say('I was just ');
    await runtime.send(id, 'two');
    await turnsOver(runtime, id, 1);
    expect((await runtime.story(id)).slice(3, 7)).toEqual([
      'customer: two',
      'agent: I was just  (interrupted)',
      'cancelled',
      'completed',
    ]);
  });

  it('lets nothing of a run through that ignores its signal, and waits for it to let go before the next begins', async () => {
    const { agent, turns } = createHeldAgent({ heedsSignal: false });
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await runtime.send(id, 'two');
    await turnsOver(runtime, id, 1);
    expect(turns).toHaveLength(1);
    turns[0]?.finish();
    await expect.poll(() => turns.length).toBe(2);
    turns[1]?.finish();
    await turnsOver(runtime, id, 2);
    expect((await runtime.story(id)).filter((what) => what.startsWith('agent'))).toEqual([]);
  });

  it('goes on after RUN_WIND_DOWN_MS when the old run never lets go', async () => {
    const { agent, turns } = createHeldAgent({ heedsSignal: false });
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await runtime.send(id, 'two');
    await turnsOver(runtime, id, 1);
    await runtime.send(id, 'three');
    await turnsOver(runtime, id, 2);
    expect(turns).toHaveLength(1);
    await runtime.clock.advance(5_000);
    await expect.poll(() => turns.length).toBe(2);
    expect(turns[1]?.turn.trigger?.data).toMatchObject({ message: 'three' });
  });

  it('that was overtaken before its run began is closed without having been acknowledged', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session();
    const sent = await Promise.all(['one', 'two', 'three'].map((text) => runtime.send(id, text)));
    await turnsOver(runtime, id, 3);
    const storyOf = async (traceId: string | undefined) =>
      (await runtime.log.read(id, { traceId: traceId ?? '' })).map(shorten);
    expect(await storyOf(sent[1]?.trace_id)).toEqual(['customer: two', 'cancelled', 'completed']);
    expect((await storyOf(sent[2]?.trace_id)).slice(-2)).toEqual(['agent: echo: three', 'completed']);
    expect(sent.map(({ offset }) => offset)).toEqual([0, 1, 2]);
  });

  it('waits for its turn under policy enqueue', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session({ interruption: 'enqueue' });
    await Promise.all(['one', 'two', 'three'].map((text) => runtime.send(id, text)));
    await turnsOver(runtime, id, 3);
    expect((await runtime.story(id)).filter((what) => what.startsWith('agent'))).toEqual([
      'agent: echo: one',
      'agent: echo: two',
      'agent: echo: three',
    ]);
  });

  it('is refused under policy reject, also when both come at once, and nothing is stored', async () => {
    await using runtime = await startRuntime([createEchoAgent()]);
    const id = await runtime.session({ interruption: 'reject' });
    const results = await Promise.allSettled(['one', 'two'].map((text) => runtime.send(id, text)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(results[1]).toMatchObject({ reason: { code: 'TURN_IN_PROGRESS', status: 409 } });
    await turnsOver(runtime, id, 1);
    await runtime.send(id, 'three');
    await turnsOver(runtime, id, 2);
    expect((await runtime.story(id)).filter((what) => what.startsWith('customer'))).toEqual([
      'customer: one',
      'customer: three',
    ]);
  });

  it('is refused past the queue limit, with a warning, and nothing is stored', async () => {
    const { agent } = createHeldAgent();
    await using runtime = await startRuntime([agent], { queueLimit: 2 });
    const id = await runtime.session({ interruption: 'enqueue' });
    for (const text of ['one', 'two', 'three']) await runtime.send(id, text);
    await expect(runtime.send(id, 'four')).rejects.toMatchObject({ code: 'QUEUE_FULL', status: 429 });
    expect(await completedOf(runtime, id)).toBe(0);
    expect((await runtime.story(id)).filter((what) => what.startsWith('customer'))).toHaveLength(3);
    expect(runtime.directory.getSnapshot().context.overflows).toBe(1);
    expect(runtime.warnings).toMatchObject([{ sessionId: id }]);
  });

  it('follows a policy changed in mid-turn', async () => {
    const { agent, turns } = createHeldAgent();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await runtime.sessions.update(id, { interruption: 'enqueue' });
    await runtime.send(id, 'two');
    turns[0]?.finish();
    await expect.poll(() => turns.length).toBe(2);
    expect(await runtime.story(id)).not.toContain('cancelled');
  });
});
