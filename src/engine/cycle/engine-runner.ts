/**
 * The engine as an `AgentRunner`: one actor of `machines/engine-cycle.machine.ts` per turn, whose promise actors are the stages. The machine
 * decides what comes next, the log whether anything may still be told.
 */
import type { SnapshotFrom } from 'xstate';
import type { CycleEvent, CycleOutput, engineCycleMachine } from '../../../machines/engine-cycle.machine.ts';
import type { Afterwards, AgentRunner, AgentTurn } from '../../agents/agent-runner.ts';
import type { AgentRecord } from '../../entities/agents.ts';
import { createCycle, type Cycle } from './cycle.ts';
import { tellMoves } from './cycle-moves.ts';
import { createCycleStages } from './cycle-stages.ts';
import type { EngineDeps } from './engine-deps.ts';
import { shownUnder } from './shown-under.ts';
import { utter } from './utter.ts';

/** Answers for one stored agent, as it is now. */
export function createEngineRunner(deps: EngineDeps, agent: AgentRecord): AgentRunner {
  return {
    tellsStatuses: true,
    run: (turn) => runCycle(deps, agent, turn),
    utter: (request) =>
      deps.observer.utterance({ ...request, agentId: agent.id, attempt: 1 }, () =>
        utter(deps, agent, request),
      ),
  };
}

type Snapshot = SnapshotFrom<typeof engineCycleMachine>;

async function runCycle(deps: EngineDeps, agent: AgentRecord, turn: AgentTurn): Promise<Afterwards | void> {
  const observed = deps.observer.begin({ ...turn, traceId: turn.runId, agentId: agent.id });
  const stages = createCycleStages(deps, agent, turn, {
    observed,
    onText: () => send(cycle, { type: 'answer.exists' }),
  });
  const { failureOf } = stages;
  const cycle = createCycle(stages, {
    input: {
      sessionId: turn.sessionId,
      runId: turn.runId,
      attempt: turn.attempt,
      maxIterations: agent.maxEngineIterations,
    },
    // Shown in the inspector under its session.
    ...(turn.actor && { parent: shownUnder(turn.actor) }),
  });
  const giveUp = (): void => send(cycle, { type: 'turn.cancel' });
  turn.signal.addEventListener('abort', giveUp, { once: true });
  const over = when(cycle, (snapshot) => snapshot.status !== 'active' || snapshot.hasTag('over'));
  if (turn.moved) tellMoves(cycle, turn.moved);
  cycle.start();
  if (turn.signal.aborted) giveUp();
  const snapshot = await over.catch((failure: unknown) => {
    observed.end('failed', failure);
    throw failure;
  });
  turn.signal.removeEventListener('abort', giveUp);
  const { output } = snapshot;
  observed.end(output?.outcome ?? 'completed', output?.error ? failureOf(output) : undefined);
  if (snapshot.status === 'active') return (signal) => finish(cycle, { signal, failureOf });
  return end(turn, output, failureOf);
}

/** Unless it is over: what was given up may go on for a while, and nobody listens any more. */
function send(cycle: Cycle, event: CycleEvent): void {
  if (cycle.getSnapshot().status === 'active') cycle.send(event);
}

/** As soon as it is so; it may have been for a while, and an actor that has ended tells nothing any more. */
function when(cycle: Cycle, isIt: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  const now = cycle.getSnapshot();
  if (isIt(now)) return Promise.resolve(now);
  return new Promise((resolve, reject) => {
    const subscription = cycle.subscribe({
      next: (snapshot) => {
        if (!isIt(snapshot)) return;
        subscription.unsubscribe();
        resolve(snapshot);
      },
      error: reject,
    });
  });
}

/** What is left when the customer has the answer. */
async function finish(
  cycle: Cycle,
  {
    signal,
    failureOf,
  }: { readonly signal: AbortSignal; readonly failureOf: (output: CycleOutput) => unknown },
): Promise<void> {
  const giveUp = (): void => send(cycle, { type: 'turn.abandon' });
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  const { output } = await when(cycle, ({ status }) => status !== 'active');
  signal.removeEventListener('abort', giveUp);
  if (output?.outcome === 'failed') throw failureOf(output);
}

async function end(
  { voice, signal }: AgentTurn,
  output: CycleOutput | undefined,
  failureOf: (output: CycleOutput) => unknown,
): Promise<void> {
  switch (output?.outcome) {
    case 'manual':
    case 'left':
      return voice.leave();
    case 'cancelled':
      throw signal.reason;
    case 'failed':
      throw failureOf(output);
    case 'failedSilently':
      return voice.end();
    default:
  }
}
