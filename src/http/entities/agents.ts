/**
 * Agents, in Parlant's shape: those of the configuration, which are read here and changed there, and those that are stored. What an
 * agent is for is an operator's business: customers read no description.
 */
import { z } from 'zod';
import type { AgentRecord, AgentStore } from '../../entities/agents.ts';
import { AgentNotFoundError } from '../../errors.ts';
import { may, type Caller } from '../access.ts';
import { route, type Route } from '../route.ts';
import {
  agentCreateSchema,
  agentSchema,
  agentUpdateSchema,
  toAgentJson,
  toAgentPatch,
  toNewAgent,
} from '../schemas/agents.ts';
import { foreignId } from '../schemas/session.ts';

type AgentsDeps = { readonly entities: { readonly agents: AgentStore } };

const params = z.object({ agent_id: foreignId });

export function agentRoutes({ entities: { agents } }: AgentsDeps): readonly Route[] {
  return [
    createAgent(agents),
    listAgents(agents),
    readAgent(agents),
    updateAgent(agents),
    deleteAgent(agents),
  ];
}

function createAgent(agents: AgentStore): Route {
  return route({
    method: 'post',
    path: '/agents',
    operation: 'change agents',
    tag: 'Agents',
    summary: 'Create an agent',
    body: agentCreateSchema,
    answers: { 201: { description: 'The agent.', schema: agentSchema } },
    errors: ['ID_TAKEN', 'TAG_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ body, caller }) {
      return { status: 201, body: shownTo(caller, await agents.create(toNewAgent(body))) };
    },
  });
}

function listAgents(agents: AgentStore): Route {
  return route({
    method: 'get',
    path: '/agents',
    operation: 'read agents',
    tag: 'Agents',
    summary: 'List agents',
    answers: {
      200: {
        description: 'All of them: the configured ones, then by creation.',
        schema: z.array(agentSchema),
      },
    },
    handle: ({ caller }) => ({ status: 200, body: agents.list().map((agent) => shownTo(caller, agent)) }),
  });
}

function readAgent(agents: AgentStore): Route {
  return route({
    method: 'get',
    path: '/agents/{agent_id}',
    operation: 'read agents',
    tag: 'Agents',
    summary: 'Read an agent',
    params,
    answers: { 200: { description: 'The agent.', schema: agentSchema } },
    errors: ['AGENT_NOT_FOUND'],
    handle({ params: { agent_id: id = '' }, caller }) {
      const agent = agents.get(id);
      if (!agent) throw new AgentNotFoundError(id);
      return { status: 200, body: shownTo(caller, agent) };
    },
  });
}

function updateAgent(agents: AgentStore): Route {
  return route({
    method: 'patch',
    path: '/agents/{agent_id}',
    operation: 'change agents',
    tag: 'Agents',
    summary: 'Change an agent',
    params,
    body: agentUpdateSchema,
    answers: { 200: { description: 'The whole agent.', schema: agentSchema } },
    errors: [
      'AGENT_NOT_FOUND',
      'AGENT_CONFIGURED',
      'TAG_NOT_FOUND',
      'TAG_NOT_ATTACHED',
      'DOCUMENTS_UNAVAILABLE',
    ],
    async handle({ params: { agent_id: id = '' }, body, caller }) {
      return { status: 200, body: shownTo(caller, await agents.update(id, toAgentPatch(body))) };
    },
  });
}

function deleteAgent(agents: AgentStore): Route {
  return route({
    method: 'delete',
    path: '/agents/{agent_id}',
    operation: 'change agents',
    tag: 'Agents',
    summary: 'Delete an agent',
    description: 'Its sessions stay readable; nobody answers in them.',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['AGENT_NOT_FOUND', 'AGENT_CONFIGURED', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { agent_id: id = '' } }) {
      await agents.delete(id);
      return { status: 204 };
    },
  });
}

function shownTo(caller: Caller, agent: AgentRecord): z.input<typeof agentSchema> {
  const shown = toAgentJson(agent);
  return may(caller, 'read descriptions of agents') ? shown : { ...shown, description: null };
}
