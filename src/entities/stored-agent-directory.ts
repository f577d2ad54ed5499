/** Where the runtime looks agents up: the configured ones, and the stored ones, for which somebody must say who answers. */
import type { Agent, AgentDirectory, AgentRunner } from '../agents/agent-runner.ts';
import type { AgentRecord, AgentStore } from './agents.ts';

export type StoredAgentDirectoryOptions = {
  readonly configured: AgentDirectory;
  readonly store: Pick<AgentStore, 'watch'>;
  /** Asked once for each stored agent, and again when it was changed. */
  readonly runnerFor: (agent: AgentRecord) => AgentRunner;
};

/** Configured agents come first, and win where a stored one has the same id. */
export function createStoredAgentDirectory(options: StoredAgentDirectoryOptions): AgentDirectory {
  const { configured, store, runnerFor } = options;
  const stored = new Map<string, Agent>();
  store.watch((agentId, agent) => {
    if (agent) stored.set(agentId, toAgent(agent, runnerFor(agent)));
    else stored.delete(agentId);
  });
  return {
    get: (agentId) => configured.get(agentId) ?? stored.get(agentId),
    list: () => [...configured.list(), ...stored.values()],
  };
}

function toAgent({ id, name, description }: AgentRecord, runner: AgentRunner): Agent {
  return { id, name, description, interruption: 'interrupt', runner };
}
