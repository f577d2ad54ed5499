/** Agents, in Parlant's shape. What an agent is for is an operator's business: customers read no description. */
import { z } from 'zod';
import type { Agent, AgentDirectory } from '../agents/agent-runner.ts';
import { AgentNotFoundError } from '../errors.ts';
import { may, type Caller } from './access.ts';
import { route, type Route } from './route.ts';
import { agentSchema } from './schemas/agent.ts';
import { foreignId } from './schemas/session.ts';

export function agentRoutes({ agents }: { readonly agents: AgentDirectory }): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/agents',
      operation: 'read agents',
      tag: 'Agents',
      summary: 'List agents',
      answers: { 200: { description: 'All of them.', schema: z.array(agentSchema) } },
      handle: ({ caller }) => ({
        status: 200,
        body: agents.list().map((agent) => toAgentJson(agent, caller)),
      }),
    }),
    route({
      method: 'get',
      path: '/agents/{agent_id}',
      operation: 'read agents',
      tag: 'Agents',
      summary: 'Read an agent',
      params: z.object({ agent_id: foreignId }),
      answers: { 200: { description: 'The agent.', schema: agentSchema } },
      errors: ['AGENT_NOT_FOUND'],
      handle({ params, caller }) {
        const id = params['agent_id'] ?? '';
        const agent = agents.get(id);
        if (!agent) throw new AgentNotFoundError(id);
        return { status: 200, body: toAgentJson(agent, caller) };
      },
    }),
  ];
}

/** Agents that run here make one pass and say whole messages: what Parlant's fields call that. */
function toAgentJson({ id, name, description }: Agent, caller: Caller): z.input<typeof agentSchema> {
  return {
    id,
    name,
    description: may(caller, 'read descriptions of agents') ? description : null,
    max_engine_iterations: 1,
    composition_mode: 'fluid',
    message_output_mode: 'block',
    tags: [],
  };
}
