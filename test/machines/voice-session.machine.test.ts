import { createActor, fromPromise } from 'xstate';
import { describe, expect, it } from 'vitest';
import {
  type AppendParams,
  type DispatchOutput,
  type ProbeOutput,
  type VoiceFailure,
  voiceSessionMachine,
  type VoiceSessionEvent,
  type VoiceStatus,
} from '../../machines/voice-session.machine.ts';
import { edgesOf, walkEveryPath } from '../support/machine-walk.ts';

const input = { sessionId: 'vs_1', deadlineAt: 30_000 };
const gone: VoiceFailure = { code: 'agent_init_failed', reason: null, message: 'no voice' };
const late: VoiceFailure = { code: 'ready_deadline', reason: 'no_worker', message: null };
const ready = { type: 'agent.ready', readyAt: 5_000 } as const;

const restores = (['pending', 'dispatched', 'connecting', 'ready', 'failed', 'ended'] as const).map(
  (status) => ({ type: 'session.restore', status }) as const,
);

/** A voice session whose promises are settled by hand, and what it had stored. */
function startVoiceSession(...events: readonly VoiceSessionEvent[]) {
  const dispatches: PromiseWithResolvers<DispatchOutput>[] = [];
  const probes: PromiseWithResolvers<ProbeOutput>[] = [];
  const removals: PromiseWithResolvers<void>[] = [];
  const waits: { readonly at: number; readonly signal: AbortSignal; readonly done: () => void }[] = [];
  const appended: AppendParams[] = [];
  const actor = createActor(
    voiceSessionMachine.provide({
      actors: {
        dispatchAgent: fromPromise(() => next(dispatches)),
        probeRoom: fromPromise(() => next(probes)),
        removeRoom: fromPromise(() => next(removals)),
        waitUntil: fromPromise<void, { readonly at: number }>(({ input: { at }, signal }) => {
          const wait = Promise.withResolvers<void>();
          waits.push({ at, signal, done: () => wait.resolve() });
          return wait.promise;
        }),
      },
      actions: { append: (_, params) => void appended.push(params) },
    }),
    { input },
  );
  actor.start();
  for (const event of events) actor.send(event);
  return {
    actor,
    dispatches,
    probes,
    removals,
    waits,
    appended,
    statuses: (): VoiceStatus[] => appended.map(({ to }) => to),
    failure: () => appended.at(-1)?.failure,
    place: () => actor.getSnapshot().value,
    isOver: () => actor.getSnapshot().status === 'done',
    dispatched: () => dispatches[0]?.resolve({ kind: 'dispatched' }),
  };
}

function next<Output>(promises: PromiseWithResolvers<Output>[]): Promise<Output> {
  const promise = Promise.withResolvers<Output>();
  promises.push(promise);
  return promise.promise;
}

const starting = (state: string) => ({ awaited: { starting: state } });

describe('a voice session', () => {
  it('takes every transition it has on some generated path', async () => {
    const events = [
      { type: 'session.start' },
      { type: 'session.stop' },
      ...restores,
      { type: 'agent.joined' },
      ready,
      { type: 'agent.failed', failure: gone },
      { type: 'agent.left' },
      { type: 'room.finished' },
      { type: 'xstate.done.actor.deadline', output: undefined },
      { type: 'xstate.done.actor.dispatch', output: { kind: 'dispatched' } },
      { type: 'xstate.done.actor.dispatch', output: { kind: 'failed', failure: gone } },
      { type: 'xstate.error.actor.dispatch', error: new Error('a bug') },
      { type: 'xstate.done.actor.probe', output: { kind: 'ready', readyAt: 1 } },
      { type: 'xstate.done.actor.probe', output: { kind: 'late', failure: late } },
      { type: 'xstate.error.actor.probe', error: new Error('a bug') },
      { type: 'xstate.done.actor.close', output: undefined },
      { type: 'xstate.error.actor.close', error: new Error('a bug') },
      { type: 'xstate.done.actor.cleanUp', output: undefined },
      { type: 'xstate.error.actor.cleanUp', error: new Error('a bug') },
    ];
    const taken = await walkEveryPath({
      machine: voiceSessionMachine,
      inputs: [input],
      events,
      placeOf: ({ value }) => JSON.stringify(value),
    });
    expect(edgesOf(voiceSessionMachine).filter((edge) => !taken.has(edge))).toEqual([]);
  });

  it('goes from the call for an agent to ready, one status after the other', async () => {
    const session = startVoiceSession({ type: 'session.start' });
    session.dispatched();
    await expect.poll(session.place).toEqual(starting('dispatched'));
    session.actor.send({ type: 'agent.joined' });
    session.actor.send(ready);
    expect(session.place()).toBe('ready');
    expect(session.statuses()).toEqual(['dispatched', 'connecting', 'ready']);
    expect(session.appended.at(-1)?.readyAt).toBe(5_000);
  });

  it('waits for the deadline from its creation on, and no longer once the agent is ready', () => {
    const session = startVoiceSession({ type: 'session.start' });
    expect(session.waits.map(({ at }) => at)).toEqual([30_000]);
    session.actor.send(ready);
    expect(session.waits[0]?.signal.aborted).toBe(true);
  });

  it('is ready even before LiveKit has answered, and what it answers then changes nothing', async () => {
    const session = startVoiceSession({ type: 'session.start' }, ready);
    session.dispatched();
    await session.dispatches[0]?.promise;
    expect(session.statuses()).toEqual(['ready']);
    expect(session.place()).toBe('ready');
  });

  it('fails at once where LiveKit refuses, and removes the room', async () => {
    const session = startVoiceSession({ type: 'session.start' });
    session.dispatches[0]?.resolve({ kind: 'failed', failure: gone });
    await expect.poll(session.place).toBe('failing');
    expect(session.failure()).toEqual(gone);
    expect(session.removals).toHaveLength(1);
    session.removals[0]?.resolve();
    await expect.poll(session.isOver).toBe(true);
    expect(session.statuses()).toEqual(['failed']);
  });

  it.each([
    ['says that it failed', { type: 'agent.failed', failure: gone }, 'agent_init_failed'],
    ['leaves', { type: 'agent.left' }, 'agent_left'],
    ['loses its room', { type: 'room.finished' }, 'room_finished'],
  ] as const)('fails when the agent %s before it is ready', (_, event, code) => {
    const session = startVoiceSession({ type: 'session.start' }, event);
    expect(session.failure()?.code).toBe(code);
    expect(session.place()).toBe('failing');
  });

  it.each(['no_worker', 'agent_not_joined', 'user_not_joined', 'agent_not_ready', 'room_gone'])(
    'fails with the reason %s when that is what the look after the deadline finds',
    async (reason) => {
      const session = startVoiceSession({ type: 'session.start' });
      session.waits[0]?.done();
      await expect.poll(() => session.probes.length).toBe(1);
      expect(session.statuses()).toEqual([]);
      session.probes[0]?.resolve({ kind: 'late', failure: { ...late, reason } });
      await expect.poll(session.place).toBe('failing');
      expect(session.failure()).toEqual({ ...late, reason });
    },
  );

  it('is ready after all when the look finds that the agent had said so', async () => {
    const session = startVoiceSession({ type: 'session.start' });
    session.waits[0]?.done();
    await expect.poll(() => session.probes.length).toBe(1);
    session.probes[0]?.resolve({ kind: 'ready', readyAt: 31_000 });
    await expect.poll(session.place).toBe('ready');
    expect(session.appended).toEqual([{ sessionId: 'vs_1', to: 'ready', readyAt: 31_000, failure: null }]);
  });

  it('is ready when the agent says so while the look is under way', async () => {
    const session = startVoiceSession({ type: 'session.start' });
    session.waits[0]?.done();
    await expect.poll(() => session.probes.length).toBe(1);
    session.actor.send(ready);
    session.probes[0]?.resolve({ kind: 'late', failure: late });
    await session.probes[0]?.promise;
    expect(session.statuses()).toEqual(['ready']);
  });

  it.each([
    ['pending', []],
    ['dispatched', [{ type: 'session.restore', status: 'dispatched' }]],
    ['connecting', [{ type: 'agent.joined' }]],
    ['ready', [ready]],
  ] as const)('ends when it is stopped while %s, with its room removed', (_, events) => {
    const [first] = events;
    const begin = first?.type === 'session.restore' ? [] : [{ type: 'session.start' } as const];
    const session = startVoiceSession(...begin, ...events, { type: 'session.stop' });
    expect(session.statuses().at(-1)).toBe('ended');
    expect(session.place()).toBe('closing');
    expect(session.removals).toHaveLength(1);
  });

  it('ends when it is stopped while the room is looked at, whatever is found there', async () => {
    const session = startVoiceSession({ type: 'session.start' });
    session.waits[0]?.done();
    await expect.poll(() => session.probes.length).toBe(1);
    session.actor.send({ type: 'session.stop' });
    session.probes[0]?.resolve({ kind: 'ready', readyAt: 31_000 });
    await session.probes[0]?.promise;
    expect(session.statuses()).toEqual(['ended']);
    expect(session.place()).toBe('closing');
  });

  it.each([
    ['failed', { type: 'agent.left' }],
    ['ended', { type: 'session.stop' }],
  ] as const)('that has %s makes nothing of what comes later', (status, ending) => {
    const session = startVoiceSession({ type: 'session.start' }, ending);
    const later: readonly VoiceSessionEvent[] = [
      { type: 'agent.joined' },
      ready,
      { type: 'agent.failed', failure: gone },
      { type: 'agent.left' },
      { type: 'room.finished' },
      { type: 'session.stop' },
    ];
    for (const event of later) {
      expect(session.actor.getSnapshot().can(event)).toBe(false);
      session.actor.send(event);
    }
    expect(session.statuses()).toEqual([status]);
    expect(session.removals).toHaveLength(1);
  });

  it.each([
    ['its agent leaves', { type: 'agent.left' }, 1],
    ['its agent fails', { type: 'agent.failed', failure: gone }, 1],
    ['its room is gone, which need not be removed', { type: 'room.finished' }, 0],
  ] as const)('ends, and has not failed, when it was ready and %s', (_, event, removals) => {
    const session = startVoiceSession({ type: 'session.start' }, ready, event);
    expect(session.statuses()).toEqual(['ready', 'ended']);
    expect(session.failure()).toBeNull();
    expect(session.removals).toHaveLength(removals);
  });

  it('is over even where the room cannot be removed', async () => {
    const session = startVoiceSession({ type: 'session.start' }, { type: 'session.stop' });
    session.removals[0]?.reject(new Error('a bug'));
    await expect.poll(session.isOver).toBe(true);
    expect(session.place()).toBe('ended');
  });

  it.each([
    ['pending', starting('pending'), { dispatches: 1, waits: 1, removals: 0 }],
    ['dispatched', starting('dispatched'), { dispatches: 0, waits: 1, removals: 0 }],
    ['connecting', starting('connecting'), { dispatches: 0, waits: 1, removals: 0 }],
    ['ready', 'ready', { dispatches: 0, waits: 0, removals: 0 }],
    ['failed', 'failing', { dispatches: 0, waits: 0, removals: 1 }],
    ['ended', 'closing', { dispatches: 0, waits: 0, removals: 1 }],
  ] as const)('comes back %s without storing anything', (status, place, children) => {
    const session = startVoiceSession({ type: 'session.restore', status });
    expect(session.place()).toEqual(place);
    expect(session.appended).toEqual([]);
    const { dispatches, waits, removals } = session;
    expect({ dispatches: dispatches.length, waits: waits.length, removals: removals.length }).toEqual(
      children,
    );
  });
});
