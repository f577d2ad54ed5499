import { afterEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/agent-runner.ts';
import type { JsonObject, SessionEvent } from '../../src/event-log/event.ts';
import type { Frame } from '../../src/event-log/frame.ts';
import { createParlantUpstream } from '../../src/upstream/parlant-upstream.ts';
import { messageOf, readyOf, statusOf } from '../support/parlant-events.ts';
import {
  type ParlantServer,
  type ParlantServerOptions,
  startParlantServer,
} from '../support/parlant-upstream.ts';
import { type Runtime, shorten, startRuntime } from '../support/runtime.ts';

const closing: (() => PromiseLike<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A real upstream server, and the runtime with an agent that lives there. */
async function startBoth(options: ParlantServerOptions = {}) {
  const upstream = await startParlantServer(options);
  closing.push(upstream.stop);
  const server = createParlantUpstream({ url: upstream.url });
  closing.push(() => server.close());
  const agent: Agent = {
    id: 'away',
    name: 'Away',
    description: null,
    interruption: 'interrupt',
    upstream: { url: upstream.url, server, agentId: 'there' },
  };
  const runtime = await startRuntime([agent]);
  closing.push(() => runtime[Symbol.asyncDispose]());
  return { upstream, runtime };
}

const state = (runtime: Runtime, id: string) => runtime.sessions.stateOf(id);
const stories = async (runtime: Runtime, id: string, traceId?: string) =>
  (await runtime.log.read(id, traceId === undefined ? {} : { traceId })).map(shorten);

async function turnsOver(runtime: Runtime, id: string, count: number) {
  await expect
    .poll(async () => (await stories(runtime, id)).filter((what) => what === 'completed').length, {
      interval: 5,
    })
    .toBe(count);
}

/** The session upstream, and the trace of the n-th message posted there. */
async function posted(upstream: ParlantServer, count = 1) {
  await expect.poll(() => upstream.posts().length, { interval: 5 }).toBe(count);
  const sessionId = upstream.sessionIds()[0] ?? '';
  const customers = () => upstream.events(sessionId).filter(({ source }) => source === 'customer');
  await expect.poll(() => customers().length, { interval: 5 }).toBe(count);
  return { sessionId, trace: customers()[count - 1]?.trace_id ?? '' };
}

describe('a turn of an agent that lives on a Parlant server', () => {
  it('is the message posted there, and everything that comes back, under one trace of ours', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    const { trace_id } = await runtime.send(id, 'hello');
    await turnsOver(runtime, id, 1);
    expect(await stories(runtime, id)).toEqual([
      'customer: hello',
      'acknowledged',
      'processing',
      'typing',
      'agent: Echo: hello',
      'completed',
    ]);
    const events = await runtime.log.read(id);
    expect(new Set(events.map((event) => event.trace_id))).toEqual(new Set([trace_id]));
    const { sessionId, trace } = await posted(upstream);
    expect(events[4]?.metadata).toMatchObject({ upstream: { offset: 4, trace_id: trace } });
    expect(upstream.events(sessionId)[0]?.metadata).toMatchObject({ colloquy_event_id: events[0]?.id });
    await expect.poll(() => state(runtime, id)).toMatchObject({ state: 'POLLING', turn: 'ready' });
  });

  it('goes on polling after `ready`: one poll at a time, one upstream session, however many turns', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    for (const turn of [1, 2, 3]) {
      await runtime.send(id, `message ${turn}`);
      await turnsOver(runtime, id, turn);
    }
    await expect.poll(() => upstream.waiting).toBe(1);
    expect(upstream.sessionIds()).toHaveLength(1);
    const asked = upstream.polls();
    expect(asked).toEqual([...asked].sort((a, b) => a - b));
    expect(asked.at(-1)).toBe(18);
  });

  it('notes in the live directory when upstream last answered, and how old its newest event was', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    const entry = () => runtime.directory.getSnapshot().context.sessions.get(id);
    await runtime.sessions.start(id);
    await expect.poll(() => upstream.waiting).toBe(1);
    expect(entry()).toMatchObject({ lastPollAt: null, lagMs: null });
    const [sessionId = ''] = upstream.sessionIds();
    upstream.emitAll(sessionId, [messageOf('t1', 'Are you still there?')]);
    await expect.poll(entry).toMatchObject({ lastPollAt: runtime.clock.now(), lagMs: expect.any(Number) });
  });

  it('hears what upstream says of its own accord, also a human and tools', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    await runtime.sessions.start(id);
    await expect.poll(() => upstream.waiting).toBe(1);
    const [sessionId = ''] = upstream.sessionIds();
    upstream.emitAll(sessionId, [
      messageOf('t1', 'Are you still there?'),
      {
        kind: 'message',
        source: 'human_agent',
        trace_id: 't2',
        data: { message: 'I take over.', participant: {} },
      },
      { kind: 'tool', trace_id: 't3', data: { tool_calls: [] } },
      { kind: 'newKind', trace_id: 't4', data: { any: 'thing' } },
    ]);
    await expect
      .poll(() => stories(runtime, id))
      .toEqual(['agent: Are you still there?', 'human_agent: I take over.', 'tool', 'custom']);
    expect(await state(runtime, id)).toMatchObject({ turn: 'idle' });
  });

  it('is not stored twice, whatever the list looks like: repeats, disorder, gaps', async () => {
    const { upstream, runtime } = await startBoth({ reply: 'none' });
    const id = await runtime.session();
    await runtime.send(id, 'hello');
    const { sessionId, trace } = await posted(upstream);
    upstream.fail(
      'poll',
      { kind: 'list', change: (events) => [...events, ...events].toReversed() },
      { times: 3 },
    );
    upstream.emitAll(sessionId, [
      statusOf(trace, 'acknowledged'),
      messageOf(trace, 'one'),
      readyOf(trace, 'staged'),
    ]);
    await turnsOver(runtime, id, 1);
    expect(await stories(runtime, id)).toEqual([
      'customer: hello',
      'acknowledged',
      'agent: one',
      'completed',
    ]);
  });

  it('keeps two equal texts apart', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    for (const turn of [1, 2]) {
      await runtime.send(id, 'same');
      await turnsOver(runtime, id, turn);
    }
    expect((await stories(runtime, id)).filter((what) => what === 'customer: same')).toHaveLength(2);
    expect(upstream.posts()).toHaveLength(2);
  });

  it('that fails upstream ends with `ready` and `error`', async () => {
    const { upstream, runtime } = await startBoth({ reply: 'none' });
    const id = await runtime.session();
    const { trace_id } = await runtime.send(id, 'hello');
    const { sessionId, trace } = await posted(upstream);
    upstream.tellTurn(sessionId, { trace, messages: [], exception: 'Traceback' });
    await expect.poll(() => stories(runtime, id, trace_id)).toContain('error: undefined');
    expect((await stories(runtime, id, trace_id)).slice(-2)).toEqual(['completed', 'error: undefined']);
  });

  it('streams a message that grows in place chunk by chunk, and stores it once, whole', async () => {
    const { upstream, runtime } = await startBoth({ reply: 'none' });
    const id = await runtime.session();
    const watching = new AbortController();
    const frames: Frame[] = [];
    const following = (async () => {
      for await (const frame of await runtime.sessions.follow(id, { after: -1, signal: watching.signal }))
        frames.push(frame);
    })();
    await runtime.send(id, 'hello');
    const { sessionId, trace } = await posted(upstream);
    upstream.emit(sessionId, statusOf(trace, 'acknowledged'));
    const message = upstream.stream(sessionId, { trace, first: 'Once ' });
    const chunks = () => frames.flatMap((frame) => (frame.type === 'chunk' ? [frame.chunk] : []));
    await expect
      .poll(() =>
        chunks()
          .map(({ text }) => text)
          .join(''),
      )
      .toBe('Once ');
    message.add('upon a time');
    await expect
      .poll(() =>
        chunks()
          .map(({ text }) => text)
          .join(''),
      )
      .toBe('Once upon a time');
    expect((await stories(runtime, id)).filter((what) => what.startsWith('agent'))).toEqual([]);
    message.end();
    upstream.emit(sessionId, readyOf(trace, 'staged'));
    await turnsOver(runtime, id, 1);
    expect((await stories(runtime, id)).slice(-2)).toEqual(['agent: Once upon a time', 'completed']);
    const stored = (await runtime.log.read(id, { last: 2 }))[0];
    expect(stored?.id).toBe(chunks()[0]?.message_id);
    watching.abort();
    await following;
  });

  it('of a server that never says `completed` ends after a silence, later ones at the bare `ready`, never at a preamble', async () => {
    const { upstream, runtime } = await startBoth({ style: 'bare', reply: 'none' });
    const id = await runtime.session();
    await runtime.send(id, 'one');
    const first = await posted(upstream);
    upstream.tellTurn(first.sessionId, { trace: first.trace, preamble: 'Let me see.', messages: ['One.'] });
    await expect.poll(async () => (await stories(runtime, id)).at(-1)).toBe('ready');
    await expect.poll(() => upstream.waiting).toBe(1);
    expect((await state(runtime, id)).turn).toBe('processing');
    await runtime.clock.advance(45_000);
    upstream.expire();
    await turnsOver(runtime, id, 1);
    await runtime.send(id, 'two');
    const second = await posted(upstream, 2);
    upstream.tellTurn(second.sessionId, { trace: second.trace, preamble: 'Let me see.', messages: ['Two.'] });
    await turnsOver(runtime, id, 2);
    expect((await stories(runtime, id)).slice(-4)).toEqual(['typing', 'agent: Two.', 'ready', 'completed']);
  });

  it('that upstream never answers ends by the run’s time limit', async () => {
    const { upstream, runtime } = await startBoth({ reply: 'none' });
    const id = await runtime.session();
    await runtime.send(id, 'hello');
    await posted(upstream);
    await expect.poll(() => upstream.waiting).toBe(1);
    await runtime.clock.advance(150_000);
    upstream.expire();
    await turnsOver(runtime, id, 1);
    expect((await stories(runtime, id)).slice(-2)).toEqual(['completed', 'error: RUN_TIMEOUT']);
  });
});

describe('an interrupted turn upstream', () => {
  it('is closed here at once, and its late answer is marked and reopens nothing', async () => {
    const { upstream, runtime } = await startBoth({ reply: 'none' });
    const id = await runtime.session();
    const one = await runtime.send(id, 'one');
    const { sessionId, trace } = await posted(upstream);
    upstream.emit(sessionId, statusOf(trace, 'acknowledged'));
    await expect.poll(() => stories(runtime, id)).toContain('acknowledged');
    await runtime.sessions.cancel(id);
    upstream.emitAll(sessionId, [messageOf(trace, 'Too late.'), readyOf(trace, 'staged')]);
    await expect.poll(() => stories(runtime, id)).toContain('agent: Too late.');
    expect(await stories(runtime, id, one.trace_id)).toEqual([
      'customer: one',
      'acknowledged',
      'cancelled',
      'completed',
      'agent: Too late.',
    ]);
    expect((await runtime.log.read(id, { last: 1 }))[0]?.metadata).toMatchObject({ after_cancel: true });
    expect(await state(runtime, id)).toMatchObject({ turn: 'ready' });
  });

  it('has one `cancelled` and one final `ready`, though upstream says its own as well', async () => {
    const { upstream, runtime } = await startBoth({ reply: 'none' });
    const id = await runtime.session();
    const one = await runtime.send(id, 'one');
    await posted(upstream);
    const two = await runtime.send(id, 'two');
    const { sessionId, trace } = await posted(upstream, 2);
    upstream.tellTurn(sessionId, { trace, messages: ['Second.'] });
    await turnsOver(runtime, id, 2);
    expect(await stories(runtime, id, one.trace_id)).toEqual(['customer: one', 'cancelled', 'completed']);
    expect(await stories(runtime, id, two.trace_id)).toContain('agent: Second.');
  });

  it('was overtaken before it was posted: it is posted all the same, in order', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    await Promise.all(['one', 'two', 'three'].map((text) => runtime.send(id, text)));
    await turnsOver(runtime, id, 3);
    expect(upstream.posts().map(({ message }) => message)).toEqual(['one', 'two', 'three']);
    expect((await stories(runtime, id)).at(-2)).toBe('agent: Echo: three');
  });
});

describe('when upstream is in trouble', () => {
  const outage = async (runtime: Runtime, id: string) =>
    (await stories(runtime, id)).filter((what) => what.startsWith('error') || what === 'custom');

  it.each([
    ['429', { kind: 'status', status: 429 }],
    ['503', { kind: 'status', status: 503 }],
    ['a reset', { kind: 'resetBefore' }],
    ['garbage', { kind: 'text', text: '<html>' }],
    ['a wrong shape', { kind: 'text', text: '[{"id":1}]' }],
    ['something that is no HTTP', { kind: 'noHttp' }],
  ] as const)(
    '(%s) it asks again from the same offset, and one outage is one error and one recovery',
    async (_, fault) => {
      const { upstream, runtime } = await startBoth();
      const id = await runtime.session();
      await runtime.send(id, 'one');
      await turnsOver(runtime, id, 1);
      const [sessionId = ''] = upstream.sessionIds();
      await expect.poll(() => upstream.waiting).toBe(1);
      upstream.fail('poll', fault, { times: 3 });
      upstream.emit(sessionId, messageOf('t9', 'proactive'));
      // The poll that waited gets it; the three behind it fail.
      await expect.poll(() => stories(runtime, id)).toContain('agent: proactive');
      for (const waitMs of [5_000, 12_000, 24_000]) {
        await expect
          .poll(() => state(runtime, id))
          .toMatchObject({ value: { POLLING: { feed: 'backingOff' } } });
        await runtime.clock.advance(waitMs);
      }
      await expect.poll(() => upstream.waiting).toBe(1);
      upstream.expire();
      await expect.poll(async () => (await outage(runtime, id)).at(-1)).toBe('custom');
      expect(await outage(runtime, id)).toHaveLength(2);
      expect(new Set(upstream.polls().slice(-4))).toEqual(new Set([7]));
    },
  );

  it('(a list cut in the middle) it asks again, skips nothing and stores nothing twice', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    upstream.fail('poll', { kind: 'cut' });
    await runtime.sessions.start(id);
    await expect.poll(() => upstream.waiting).toBe(1);
    const [sessionId = ''] = upstream.sessionIds();
    upstream.emitAll(sessionId, [messageOf('t1', 'one'), messageOf('t2', 'two')]);
    await expect.poll(() => state(runtime, id)).toMatchObject({ value: { POLLING: { feed: 'backingOff' } } });
    expect(await stories(runtime, id)).toEqual(['error: UPSTREAM_CUT']);
    await runtime.clock.advance(5_000);
    await expect
      .poll(() => stories(runtime, id))
      .toEqual(['error: UPSTREAM_CUT', 'custom', 'agent: one', 'agent: two']);
  });

  it('(504) it asks again at once, a proxy’s that comes too soon as well, unless that goes on and on', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    await runtime.sessions.start(id);
    for (let count = 1; count <= 5; count++) {
      await expect.poll(() => upstream.waiting).toBe(1);
      expect(upstream.polls()).toHaveLength(count);
      upstream.expire();
    }
    await expect.poll(() => runtime.clock.pending()).toBeGreaterThan(1);
    expect(upstream.polls()).toHaveLength(5);
    await runtime.clock.advance(1_000);
    await expect.poll(() => upstream.waiting).toBe(1);
    expect(await stories(runtime, id)).toEqual([]);
  });

  it('(an hour of silence) it goes on asking from the same offset, stores nothing, and hears what comes then', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    await runtime.sessions.start(id);
    for (let minute = 1; minute <= 60; minute++) {
      await expect
        .poll(async () => {
          await runtime.clock.advance(1_000);
          return upstream.waiting;
        })
        .toBe(1);
      await runtime.clock.advance(59_000);
      upstream.expire();
    }
    await expect
      .poll(async () => {
        await runtime.clock.advance(1_000);
        return upstream.waiting;
      })
      .toBe(1);
    expect(new Set(upstream.polls())).toEqual(new Set([0]));
    expect(await stories(runtime, id)).toEqual([]);
    upstream.emit(upstream.sessionIds()[0] ?? '', messageOf('t1', 'Still here.'));
    await expect.poll(() => stories(runtime, id)).toEqual(['agent: Still here.']);
  });

  it('(a trickle) an answer that begins and never ends is given up with the session, and asked for again after a start', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    upstream.fail('poll', { kind: 'trickle' });
    await runtime.sessions.start(id);
    await expect.poll(() => upstream.waiting).toBe(1);
    upstream.emit(upstream.sessionIds()[0] ?? '', messageOf('t1', 'slowly'));
    await expect.poll(() => upstream.waiting).toBe(0);
    await runtime.sessions.stop(id);
    expect(await stories(runtime, id)).toEqual([]);
    await runtime.sessions.start(id);
    await expect.poll(() => stories(runtime, id)).toEqual(['agent: slowly']);
  });

  it('waits exactly five seconds after the first failure', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    upstream.fail('poll', { kind: 'status', status: 500 });
    await runtime.sessions.start(id);
    await expect.poll(() => state(runtime, id)).toMatchObject({ value: { POLLING: { feed: 'backingOff' } } });
    await runtime.clock.advance(4_999);
    expect(upstream.waiting).toBe(0);
    await runtime.clock.advance(1);
    await expect.poll(() => upstream.waiting).toBe(1);
  });

  it.each([401, 403, 422])('(%i) it stops with the reason', async (status) => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    upstream.fail('poll', { kind: 'status', status });
    await runtime.sessions.start(id);
    await expect
      .poll(() => state(runtime, id))
      .toMatchObject({ state: 'STOPPED', reason: expect.stringMatching(/^UPSTREAM_/) });
  });

  it('whose session is gone, it stops, and the next message makes a new one', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await turnsOver(runtime, id, 1);
    await expect.poll(() => upstream.waiting).toBe(1);
    upstream.removeSession(upstream.sessionIds()[0] ?? '');
    await expect.poll(() => state(runtime, id)).toMatchObject({ state: 'STOPPED', reason: 'UPSTREAM_GONE' });
    await runtime.send(id, 'two');
    await turnsOver(runtime, id, 2);
    expect((await stories(runtime, id)).at(-2)).toBe('agent: Echo: two');
    expect(upstream.posts().map(({ message }) => message)).toEqual(['one', 'two']);
  });

  it('a message that surely was not sent is sent when it is back', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await turnsOver(runtime, id, 1);
    await upstream.stop();
    await runtime.send(id, 'two');
    await expect
      .poll(() => state(runtime, id))
      .toMatchObject({ value: { POLLING: { turn: { responding: 'unsent' } } } });
    await upstream.start();
    await runtime.clock.advance(5_000);
    await turnsOver(runtime, id, 2);
    expect(upstream.posts().map(({ message }) => message)).toEqual(['one', 'two']);
  });

  it('a message that cannot be sent in the run’s time fails with UPSTREAM_UNREACHABLE', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await turnsOver(runtime, id, 1);
    await upstream.stop();
    await runtime.send(id, 'two');
    await expect
      .poll(async () => {
        await runtime.clock.advance(30_000);
        return (await stories(runtime, id)).at(-1);
      })
      .toBe('error: UPSTREAM_UNREACHABLE');
    await turnsOver(runtime, id, 2);
  });

  it.each([
    ['a reset', 'resetAfter'],
    ['a cut answer', 'cut'],
  ] as const)(
    '(%s) a message whose post is in doubt is looked for, and not posted twice',
    async (_, kind) => {
      const { upstream, runtime } = await startBoth();
      const id = await runtime.session();
      upstream.fail('post', { kind });
      await runtime.send(id, 'one');
      await expect
        .poll(async () => {
          await runtime.clock.advance(5_000);
          return (await stories(runtime, id)).includes('completed');
        })
        .toBe(true);
      expect(upstream.posts()).toHaveLength(1);
      expect((await stories(runtime, id)).filter((what) => what.startsWith('agent'))).toEqual([
        'agent: Echo: one',
      ]);
    },
  );
});

describe('a restart', () => {
  it('of our side loses nothing and repeats nothing, and polling goes on', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    await runtime.send(id, 'one');
    await turnsOver(runtime, id, 1);
    await runtime.restart();
    await expect.poll(() => upstream.waiting).toBe(1);
    upstream.emit(upstream.sessionIds()[0] ?? '', messageOf('t9', 'proactive'));
    await expect.poll(() => stories(runtime, id)).toContain('agent: proactive');
    expect(upstream.sessionIds()).toHaveLength(1);
    await runtime.send(id, 'two');
    await turnsOver(runtime, id, 2);
    const offsets = (await runtime.log.read(id)).flatMap(upstreamOffset);
    expect(new Set(offsets).size).toBe(offsets.length);
  });

  it('in the middle of a turn waits for the answer and posts nothing again', async () => {
    const { upstream, runtime } = await startBoth({ reply: 'none' });
    const id = await runtime.session();
    await runtime.send(id, 'one');
    const { sessionId, trace } = await posted(upstream);
    await runtime.restart();
    upstream.tellTurn(sessionId, { trace, messages: ['Here I am.'] });
    await turnsOver(runtime, id, 1);
    expect(upstream.posts()).toHaveLength(1);
    expect((await stories(runtime, id)).filter((what) => what.startsWith('agent'))).toEqual([
      'agent: Here I am.',
    ]);
  });

  it('is not needed to end a poll: a stop does, at once', async () => {
    const { upstream, runtime } = await startBoth();
    const id = await runtime.session();
    await runtime.sessions.start(id);
    await expect.poll(() => upstream.waiting).toBe(1);
    await runtime.sessions.stop(id);
    await expect.poll(() => upstream.waiting).toBe(0);
    expect(await stories(runtime, id)).toEqual([]);
  });

  it('leaves no poll behind when the runtime ends', async () => {
    const { upstream, runtime } = await startBoth();
    for (const _ of [1, 2, 3]) await runtime.sessions.start(await runtime.session());
    await expect.poll(() => upstream.waiting).toBe(3);
    await runtime.sessions.shutdown();
    await expect.poll(() => upstream.waiting).toBe(0);
    expect(runtime.clock.pending()).toBe(0);
  });
});

function upstreamOffset({ metadata }: SessionEvent): number[] {
  const { upstream } = metadata as { upstream?: JsonObject };
  return upstream ? [Number(upstream['offset'])] : [];
}
