import { createActor, fromPromise } from 'xstate';
import { describe, expect, it } from 'vitest';
import {
  type CloseRunParams,
  type PollOutput,
  type RunOutput,
  type SessionInput,
  type SessionMachineEvent,
  sessionMachine,
} from '../../machines/session.machine.ts';
import { edgesOf, walkEveryPath } from '../support/machine-walk.ts';

const here: SessionInput = {
  sessionId: 's1',
  agentRuns: 'here',
  interruption: 'interrupt',
  upstreamOffset: 0,
};
const message = (offset: number) => ({ type: 'message.received', offset, traceId: `t${offset}` }) as const;

/** A session whose runs and polls are settled by hand, and what it was told to close. */
function startSession(input: Partial<SessionInput> = {}) {
  const runs: PromiseWithResolvers<RunOutput>[] = [];
  const polls: PromiseWithResolvers<PollOutput>[] = [];
  const waits: { at: number; promise: PromiseWithResolvers<void> }[] = [];
  const closed: CloseRunParams[] = [];
  const signals: AbortSignal[] = [];
  const attempts: { traceId: string; attempt: number }[] = [];
  const actor = createActor(
    sessionMachine.provide({
      actors: {
        run: fromPromise<RunOutput, { turn: { traceId: string; attempt: number } }>(({ input, signal }) => {
          attempts.push({ traceId: input.turn.traceId, attempt: input.turn.attempt });
          signals.push(signal);
          return (runs[runs.push(Promise.withResolvers<RunOutput>()) - 1] as PromiseWithResolvers<RunOutput>)
            .promise;
        }) as never,
        poll: fromPromise<PollOutput>(
          () =>
            (polls[polls.push(Promise.withResolvers<PollOutput>()) - 1] as PromiseWithResolvers<PollOutput>)
              .promise,
        ) as never,
        waitUntil: fromPromise<void, { at: number }>(({ input: { at } }) => {
          const promise = Promise.withResolvers<void>();
          waits.push({ at, promise });
          return promise.promise;
        }),
      },
      actions: { closeRun: (_, params) => void closed.push(params) },
    }),
    { input: { ...here, ...input } },
  );
  actor.start();
  return { actor, runs, polls, waits, closed, signals, attempts };
}

const value = ({ actor }: ReturnType<typeof startSession>) => actor.getSnapshot().value;
const responding = { POLLING: { feed: 'local', turn: { responding: 'acknowledged' } } };

describe('a session', () => {
  it('takes every transition it has on some generated path', async () => {
    const events = [
      { type: 'session.start', reason: null },
      { type: 'session.stop', reason: 'USER' },
      { type: 'session.configured', interruption: 'enqueue' },
      ...(['NOT_STARTED', 'POLLING', 'STOPPED'] as const).flatMap((lifecycle) =>
        [null, { traceId: 't0', triggerOffset: 0, attempt: 1 }].flatMap((openTurn) =>
          [true, false].map((hadTurn) => ({
            type: 'session.restore',
            lifecycle,
            reason: null,
            openTurn,
            hadTurn,
            heardOffset: -1,
          })),
        ),
      ),
      message(0),
      message(1),
      message(2),
      { type: 'turn.request', offset: 1, traceId: 't9' },
      { type: 'turn.cancel', traceId: null },
      { type: 'turn.cancel', traceId: 't1' },
      ...['t0', 't1'].flatMap((runId) => [
        { type: 'status.processing', runId },
        { type: 'status.ready', runId },
      ]),
      { type: 'xstate.done.actor.run', output: { kind: 'done' } },
      { type: 'xstate.done.actor.run', output: { kind: 'forwarded' } },
      { type: 'xstate.done.actor.run', output: { kind: 'unsent', retryAt: 5 } },
      { type: 'xstate.done.actor.rest', output: undefined },
      { type: 'xstate.done.actor.run', output: { kind: 'failed', error: { code: 'X', message: 'x' } } },
      { type: 'xstate.error.actor.run', error: new Error('a bug') },
      { type: 'xstate.done.actor.poll', output: { kind: 'timeout' } },
      { type: 'xstate.done.actor.poll', output: { kind: 'events', upstreamOffset: 1 } },
      {
        type: 'xstate.done.actor.poll',
        output: { kind: 'failed', error: { code: 'X', message: 'x' }, retryAt: 5 },
      },
      { type: 'xstate.done.actor.poll', output: { kind: 'refused', error: { code: 'X', message: 'x' } } },
      { type: 'xstate.done.actor.wait', output: undefined },
    ];
    const taken = await walkEveryPath({
      machine: sessionMachine,
      inputs: [here, { ...here, interruption: 'enqueue' }, { ...here, agentRuns: 'upstream' }],
      events,
      placeOf: ({ value, context }) =>
        JSON.stringify([value, context.turn?.traceId, context.queue.length, context.interruption]),
    });
    expect(edgesOf(sessionMachine).filter((edge) => !taken.has(edge))).toEqual([]);
  });

  it('starts with the first message and answers it', async () => {
    const session = startSession();
    session.actor.send(message(0));
    expect(value(session)).toEqual(responding);
    session.runs[0]?.resolve({ kind: 'done' });
    await expect.poll(() => value(session)).toEqual({ POLLING: { feed: 'local', turn: 'ready' } });
  });

  it('goes to processing only by the status of its own run', () => {
    const session = startSession();
    session.actor.send(message(0));
    session.actor.send({ type: 'status.processing', runId: 'another' });
    expect(value(session)).toEqual(responding);
    session.actor.send({ type: 'status.processing', runId: 't0' });
    expect(value(session)).toEqual({ POLLING: { feed: 'local', turn: { responding: 'processing' } } });
  });

  it('closes the interrupted run before the next one begins, and fires its signal', () => {
    const session = startSession();
    session.actor.send(message(0));
    session.actor.send(message(5));
    expect(session.closed.map(({ turns, why }) => [turns.map(({ traceId }) => traceId), why])).toEqual([
      [['t0'], 'cancelled'],
    ]);
    expect(session.signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(session.attempts.map(({ traceId }) => traceId)).toEqual(['t0', 't5']);
  });

  it('answers queued messages one after the other under policy enqueue', async () => {
    const session = startSession({ interruption: 'enqueue' });
    for (const offset of [0, 1, 2]) session.actor.send(message(offset));
    expect(session.attempts.map(({ traceId }) => traceId)).toEqual(['t0']);
    session.runs[0]?.resolve({ kind: 'done' });
    await expect.poll(() => session.attempts.map(({ traceId }) => traceId)).toEqual(['t0', 't1']);
    expect(session.closed).toEqual([]);
  });

  it('closes what waits, too, when it is stopped', () => {
    const session = startSession({ interruption: 'enqueue' });
    for (const offset of [0, 1, 2]) session.actor.send(message(offset));
    session.actor.send({ type: 'session.stop', reason: 'USER' });
    expect(value(session)).toBe('STOPPED');
    expect(session.closed.flatMap(({ turns }) => turns.map(({ traceId }) => traceId))).toEqual([
      't0',
      't1',
      't2',
    ]);
  });

  it('hears of a message once, however often it is told', () => {
    const session = startSession();
    for (const offset of [0, 0, 0]) session.actor.send(message(offset));
    expect(session.attempts).toHaveLength(1);
  });

  it('polls upstream through turns, stops and failures of the turn', async () => {
    const session = startSession({ agentRuns: 'upstream' });
    session.actor.send(message(0));
    session.runs[0]?.resolve({ kind: 'forwarded' });
    session.actor.send({ type: 'turn.cancel', traceId: null });
    session.actor.send(message(7));
    expect(session.polls).toHaveLength(1);
  });

  it('waits until the time the failure names, then polls again from the same offset', async () => {
    const session = startSession({ agentRuns: 'upstream', upstreamOffset: 4 });
    session.actor.send({ type: 'session.start', reason: null });
    session.polls[0]?.resolve({ kind: 'failed', error: { code: 'REFUSED', message: 'no' }, retryAt: 5_000 });
    await expect.poll(() => session.waits.map(({ at }) => at)).toEqual([5_000]);
    session.waits[0]?.promise.resolve();
    await expect.poll(() => session.polls.length).toBe(2);
    expect(session.actor.getSnapshot().context.upstreamOffset).toBe(4);
  });

  it('takes up an unfinished turn as the next attempt when it is restored', () => {
    const session = startSession();
    session.actor.send({
      type: 'session.restore',
      lifecycle: 'POLLING',
      reason: null,
      openTurn: { traceId: 't3', triggerOffset: 3, attempt: 1 },
      hadTurn: true,
      heardOffset: 3,
    });
    expect(session.attempts).toEqual([{ traceId: 't3', attempt: 2 }]);
  });

  it('goes on from a persisted snapshot: the run starts anew, the feed polls', () => {
    const first = startSession({ agentRuns: 'upstream', upstreamOffset: 9 });
    first.actor.send(message(0));
    const stored: unknown = JSON.parse(JSON.stringify(first.actor.getPersistedSnapshot()));
    first.actor.stop();
    const asked: number[] = [];
    const attempts: string[] = [];
    const second = createActor(
      sessionMachine.provide({
        actors: {
          run: fromPromise(({ input }) => {
            attempts.push(input.turn.traceId);
            return new Promise<RunOutput>(() => {});
          }),
          poll: fromPromise(({ input }) => {
            asked.push(input.upstreamOffset);
            return new Promise<PollOutput>(() => {});
          }),
        },
      }),
      { input: here, snapshot: stored as never },
    ).start();
    expect(second.getSnapshot().matches({ POLLING: { feed: 'listening', turn: 'responding' } })).toBe(true);
    expect({ asked, attempts }).toEqual({ asked: [9], attempts: ['t0'] });
    second.stop();
  });

  it('keeps its context JSON and small, whatever waits', () => {
    const { actor } = startSession({ interruption: 'enqueue' });
    for (let offset = 0; offset < 100; offset++)
      actor.send({ type: 'message.received', offset, traceId: 'f'.repeat(32) });
    const { context } = actor.getSnapshot();
    const text = JSON.stringify(context);
    expect(JSON.parse(text)).toEqual(context);
    expect(text.length).toBeLessThan(10_000);
  });

  it.each(['session.start', 'session.stop', 'turn.cancel'] as const)(
    'is not moved by a second %s',
    (type) => {
      const session = startSession();
      session.actor.send(message(0));
      const event = { type, reason: 'USER', traceId: null } as SessionMachineEvent;
      session.actor.send(event);
      const before = value(session);
      session.actor.send(event);
      expect(value(session)).toEqual(before);
    },
  );
});
