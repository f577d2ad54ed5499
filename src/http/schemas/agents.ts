/** Agents on the wire: Parlant's shape. */
import { z } from 'zod';
import type { AgentPatch, AgentRecord, NewAgent } from '../../entities/agents.ts';
import { compositionModes, messageOutputModes } from '../../entities/collections/agent.ts';
import { text } from './common.ts';
import { chosenId, given, name, tagIds, tagPatchSchema } from './entities.ts';

const fields = {
  name: name({ max: 100 }),
  description: text({ max: 100_000 }),
  max_engine_iterations: z.int().min(1),
  composition_mode: z.enum(compositionModes),
  message_output_mode: z.enum(messageOutputModes),
  nlp: text({ max: 500 }).meta({
    description: 'The language provider of its own, as the setting `NLP` names them.',
  }),
};

export const agentSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable().meta({ description: 'For operators; customers read null.' }),
    max_engine_iterations: z.int(),
    composition_mode: fields.composition_mode,
    message_output_mode: fields.message_output_mode,
    nlp: fields.nlp.optional().meta({
      description: 'Only of agents with a language provider of their own, and only for operators.',
    }),
    tags: z.array(z.string()),
  })
  .meta({ id: 'Agent' });

const optional = {
  description: fields.description.nullish(),
  max_engine_iterations: fields.max_engine_iterations.nullish(),
  composition_mode: fields.composition_mode.nullish(),
  message_output_mode: fields.message_output_mode.nullish(),
  nlp: fields.nlp.nullish(),
};

export const agentCreateSchema = z
  .object({ id: chosenId.nullish(), name: fields.name, ...optional, tags: tagIds.nullish() })
  .meta({ id: 'AgentCreate' });

export const agentUpdateSchema = z
  .object({ name: fields.name.nullish(), ...optional, tags: tagPatchSchema.nullish() })
  .meta({ id: 'AgentUpdate', description: 'Absent or null: unchanged. An empty `nlp`: the server’s.' });

export function toNewAgent(body: z.output<typeof agentCreateSchema>): NewAgent {
  const { id, tags, nlp } = given(body);
  return {
    name: body.name,
    ...toSettings(body),
    ...(id && { id }),
    ...(nlp?.trim() && { nlp: nlp.trim() }),
    ...(tags && { tags }),
  };
}

export function toAgentPatch(body: z.output<typeof agentUpdateSchema>): AgentPatch {
  const { nlp } = body;
  return {
    ...toSettings(body),
    ...(typeof nlp === 'string' && { nlp: nlp.trim() || null }),
    ...(body.tags && { tags: given(body.tags) }),
  };
}

function toSettings(body: z.output<typeof agentUpdateSchema> | z.output<typeof agentCreateSchema>) {
  return given({
    name: body.name,
    description: body.description,
    maxEngineIterations: body.max_engine_iterations,
    compositionMode: body.composition_mode,
    messageOutputMode: body.message_output_mode,
  });
}

/** As sent. */
export function toAgentJson(agent: AgentRecord): z.input<typeof agentSchema> {
  return {
    id: agent.id,
    name: agent.name,
    description: agent.description,
    max_engine_iterations: agent.maxEngineIterations,
    composition_mode: agent.compositionMode,
    message_output_mode: agent.messageOutputMode,
    ...(agent.nlp !== undefined && { nlp: agent.nlp }),
    tags: [...agent.tags],
  };
}
