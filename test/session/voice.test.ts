import { describe, expect, it } from 'vitest';
import type { Afterwards, Agent, AgentTurn, TurnEvent } from '../../src/agents/agent-runner.ts';
import { startRuntime } from '../support/runtime.ts';

const status = (name: string, data = {}): TurnEvent => ({ kind: 'status', data: { status: name, data } });
const message = (text: string): TurnEvent => ({
  kind: 'message',
  data: { message: text, participant: { id: 'teller', display_name: 'Teller' } },
});
const matched = { stage: 'completed', matched_guidelines: [{ id: 'g1' }] };

/** An agent that tells its own statuses, moved by the test: each turn waits for a function of what to do. */
function createTeller() {
  const turns: AgentTurn[] = [];
  let next = Promise.withResolvers<(turn: AgentTurn) => Promise<void | Afterwards>>();
  const agent: Agent = {
    id: 'teller',
    name: 'Teller',
    description: null,
    interruption: 'interrupt',
    runner: {
      tellsStatuses: true,
      async run(turn) {
        turns.push(turn);
        const work = await next.promise;
        next = Promise.withResolvers();
        return work(turn);
      },
      utter: async () => undefined,
    },
  };
  return {
    agent,
    turns,
    perform: (work: (turn: AgentTurn) => Promise<void | Afterwards>) => next.resolve(work),
  };
}

describe('a runner that tells its own statuses', () => {
  it('is heard in the order of its calls, and ends its turn with what it described', async () => {
    const { agent, perform } = createTeller();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'hello');
    perform(async ({ voice }) => {
      void voice.emit([status('acknowledged')]);
      void voice.emit([status('typing')]);
      voice.describe({ data: matched, metadata: { agent_state: 1 } });
      voice.commitTo([message('Hi')]);
      await voice.end();
    });
    await expect.poll(() => runtime.story(id)).toHaveLength(5);
    expect(await runtime.story(id)).toEqual([
      'customer: hello',
      'acknowledged',
      'typing',
      'agent: Hi',
      'completed',
    ]);
    const [ready] = (await runtime.log.read(id)).slice(-1);
    expect(ready).toMatchObject({ data: { data: matched }, metadata: { agent_state: 1 } });
  });

  it('that is interrupted before its answer exists is cancelled, and told what it had matched', async () => {
    const { agent, turns, perform } = createTeller();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    perform(async ({ voice, signal }) => {
      await voice.emit([status('acknowledged')]);
      voice.describe({ data: matched, metadata: { agent_state: 1 } });
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await expect.poll(() => runtime.story(id)).toHaveLength(2);
    await runtime.send(id, 'two');
    await expect.poll(() => turns.length).toBe(2);
    expect(await runtime.story(id)).toEqual([
      'customer: one',
      'acknowledged',
      'customer: two',
      'cancelled',
      'completed',
    ]);
    const [ready] = (await runtime.log.read(id)).slice(-1);
    expect(ready).toMatchObject({ data: { data: matched }, metadata: {} });
  });

  it('that is interrupted when its answer exists is finished: the rest and `ready` close it', async () => {
    const { agent, turns, perform } = createTeller();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    const goOn = Promise.withResolvers<void>();
    const concluded = Promise.withResolvers<void>();
    perform(async ({ voice }) => {
      voice.commitTo([message('part one'), message('part two')]);
      await voice.emit([message('part one')]);
      voice.commitTo([message('part two')]);
      await goOn.promise;
      await voice.emit([message('part two')]);
      voice.commitTo([]);
      await voice.end();
      return async () => concluded.resolve();
    });
    await expect.poll(() => runtime.story(id)).toHaveLength(2);
    await runtime.send(id, 'two');
    await expect.poll(() => runtime.story(id)).toHaveLength(5);
    goOn.resolve();
    await concluded.promise;
    await expect.poll(() => turns.length).toBe(2);
    expect(await runtime.story(id)).toEqual([
      'customer: one',
      'agent: part one',
      'customer: two',
      'agent: part two',
      'completed',
    ]);
  });

  it('may work on when the turn is over: the next turn waits for it', async () => {
    const { agent, turns, perform } = createTeller();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    const analysed = Promise.withResolvers<void>();
    perform(async ({ voice }) => {
      voice.commitTo([message('Hi')]);
      await voice.end();
      return () => analysed.promise;
    });
    await expect.poll(async () => (await runtime.sessions.stateOf(id)).turn).toBe('ready');
    await runtime.send(id, 'two');
    await expect.poll(async () => (await runtime.sessions.stateOf(id)).turn).toBe('acknowledged');
    expect(turns).toHaveLength(1);
    analysed.reject(new Error('the model is gone'));
    await expect.poll(() => turns.length).toBe(2);
    expect(await runtime.story(id)).toEqual([
      'customer: one',
      'agent: Hi',
      'completed',
      'customer: two',
      'error: AGENT_FAILED',
    ]);
  });

  it('learns in its next attempt what it has told already', async () => {
    const { agent, turns, perform } = createTeller();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    perform(async ({ voice }) => {
      await voice.emit([status('acknowledged'), message('One moment')]);
      await new Promise(() => {});
    });
    await expect.poll(() => runtime.story(id)).toHaveLength(3);
    expect(turns[0]?.voice.told).toEqual([]);
    await runtime.restart();
    await expect.poll(() => turns.length).toBe(2);
    expect(turns[1]?.attempt).toBe(2);
    expect(turns[1]?.voice.told.map(({ kind }) => kind)).toEqual(['status', 'message']);
  });

  it('may leave without a `ready`: the turn is over all the same', async () => {
    const { agent, turns, perform } = createTeller();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    await runtime.send(id, 'one');
    perform(async ({ voice }) => voice.leave());
    await expect.poll(async () => (await runtime.sessions.stateOf(id)).turn).toBe('ready');
    expect(await runtime.story(id)).toEqual(['customer: one']);
    await runtime.send(id, 'two');
    await expect.poll(() => turns.length).toBe(2);
    await expect.poll(async () => (await runtime.sessions.get(id)).openRun?.attempt).toBe(1);
  });

  it('may be asked to speak first, and again, where nobody has said anything', async () => {
    const { agent, turns, perform } = createTeller();
    await using runtime = await startRuntime([agent]);
    const { id } = await runtime.sessions.create({ agentId: 'teller', customerId: 'ada' }, { greets: true });
    perform(async ({ voice, trigger, history }) => {
      expect(trigger).toBeUndefined();
      expect(await history.last(10)).toEqual([]);
      await voice.emit([status('acknowledged')]);
    });
    await expect.poll(() => runtime.story(id)).toEqual(['acknowledged', 'completed']);
    perform(async ({ voice }) => void (await voice.emit([status('acknowledged')])));
    expect(await runtime.sessions.ask(id)).toMatchObject({ data: { status: 'acknowledged' } });
    expect(turns).toHaveLength(2);
  });

  it('that is told what to say and has nothing to say is a NOTHING_SAID', async () => {
    const { agent } = createTeller();
    await using runtime = await startRuntime([agent]);
    const id = await runtime.session();
    const utterance = { action: 'Greet', rationale: 'unspecified' } as const;
    await expect(runtime.sessions.utter(id, [utterance])).rejects.toMatchObject({ code: 'NOTHING_SAID' });
    expect(await runtime.story(id)).toEqual([]);
  });
});
