/** The agents of one process, looked up by id. What is wrong with an agent is said here, at start-up, and not in its first turn. */
import { DuplicateAgentError, InvalidAgentError } from '../errors.ts';
import { interruptionPolicies } from '../event-log/session-record.ts';
import type { Agent, AgentDirectory } from './agent-runner.ts';

const idPattern = /^[A-Za-z0-9_-]{1,64}$/;
const nameLimit = 100;

/** Keeps the order given. Throws `DuplicateAgentError` or `InvalidAgentError`. */
export function createAgentDirectory(agents: readonly Agent[]): AgentDirectory {
  const byId = new Map<string, Agent>();
  for (const agent of agents) {
    checkAgent(agent);
    if (byId.has(agent.id)) throw new DuplicateAgentError(agent.id);
    byId.set(agent.id, agent);
  }
  const list = [...byId.values()];
  return { get: (agentId) => byId.get(agentId), list: () => list };
}

/** Throws `InvalidAgentError` naming what is wrong. Agents also come from plain JavaScript, so types are not enough. */
export function checkAgent(agent: Agent): void {
  const problem = problemOf(agent);
  if (problem) throw new InvalidAgentError(agent.id, problem);
}

function problemOf({ id, name, description, interruption, runner, upstream }: Agent): string | undefined {
  if (typeof id !== 'string' || !idPattern.test(id))
    return 'an id is 1 to 64 of the characters A-Z a-z 0-9 _ -';
  if (typeof name !== 'string' || name.trim() === '' || name.length > nameLimit)
    return `a name is text of 1 to ${nameLimit} characters`;
  if (description !== null && typeof description !== 'string') return 'a description is text or null';
  if (!interruptionPolicies.includes(interruption))
    return `its interruption is one of ${interruptionPolicies.join(', ')}`;
  if (!upstream && typeof runner?.run !== 'function') return 'it has no runner with a `run` function';
  return undefined;
}
