/** Guidelines on the wire: Parlant's shape. Created and listed flat, read and changed with what belongs to them. */
import { z } from 'zod';
import { compositionModes } from '../../entities/collections/agent.ts';
import { criticalities, type Guideline, type ToolAssociation } from '../../entities/collections/guideline.ts';
import type { GuidelinePatch, NewGuideline } from '../../entities/guidelines.ts';
import { jsonObject, text } from './common.ts';
import { chosenId, given, tagIds, tagPatchSchema } from './entities.ts';
import { labelPatchSchema, labels, metadataPatchSchema } from './patches.ts';
import { fromToolIdJson, toolIdSchema, toToolIdJson } from './tool-id.ts';

const fields = {
  condition: text({ max: 100_000 }).meta({
    description: 'When it applies. Empty: only the program itself can say so.',
  }),
  action: text({ max: 100_000 }).meta({ description: 'What to do. None: the guideline only observes.' }),
  description: text({ max: 100_000 }),
  title: text({ max: 1_000 }),
  criticality: z.enum(criticalities),
  enabled: z.boolean(),
  composition_mode: z.enum(compositionModes),
  track: z.boolean().meta({ description: 'false: never counted as applied already.' }),
  priority: z.int(),
};

export const guidelineSchema = z
  .object({
    id: z.string(),
    condition: z.string(),
    action: z.string().nullable(),
    description: z.string().nullable(),
    title: z.string().nullable(),
    criticality: fields.criticality,
    enabled: z.boolean(),
    tags: z.array(z.string()),
    metadata: jsonObject,
    composition_mode: fields.composition_mode.nullable(),
    track: z.boolean(),
    labels: z.array(z.string()),
    priority: z.int(),
  })
  .meta({ id: 'Guideline' });

export const toolAssociationSchema = z
  .object({ id: z.string(), guideline_id: z.string(), tool_id: toolIdSchema })
  .meta({ id: 'GuidelineToolAssociation' });

const optional = {
  action: fields.action.nullish(),
  description: fields.description.nullish(),
  title: fields.title.nullish(),
  criticality: fields.criticality.nullish(),
  enabled: fields.enabled.nullish(),
  composition_mode: fields.composition_mode.nullish(),
  track: fields.track.nullish(),
  priority: fields.priority.nullish(),
};

export const guidelineCreateSchema = z
  .object({
    id: chosenId.nullish(),
    condition: fields.condition,
    ...optional,
    tags: tagIds.nullish().meta({
      description: 'Ids of tags, `agent:<agent id>`, `journey:<journey id>`. None: every agent follows it.',
    }),
    metadata: jsonObject.nullish(),
    labels: labels.nullish(),
  })
  .meta({ id: 'GuidelineCreate' });

const toolIds = z.array(toolIdSchema).max(100);

export const guidelineUpdateSchema = z
  .object({
    condition: fields.condition.nullish(),
    ...optional,
    tool_associations: z.object({ add: toolIds.nullish(), remove: toolIds.nullish() }).nullish(),
    tags: tagPatchSchema.nullish(),
    metadata: metadataPatchSchema.nullish(),
    labels: labelPatchSchema.nullish(),
  })
  .meta({
    id: 'GuidelineUpdate',
    description: 'Absent or null: unchanged. An empty action, description or title: none.',
  });

export const guidelineListQuery = z.object({
  tag_id: text({ min: 1, max: 220 }).optional().meta({ description: 'Only those that have this tag.' }),
});

export function toNewGuideline(body: z.output<typeof guidelineCreateSchema>): NewGuideline {
  const { id, tags, labels, metadata } = given(body);
  return {
    condition: body.condition,
    ...toSettings(body),
    ...given({ id, tags, labels, metadata }),
  };
}

export function toGuidelinePatch(body: z.output<typeof guidelineUpdateSchema>): GuidelinePatch {
  const { tags, labels, metadata, tool_associations: tools } = body;
  return {
    ...toSettings(body),
    ...given({ condition: body.condition }),
    ...(tags && { tags: given(tags) }),
    ...(labels && { labels: given(labels) }),
    ...(metadata && { metadata: given(metadata) }),
    ...(tools && {
      tools: { add: (tools.add ?? []).map(fromToolIdJson), remove: (tools.remove ?? []).map(fromToolIdJson) },
    }),
  };
}

function toSettings(body: z.output<typeof guidelineUpdateSchema> | z.output<typeof guidelineCreateSchema>) {
  return given({
    action: body.action,
    description: body.description,
    title: body.title,
    criticality: body.criticality,
    enabled: body.enabled,
    compositionMode: body.composition_mode,
    track: body.track,
    priority: body.priority,
  });
}

/** As sent. */
export function toGuidelineJson(guideline: Guideline): z.input<typeof guidelineSchema> {
  return {
    id: guideline.id,
    condition: guideline.condition,
    action: guideline.action,
    description: guideline.description,
    title: guideline.title,
    criticality: guideline.criticality,
    enabled: guideline.enabled,
    tags: [...guideline.tags],
    metadata: guideline.metadata,
    composition_mode: guideline.compositionMode,
    track: guideline.track,
    labels: [...guideline.labels],
    priority: guideline.priority,
  };
}

/** As sent. */
export function toToolAssociationJson(association: ToolAssociation): z.input<typeof toolAssociationSchema> {
  const { id, guidelineId, toolId } = association;
  return { id, guideline_id: guidelineId, tool_id: toToolIdJson(toolId) };
}
