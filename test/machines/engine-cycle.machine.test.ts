import { createActor, fromPromise } from 'xstate';
import { describe, expect, it } from 'vitest';
import { type CycleInput, engineCycleMachine } from '../../machines/engine-cycle.machine.ts';
import { edgesOf, walkEveryPath } from '../support/machine-walk.ts';

const input: CycleInput = { sessionId: 's1', runId: 't1', attempt: 1, maxIterations: 3 };
const error = { code: 'X', message: 'x' };

/** Everything each stage may answer. */
const outputs: Readonly<Record<string, readonly unknown[]>> = {
  load: [{ kind: 'ready' }, { kind: 'manual' }],
  acknowledge: [{ kind: 'done' }, { kind: 'bailed' }],
  prepare: [{ kind: 'done' }, { kind: 'bailed' }],
  beginIteration: [{ kind: 'go', preambleAt: null }, { kind: 'go', preambleAt: 5 }, { kind: 'bailed' }],
  waitForPreamble: [undefined],
  speakPreamble: [{ kind: 'said', interpretAt: 9 }, { kind: 'bailed' }],
  waitForInterpreting: [undefined],
  announceInterpreting: [
    { kind: 'done', thinkingAt: null },
    { kind: 'done', thinkingAt: 7 },
  ],
  waitForThinking: [undefined],
  announceThinking: [{ kind: 'done' }],
  match: [{ kind: 'done' }],
  resolve: [{ kind: 'done' }, { kind: 'tools' }],
  infer: [{ kind: 'done' }, { kind: 'calls' }],
  call: [{ kind: 'done' }],
  track: [{ kind: 'prepared' }, { kind: 'again' }],
  answer: [{ kind: 'done' }, { kind: 'bailed' }],
  conclude: [{ kind: 'done' }],
  analyse: [{ kind: 'done' }],
  fail: [{ kind: 'told' }, { kind: 'silent' }],
};

/** The stages, settled by hand, by the id of their actor. */
function startCycle() {
  const signals: Record<string, AbortSignal> = {};
  const settle: Record<string, PromiseWithResolvers<unknown>> = {};
  const stage = (name: string) =>
    fromPromise(({ signal }: { signal: AbortSignal }) => {
      signals[name] = signal;
      settle[name] = Promise.withResolvers<unknown>();
      return settle[name].promise;
    });
  const names = [...Object.keys(outputs), 'waitUntil'];
  const actors = Object.fromEntries(names.map((name) => [name, stage(name)]));
  const actor = createActor(engineCycleMachine.provide({ actors }), { input });
  actor.start();
  return { actor, signals, settle };
}

/** Answers the stages one after the other. */
async function go({ settle }: ReturnType<typeof startCycle>, ...answers: readonly [string, unknown][]) {
  for (const [name, output] of answers) {
    await expect.poll(() => settle[name]).toBeDefined();
    settle[name]?.resolve(output);
    delete settle[name];
    await Promise.resolve();
  }
}

const begun: readonly [string, unknown][] = [
  ['load', { kind: 'ready' }],
  ['acknowledge', { kind: 'done' }],
  ['prepare', { kind: 'done' }],
  ['beginIteration', { kind: 'go', preambleAt: null }],
];
const matched: readonly [string, unknown][] = [
  ...begun,
  ['announceInterpreting', { kind: 'done', thinkingAt: null }],
  ['match', { kind: 'done' }],
  ['resolve', { kind: 'done' }],
  ['track', { kind: 'prepared' }],
];

describe('a turn of the engine', () => {
  it('takes every transition it has on some generated path', async () => {
    const failure = { kind: 'failed', error };
    const ends = Object.entries(outputs).flatMap(([id, possible]) => [
      ...possible.map((output) => ({ type: `xstate.done.actor.${id}`, output })),
      { type: `xstate.done.actor.${id}`, output: failure },
      { type: `xstate.error.actor.${id}`, error: new Error('a bug') },
    ]);
    const taken = await walkEveryPath({
      machine: engineCycleMachine,
      inputs: [input],
      events: [...ends, { type: 'turn.cancel' }, { type: 'turn.abandon' }, { type: 'answer.exists' }],
      placeOf: ({ value, context }) =>
        JSON.stringify([
          value,
          context.preambleAt,
          context.thinkingAt,
          context.bridge,
          context.iteration > 2,
        ]),
    });
    expect(edgesOf(engineCycleMachine).filter((edge) => !taken.has(edge))).toEqual([]);
  });

  it('can be cancelled until its answer exists', async () => {
    const cycle = startCycle();
    await go(cycle, ...matched);
    await expect.poll(() => cycle.actor.getSnapshot().matches({ answering: 'composing' })).toBe(true);
    cycle.actor.send({ type: 'turn.cancel' });
    expect(cycle.actor.getSnapshot()).toMatchObject({ status: 'done', output: { outcome: 'cancelled' } });
    expect(cycle.signals['answer']?.aborted).toBe(true);
  });

  it('is finished when it is cancelled later', async () => {
    const cycle = startCycle();
    await go(cycle, ...matched);
    await expect.poll(() => cycle.actor.getSnapshot().matches({ answering: 'composing' })).toBe(true);
    cycle.actor.send({ type: 'answer.exists' });
    cycle.actor.send({ type: 'turn.cancel' });
    expect(cycle.signals['answer']?.aborted).toBe(false);
    await go(cycle, ['answer', { kind: 'done' }], ['conclude', { kind: 'done' }]);
    await expect.poll(() => cycle.actor.getSnapshot().hasTag('over')).toBe(true);
    await go(cycle, ['analyse', { kind: 'done' }]);
    await expect.poll(() => cycle.actor.getSnapshot().output?.outcome).toBe('completed');
  });

  it('fails at once where matching fails, and stops the words that were to bridge the time', async () => {
    const cycle = startCycle();
    await go(cycle, ...begun.slice(0, 3), ['beginIteration', { kind: 'go', preambleAt: 5 }]);
    await go(cycle, ['match', { kind: 'failed', error }]);
    await expect.poll(() => cycle.signals['waitUntil']?.aborted).toBe(true);
    await go(cycle, ['fail', { kind: 'told' }]);
    await expect.poll(() => cycle.actor.getSnapshot().output).toEqual({ outcome: 'failed', error });
  });

  it('looks again as often as there is something new, and counts', async () => {
    const cycle = startCycle();
    await go(cycle, ...matched.slice(0, -1), ['track', { kind: 'again' }]);
    await go(cycle, ['beginIteration', { kind: 'go', preambleAt: null }]);
    await expect.poll(() => cycle.actor.getSnapshot().context.iteration).toBe(2);
    cycle.actor.stop();
  });
});
