import { afterEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/agent-runner.ts';
import { createCharts } from '../../src/charts/charts.ts';
import type { StateFrame } from '../../src/event-log/frame.ts';
import { createParlantUpstream } from '../../src/upstream/parlant-upstream.ts';
import { startParlantServer } from '../support/parlant-upstream.ts';
import { createHeldAgent, startRuntime, type Runtime } from '../support/runtime.ts';

const chart = await createCharts().draw('session');

const closing: (() => PromiseLike<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function runtimeWith(agent: Agent): Promise<Runtime> {
  const runtime = await startRuntime([agent]);
  closing.push(() => runtime[Symbol.asyncDispose]());
  return runtime;
}

/** The moves of a session as its followers hear of them: `source -- label [guard] --> target` of the chart's edge. */
async function follow(runtime: Runtime, id: string) {
  const leave = new AbortController();
  const moves: string[] = [];
  const frames = await runtime.sessions.follow(id, { after: -1, signal: leave.signal });
  const done = (async () => {
    for await (const frame of frames) if (frame.type === 'state') moves.push(...toMove(frame.state));
  })();
  closing.push(() => {
    leave.abort();
    return done;
  });
  return moves;
}

function toMove({ transition }: StateFrame): readonly string[] {
  if (!transition) return [];
  const edge = chart?.edges.find(({ id }) => id === transition.id);
  if (!edge) return [`${transition.id || 'nothing'} by ${transition.event}`];
  const keyOf = (id: string) => chart?.nodes.find((node) => node.id === id)?.key;
  const guard = edge.guard === null ? '' : ` [${edge.guard}]`;
  const event = edge.event === transition.event ? edge.label : `${edge.event} instead of ${transition.event}`;
  return [`${keyOf(edge.source)} -- ${event}${guard} --> ${keyOf(edge.target)}`];
}

const newMessage = 'NOT_STARTED -- message.received --> responding';
const atWork = 'acknowledged -- status.processing [isThisTurn] --> processing';
const answered = 'responding -- run done --> ready';

describe('a follower hears which transition was taken', () => {
  it('by a turn that succeeds, one that fails and one that is cancelled', async () => {
    const { agent, turns } = createHeldAgent();
    const runtime = await runtimeWith(agent);
    const id = await runtime.session();
    const moves = await follow(runtime, id);
    await runtime.send(id, 'one');
    await expect.poll(() => moves).toEqual([newMessage, atWork]);
    turns[0]?.finish();
    await expect.poll(() => moves).toEqual([newMessage, atWork, answered]);

    moves.length = 0;
    await runtime.send(id, 'two');
    const again = 'ready -- message.received [isNewTrigger] --> responding';
    await expect.poll(() => moves).toEqual([again, atWork]);
    turns[1]?.fail(new Error('no'));
    await expect.poll(() => moves).toEqual([again, atWork, 'responding -- run done [isFailure] --> ready']);

    moves.length = 0;
    await runtime.send(id, 'three');
    await expect.poll(() => moves).toEqual([again, atWork]);
    await runtime.sessions.cancel(id);
    await expect
      .poll(() => moves)
      .toEqual([again, atWork, 'responding -- turn.cancel [isThisTurn] --> ready']);
  });

  it('by a message that interrupts, and by a stop and a start', async () => {
    const { agent, turns } = createHeldAgent();
    const runtime = await runtimeWith(agent);
    const id = await runtime.session();
    const moves = await follow(runtime, id);
    await runtime.send(id, 'one');
    await expect.poll(() => moves).toEqual([newMessage, atWork]);
    await runtime.send(id, 'two');
    await expect.poll(() => turns.length).toBe(2);
    await expect.poll(() => moves.length).toBe(4);
    await runtime.sessions.stop(id);
    await runtime.sessions.start(id);
    await expect
      .poll(() => moves)
      .toEqual([
        newMessage,
        atWork,
        'responding -- message.received [isNewInterrupting] --> responding',
        atWork,
        'POLLING -- session.stop --> STOPPED',
        'STOPPED -- session.start --> POLLING',
      ]);
  });

  it('by a turn behind which another one waits: the state between them is passed through', async () => {
    const { agent, turns } = createHeldAgent({ interruption: 'enqueue' });
    const runtime = await runtimeWith(agent);
    const id = await runtime.session();
    const moves = await follow(runtime, id);
    await runtime.send(id, 'one');
    await expect.poll(() => moves).toEqual([newMessage, atWork]);
    await runtime.send(id, 'two');
    turns[0]?.finish();
    await expect.poll(() => moves).toEqual([newMessage, atWork, answered, atWork]);
    turns[1]?.finish();
    await expect.poll(() => moves).toEqual([newMessage, atWork, answered, atWork, answered]);
  });

  it('by the feed of an agent that lives elsewhere: out of reach, and asked again', async () => {
    const upstream = await startParlantServer();
    closing.push(upstream.stop);
    const server = createParlantUpstream({ url: upstream.url });
    closing.push(() => server.close());
    const runtime = await runtimeWith({
      id: 'away',
      name: 'Away',
      description: null,
      interruption: 'interrupt',
      upstream: { url: upstream.url, server, agentId: 'there' },
    });
    const id = await runtime.session();
    await runtime.sessions.start(id);
    await expect.poll(() => upstream.waiting).toBe(1);
    const moves = await follow(runtime, id);
    await upstream.stop();
    await expect.poll(() => moves).toEqual(['listening -- poll done [hasPassingFailure] --> backingOff']);
    await runtime.clock.advance(60_000);
    await expect
      .poll(() => moves)
      .toEqual([
        'listening -- poll done [hasPassingFailure] --> backingOff',
        'backingOff -- wait done --> listening',
        'listening -- poll done [hasPassingFailure] --> backingOff',
      ]);
  });
});
