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
import { InvalidRequestError } from '../errors.ts';
import { foreignId } from '../schemas/session.ts';

type AgentsDeps = {
  readonly entities: { readonly agents: AgentStore };
  /** Why an agent cannot have this language provider; undefined: it can. Default: it can have any. */
  readonly whyNotNlp?: (choices: string) => Promise<string | undefined>;
};

const params = z.object({ agent_id: foreignId });

export function agentRoutes(deps: AgentsDeps): readonly Route[] {
  const { agents } = deps.entities;
  return [createAgent(deps), listAgents(agents), readAgent(agents), updateAgent(deps), deleteAgent(agents)];
}

function createAgent(deps: AgentsDeps): Route {
  const { agents } = deps.entities;
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
      const agent = toNewAgent(body);
      await demandNlp(agent, deps);
      return { status: 201, body: shownTo(caller, await agents.create(agent)) };
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

function updateAgent(deps: AgentsDeps): Route {
  const { agents } = deps.entities;
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
      const patch = toAgentPatch(body);
      await demandNlp(patch, deps);
      return { status: 200, body: shownTo(caller, await agents.update(id, patch)) };
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

/** What is missing for it is said before anything is stored. */
async function demandNlp(
  { nlp }: { readonly nlp?: string | null },
  { whyNotNlp }: AgentsDeps,
): Promise<void> {
  const reason = nlp ? await whyNotNlp?.(nlp) : undefined;
  if (!nlp || reason === undefined) return;
  throw new InvalidRequestError([
    { place: 'body', path: ['nlp'], message: reason, code: 'nlp_unusable', input: nlp },
  ]);
}

function shownTo(caller: Caller, agent: AgentRecord): z.input<typeof agentSchema> {
  if (may(caller, 'read descriptions of agents')) return toAgentJson(agent);
  const { nlp: _, ...shown } = toAgentJson(agent);
  return { ...shown, description: null };
}
