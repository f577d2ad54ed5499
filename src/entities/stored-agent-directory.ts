/** Where the runtime looks agents up: the configured ones, and the stored ones, for which somebody must say who answers. */
import type { Agent, AgentDirectory, AgentRunner } from '../agents/agent-runner.ts';
import { startingWith, type AgentRecord, type AgentStore } from './agents.ts';

export type StoredAgentDirectoryOptions = {
  readonly configured: AgentDirectory;
  readonly store: Pick<AgentStore, 'watch'>;
  /** Asked once for each stored agent, and again when it was changed. */
  readonly runnerFor: (agent: AgentRecord) => AgentRunner;
  /** Id of the one that is listed first. */
  readonly first?: string | undefined;
};

/** Configured agents come before stored ones, and win where a stored one has the same id. */
export function createStoredAgentDirectory(options: StoredAgentDirectoryOptions): AgentDirectory {
  const { configured, store, runnerFor, first } = options;
  const stored = new Map<string, StoredAgent>();
  store.watch((agentId, agent) => {
    if (agent) change(stored, agent, runnerFor(agent));
    else stored.delete(agentId);
  });
  return {
    get: (agentId) => configured.get(agentId) ?? stored.get(agentId)?.agent,
    list: () =>
      startingWith(first, [...configured.list(), ...[...stored.values()].map(({ agent }) => agent)]),
  };
}

/** A session that is in memory keeps its agent: what it holds must follow every change. */
type StoredAgent = { record: AgentRecord; runner: AgentRunner; readonly agent: Agent };

function change(stored: Map<string, StoredAgent>, record: AgentRecord, runner: AgentRunner): void {
  const known = stored.get(record.id);
  if (known) Object.assign(known, { record, runner });
  else stored.set(record.id, toStoredAgent(record, runner));
}

function toStoredAgent(record: AgentRecord, runner: AgentRunner): StoredAgent {
  const stored: StoredAgent = {
    record,
    runner,
    agent: {
      id: record.id,
      get name() {
        return stored.record.name;
      },
      get description() {
        return stored.record.description;
      },
      get outputMode() {
        return stored.record.messageOutputMode;
      },
      interruption: 'interrupt',
      // Whole: it also says whether it tells statuses, and whether it can be told what to say.
      get runner() {
        return stored.runner;
      },
    },
  };
  return stored;
}
