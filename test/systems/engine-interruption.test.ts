/**
 * A customer says something else while the agent is at work: wherever that is, the turn under way is given up, or finished where its answer
 * exists, and the new message is answered. Nothing is said twice, and each turn ends once.
 */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { databaseFile } from '../../src/event-log/data-folder.ts';
import { isFinalReady, type SessionEvent } from '../../src/event-log/event.ts';
import { startEngine, toldIn } from '../support/engine-server.ts';
import {
  agentWith,
  createHeldClock,
  createHeldNlp,
  firstPart,
  type Gate,
  type HeldStage,
  preamble,
  secondPart,
  writeHeldAgents,
} from '../support/held-agent.ts';
import { startToolAgent } from '../support/tool-agent.ts';
import { toolsOf } from '../support/tool-turn.ts';

const whole = [`agent: ${firstPart}`, 'ready', 'typing', `agent: ${secondPart}`, 'ready', 'ready: completed'];
const givenUp = ['cancelled', 'ready: completed'];

// XState warns of what is told to an actor that has ended. An inspector is on: it is told of all of them.
beforeEach(() => void vi.spyOn(console, 'warn'));
afterEach(() => {
  const [warning] = vi.mocked(console.warn).mock.calls;
  vi.restoreAllMocks();
  if (warning) throw new Error(`Nothing was to be warned of: ${String(warning[0])}`);
});

/** A session in whose first turn this stage is reached, and held until `release`. */
async function startHeld(stage: HeldStage) {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const heard = Promise.withResolvers<void>();
  async function hold(signal?: AbortSignal): Promise<void> {
    reached.resolve();
    signal?.addEventListener('abort', () => heard.resolve(), { once: true });
    await Promise.race([released.promise, heard.promise]);
    signal?.throwIfAborted();
  }
  const gate: Gate = async (at, text, signal) => {
    if (at === stage && text === 'first') await hold(signal);
  };
  let pauses = 0;
  const engine = await startEngine(writeHeldAgents(gate), {
    nlp: createHeldNlp(gate),
    settings: { inspect: true },
    clock: createHeldClock((signal) =>
      stage === 'sending' && (pauses += 1) === 1 ? hold(signal) : Promise.resolve(),
    ),
  });
  const id = await engine.session(agentWith(stage));
  const first = await engine.say(id, 'first');
  await reached.promise;
  return {
    engine,
    id,
    first,
    release: () => released.resolve(),
    /** Resolves when what is held is told that nobody waits for it any more. */
    heard: heard.promise,
    [Symbol.asyncDispose]: async () => {
      released.resolve();
      await engine[Symbol.asyncDispose]();
    },
  };
}

/** What both turns tell when the second is over. */
async function interrupt(stage: HeldStage) {
  await using held = await startHeld(stage);
  const { engine, id, first, heard } = held;
  const second = await engine.say(id, 'second');
  await heard;
  const secondTold = toldIn(await engine.over(id, second.trace_id));
  const all = await engine.events(id);
  expectSound(all);
  const isFirst = ({ trace_id: of }: SessionEvent) => of === first.trace_id;
  return { firstTold: toldIn(all.filter(isFirst)), secondTold, order: toldIn(all) };
}

/** What must be so in every session. */
function expectSound(events: readonly SessionEvent[]): void {
  expect(events.map(({ offset }) => offset)).toEqual(events.map((_, at) => at));
  for (const turn of Map.groupBy(events, ({ trace_id: of }) => of).values()) {
    expect(turn.filter(isFinalReady)).toHaveLength(1);
    expect(turn.at(-1)).toSatisfy(isFinalReady);
    const texts = toldIn(turn).filter((told) => told.startsWith('agent'));
    expect(new Set(texts).size).toBe(texts.length);
  }
}

describe('a message while the turn before is', () => {
  it.each<[HeldStage, readonly number[]]>([
    ['acknowledging', [0]],
    ['preparing', [0]],
    ['beginning', [0]],
    ['preamble', [0]],
    // It does not wait for these words, nor they for it.
    ['matching', [0, 1]],
    ['resolving', [1]],
    ['inferring', [1]],
    ['calling', [1]],
    ['tracking', [1]],
    ['composing', [1]],
  ])('%s: that turn is cancelled, and the message is answered', async (stage, preambles) => {
    const { firstTold, secondTold } = await interrupt(stage);
    expect(firstTold.slice(-2)).toEqual(givenUp);
    expect(firstTold.filter((told) => told.startsWith('agent'))).toEqual([]);
    expect(firstTold.includes('acknowledged')).toBe(stage !== 'acknowledging');
    expect(preambles).toContain(firstTold.filter((told) => told === `preamble: ${preamble}`).length);
    expect(secondTold.slice(0, 2)).toEqual(['customer: second', 'acknowledged']);
    expect(secondTold.slice(-whole.length)).toEqual(whole);
  });

  it('streaming its answer: what was heard of it stands, marked as cut off', async () => {
    const { firstTold, secondTold } = await interrupt('streaming');
    expect(firstTold.slice(-3)).toEqual([`agent in 1 pieces: ${firstPart}  (interrupted)`, ...givenUp]);
    expect(secondTold.slice(-3)).toEqual([
      `agent in 2 pieces: ${firstPart} ${secondPart}`,
      'ready',
      'ready: completed',
    ]);
  });

  it('sending its answer: the rest is sent at once, and nothing is cancelled', async () => {
    const { firstTold, secondTold, order } = await interrupt('sending');
    expect(firstTold.slice(-whole.length)).toEqual(whole);
    expect(firstTold).not.toContain('cancelled');
    expect(secondTold.slice(-whole.length)).toEqual(whole);
    expect(order.indexOf('ready: completed')).toBeLessThan(order.lastIndexOf('acknowledged'));
  });
});

describe('a message while something may follow the answer of the turn before', () => {
  it('is answered; nothing follows, and nothing is cancelled', async () => {
    const { firstTold, secondTold } = await interrupt('following');
    expect(firstTold.slice(-3)).toEqual([`agent: ${firstPart}`, 'ready', 'ready: completed']);
    expect(firstTold).not.toContain('cancelled');
    expect(secondTold.slice(-whole.length)).toEqual(whole);
  });
});

describe('a message while the end of the turn before', () => {
  it('is being written: it comes behind that', async () => {
    await using held = await startHeld('sending');
    const { engine, id, first, release } = held;
    const { dataDir } = engine.colloquy.settings;
    using lock = new DatabaseSync(join(dataDir, databaseFile));
    lock.exec('BEGIN IMMEDIATE');
    release();
    const saying = engine.say(id, 'second');
    await delay(50);
    lock.exec('ROLLBACK');
    const second = await saying;
    expect(toldIn(await engine.over(id, first.trace_id)).slice(-whole.length)).toEqual(whole);
    expect(toldIn(await engine.over(id, second.trace_id)).slice(-whole.length)).toEqual(whole);
    expectSound(await engine.events(id));
  });

  it('is there, and what was followed is still looked into: it waits for that', async () => {
    await using held = await startHeld('analysing');
    const { engine, id, first, release } = held;
    expect(toldIn(await engine.over(id, first.trace_id)).slice(-whole.length)).toEqual(whole);
    const second = await engine.say(id, 'second');
    // Behind what the session has to say to the message by now.
    await engine.colloquy.sessions.update(id, { title: 'waiting' });
    expect(toldIn(await engine.events(id)).at(-1)).toBe('customer: second');
    release();
    expect(toldIn(await engine.over(id, second.trace_id)).slice(-whole.length)).toEqual(whole);
    expectSound(await engine.events(id));
  });
});

describe('a turn that is taken back', () => {
  it.each<HeldStage>(['matching', 'sending', 'analysing'])(
    'while it is %s: nothing of it is heard again',
    async (stage) => {
      await using held = await startHeld(stage);
      const { engine, id, release } = held;
      const url = `${engine.url}/sessions/${id}/events?min_offset=0`;
      expect(await fetch(url, { method: 'DELETE' })).toMatchObject({ status: 204 });
      release();
      expect(toldIn(await engine.turn(id, 'second')).slice(-whole.length)).toEqual(whole);
      // Behind everything that was told.
      await engine.colloquy.sessions.update(id, { title: 'told' });
      const told = toldIn(await engine.events(id));
      expect(told[0]).toBe('customer: second');
      expect(told.at(-1)).toBe('ready: completed');
      expect(told.filter((each) => each === 'ready: completed')).toHaveLength(1);
    },
  );
});

describe('a message while the turn before is loaded', () => {
  it('is answered instead of the one before', async () => {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    let loads = 0;
    await using runtime = await startToolAgent({
      tools: toolsOf([]),
      wants: [],
      script: {},
      async onLoad() {
        if ((loads += 1) > 1) return;
        reached.resolve();
        await released.promise;
      },
    });
    const id = await runtime.session();
    await runtime.send(id, 'first');
    await reached.promise;
    await runtime.send(id, 'second');
    const last = async () => (await runtime.story(id)).at(-1);
    await vi.waitFor(async () => expect(await last()).toBe('completed'), { timeout: 10_000 });
    released.resolve();
    expect(await runtime.story(id)).toEqual([
      'customer: first',
      'customer: second',
      'cancelled',
      'completed',
      'acknowledged',
      'processing',
      'agent: nothing to tell',
      'completed',
    ]);
  });
});
