/** The nodes and edges of journeys on the wire. Parlant's API has none of them; names and shapes are those of its other entities. */
import { z } from 'zod';
import { compositionModes } from '../../entities/collections/agent.ts';
import type { JourneyEdge, JourneyNode } from '../../entities/collections/journey.ts';
import type { JourneyEdgePatch, NewJourneyEdge } from '../../entities/journey-edges.ts';
import type { NewJourneyNode } from '../../entities/journey-node-insertion.ts';
import type { JourneyNodePatch } from '../../entities/journey-nodes.ts';
import { jsonObject, text, timestamp } from './common.ts';
import { chosenId, given } from './entities.ts';
import { compositionModePatch } from './journeys.ts';
import { labelPatchSchema, labels, metadataPatchSchema } from './patches.ts';
import { foreignId } from './session.ts';
import { fromToolIdJson, toolIdSchema, toToolIdJson } from './tool-id.ts';

const longText = text({ max: 100_000 });
const fields = {
  action: longText
    .nullish()
    .meta({ description: 'What the agent says or does. None, and no tools: a fork.' }),
  description: longText.nullish(),
  tools: z.array(toolIdSchema).max(100).nullish(),
  composition_mode: z.enum(compositionModes).nullish(),
  condition: longText.nullish().meta({ description: 'When this way is taken. None: always.' }),
};

export const journeyNodeSchema = z
  .object({
    id: z.string(),
    creation_utc: timestamp,
    action: z.string().nullable(),
    description: z.string().nullable(),
    tools: z.array(toolIdSchema),
    labels: z.array(z.string()),
    composition_mode: z.enum(compositionModes).nullable(),
    metadata: jsonObject,
  })
  .meta({ id: 'JourneyNode' });

export const journeyNodeCreateSchema = z
  .object({
    id: chosenId.refine((id) => !id.includes(':'), 'must not have a colon').nullish(),
    action: fields.action,
    description: fields.description,
    tools: fields.tools,
    labels: labels.nullish(),
    composition_mode: fields.composition_mode.meta({ description: "Default: the journey's." }),
    metadata: jsonObject.nullish(),
  })
  .meta({ id: 'JourneyNodeCreate' });

export const journeyNodeUpdateSchema = z
  .object({
    action: fields.action,
    description: fields.description,
    tools: fields.tools.meta({ description: 'All of them.' }),
    labels: labelPatchSchema.nullish(),
    composition_mode: compositionModePatch,
    metadata: metadataPatchSchema.nullish(),
  })
  .meta({
    id: 'JourneyNodeUpdate',
    description: 'Absent or null: unchanged. An empty text or list empties.',
  });

export const journeyEdgeSchema = z
  .object({
    id: z.string(),
    creation_utc: timestamp,
    source: z.string(),
    target: z.string().meta({ description: 'A node, or `end`.' }),
    condition: z.string().nullable(),
    metadata: jsonObject,
  })
  .meta({ id: 'JourneyEdge' });

export const journeyEdgeCreateSchema = z
  .object({
    source: foreignId,
    target: foreignId.meta({ description: 'A node, or `end`.' }),
    condition: fields.condition,
    metadata: jsonObject.nullish(),
  })
  .meta({ id: 'JourneyEdgeCreate' });

export const journeyEdgeUpdateSchema = z
  .object({
    source: foreignId.nullish(),
    target: foreignId.nullish(),
    condition: fields.condition,
    metadata: metadataPatchSchema.nullish(),
  })
  .meta({
    id: 'JourneyEdgeUpdate',
    description:
      'Absent: unchanged. Null, or a blank text, empties `condition`; elsewhere null is as absent.',
  });

export function toNewNode(body: z.output<typeof journeyNodeCreateSchema>): NewJourneyNode {
  const { composition_mode: compositionMode, tools, ...rest } = given(body);
  return {
    ...rest,
    ...(tools && { tools: tools.map(fromToolIdJson) }),
    ...(compositionMode && { compositionMode }),
  };
}

export function toNodePatch(body: z.output<typeof journeyNodeUpdateSchema>): JourneyNodePatch {
  const { composition_mode: compositionMode, tools, labels, metadata, ...texts } = given(body);
  return {
    ...texts,
    ...(compositionMode !== undefined && { compositionMode: compositionMode || null }),
    ...(tools && { tools: tools.map(fromToolIdJson) }),
    ...(labels && { labels: given(labels) }),
    ...(metadata && { metadata: given(metadata) }),
  };
}

/** As sent. */
export function toNodeJson(node: JourneyNode): z.input<typeof journeyNodeSchema> {
  return {
    id: node.id,
    creation_utc: node.creationUtc,
    action: node.action,
    description: node.description,
    tools: node.tools.map(toToolIdJson),
    labels: [...node.labels],
    composition_mode: node.compositionMode,
    metadata: node.metadata,
  };
}

export function toNewEdge(body: z.output<typeof journeyEdgeCreateSchema>): NewJourneyEdge {
  return { ...given(body), source: body.source, target: body.target };
}

export function toEdgePatch(body: z.output<typeof journeyEdgeUpdateSchema>): JourneyEdgePatch {
  const { metadata, ...rest } = given(body);
  return { ...rest, ...(metadata && { metadata: given(metadata) }) };
}

/** As sent. */
export function toEdgeJson(edge: JourneyEdge): z.input<typeof journeyEdgeSchema> {
  return {
    id: edge.id,
    creation_utc: edge.creationUtc,
    source: edge.source,
    target: edge.target,
    condition: edge.condition,
    metadata: edge.metadata,
  };
}
