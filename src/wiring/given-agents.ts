/** Which agents a server has: those it is given, those that live on other servers, and the examples where nobody brings any. */
import type { Agent } from '../agents/agent-runner.ts';
import { createEchoAgent } from '../agents/echo-agent.ts';
import type { UpstreamAgentConfig, UpstreamAgents } from '../agents/upstream-agents.ts';
import { parseSettings, type Settings, SettingsError } from '../config.ts';
import { agentsOf, checkDefinitions, type Definition } from '../definition/definition.ts';
import { InvalidAgentError } from '../errors.ts';
import { exampleSource, noExamples } from '../examples/example-source.ts';

export type GivenAgents = {
  /** Default: `echo`, beside the examples (`createExampleDefinition`), which are stored; none where a definition has agents. */
  readonly agents?: readonly (Agent | UpstreamAgentConfig)[];
  /** Agents that live on other servers; each takes the place of the agent with its id. */
  readonly upstreams?: readonly UpstreamAgentConfig[];
  /** What programs define in code (`createServer(…).define()`): stored before anything is answered. */
  readonly definitions?: readonly Definition[];
};

/** The client of other servers is loaded only where there are any. */
export async function makeAgents(options: GivenAgents): Promise<UpstreamAgents> {
  const { upstreams = [] } = options;
  const given = options.agents ?? (wantsExamples(options) ? [createEchoAgent()] : []);
  for (const agent of given) checkIsObject(agent);
  const moved = new Set(upstreams.map(({ id }) => id));
  const stay = given.filter(({ id }) => !moved.has(id));
  const away = [...stay.filter((agent) => isUpstreamConfig(agent)), ...upstreams];
  const here = stay.filter((agent): agent is Agent => !isUpstreamConfig(agent));
  if (away.length === 0) return { agents: here, close: async () => {} };
  const { createUpstreamAgents } = await import('../agents/upstream-agents.ts');
  const made = createUpstreamAgents(away);
  return { agents: [...here, ...made.agents], close: () => made.close() };
}

function wantsExamples({ agents, definitions = [] }: GivenAgents): boolean {
  return agents === undefined && agentsOf(definitions).length === 0;
}

/** They are loaded only where there are no other agents; one that lives elsewhere is not defined here. */
export async function withExamples(options: GivenAgents): Promise<readonly Definition[]> {
  const { definitions = [], upstreams = [] } = options;
  checkDefinitions(definitions);
  if (definitions.some(({ source }) => source === exampleSource)) return definitions;
  if (!wantsExamples(options)) return [...definitions, noExamples];
  const { createExampleDefinition } = await import('../examples/example-definition.ts');
  return [...definitions, createExampleDefinition({ without: upstreams.map(({ id }) => id) })];
}

/** Whether it is still to be made an agent of. */
function isUpstreamConfig(agent: Agent | UpstreamAgentConfig): agent is UpstreamAgentConfig {
  const { upstream }: { readonly upstream?: unknown } = agent;
  return (
    upstream !== undefined && !(typeof upstream === 'object' && upstream !== null && 'server' in upstream)
  );
}

/** What else is wrong with an agent is said where it is made or listed. */
function checkIsObject(agent: unknown): void {
  if (typeof agent !== 'object' || agent === null)
    throw new InvalidAgentError(String(agent), 'it is no object');
}

/** Who brings agents of their own, and does not say who answers by default, means the first. */
export function withDefaultAgent(settings: Settings, ids: readonly string[]): Settings {
  const [first] = ids;
  if (first === undefined) throw new SettingsError('There is no agent: "agents" must name at least one.');
  if (ids.includes(settings.defaultAgent)) return settings;
  if (settings.defaultAgent === parseSettings().defaultAgent) return { ...settings, defaultAgent: first };
  throw new SettingsError(`DEFAULT_AGENT must be one of ${ids.join(', ')}, not '${settings.defaultAgent}'.`);
}
