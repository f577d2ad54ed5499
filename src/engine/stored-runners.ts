/** Who answers for stored agents, from before the engine is there: agents are known first, and the engine needs what they are kept with. */
import type { AgentRunner } from '../agents/agent-runner.ts';
import type { AgentRecord } from '../entities/agents.ts';
import type { Engine } from './engine.ts';

export type StoredRunners = {
  readonly runnerFor: (agent: AgentRecord) => AgentRunner;
  /** Once, before the first turn. */
  readonly answerWith: (engine: Pick<Engine, 'runnerFor'>) => void;
};

export function createStoredRunners(): StoredRunners {
  let answering: Pick<Engine, 'runnerFor'> | undefined;

  function runnerOf(agent: AgentRecord): AgentRunner {
    if (!answering) throw new Error(`The agent "${agent.id}" was asked before the engine was there.`);
    return answering.runnerFor(agent);
  }

  return {
    runnerFor: (agent) => ({
      tellsStatuses: true,
      run: async (turn) => runnerOf(agent).run(turn),
      utter: async (request) => runnerOf(agent).utter?.(request),
    }),
    answerWith(engine) {
      answering = engine;
    },
  };
}
