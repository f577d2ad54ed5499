/**
 * The actor of a turn. The machine and its promise actors are made once for all turns, because XState works out what leads where for each machine
 * anew: each finds the stages of its turn by the actor that it belongs to.
 */
import { type Actor, type AnyActorRef, createActor, fromPromise, type PromiseActorLogic } from 'xstate';
import { type CycleInput, engineCycleMachine } from '../../../machines/engine-cycle.machine.ts';
import type { CycleStages } from './cycle-stages.ts';

const machine = engineCycleMachine.provide({
  actors: {
    load: from((stages) => stages.load),
    acknowledge: from((stages) => stages.acknowledge),
    prepare: from((stages) => stages.prepare),
    beginIteration: from((stages) => stages.beginIteration),
    speakPreamble: from((stages) => stages.speakPreamble),
    announceInterpreting: from((stages) => stages.announceInterpreting),
    announceThinking: from((stages) => stages.announceThinking),
    match: from((stages) => stages.match),
    resolve: from((stages) => stages.resolve),
    infer: from((stages) => stages.infer),
    call: from((stages) => stages.call),
    track: from((stages) => stages.track),
    answer: from((stages) => stages.answer),
    conclude: from((stages) => stages.conclude),
    analyse: from((stages) => stages.analyse),
    fail: from((stages) => stages.fail),
    waitUntil: from((stages) => stages.waitUntil),
  },
});

export type Cycle = Actor<typeof machine>;

const stagesOfTurns = new WeakMap<AnyActorRef, CycleStages>();

/** It is still to be started. */
export function createCycle(
  stages: CycleStages,
  options: { readonly input: CycleInput; readonly parent?: AnyActorRef },
): Cycle {
  const cycle = createActor(machine, { id: 'engine-cycle', ...options });
  stagesOfTurns.set(cycle, stages);
  return cycle;
}

function from<Input, Output>(
  choose: (stages: CycleStages) => (input: Input, signal: AbortSignal) => Promise<Output>,
): PromiseActorLogic<Output, Input> {
  return fromPromise(({ input, signal, self }) => {
    // oxlint-disable-next-line eslint/no-underscore-dangle -- how XState's own tools tell whose child an actor is
    const { _parent: cycle } = self;
    const stages = cycle && stagesOfTurns.get(cycle);
    if (!stages) throw new Error('A stage that belongs to no turn.');
    return choose(stages)(input, signal);
  });
}
