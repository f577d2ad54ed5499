/**
 * Relationships on the wire: Parlant's shape, and beside it what Parlant's wire cannot say: dependencies of which one is enough
 * (`dependency_any`), tags of which any is meant, and which service a tool is of.
 */
import { z } from 'zod';
import { relationshipKinds, type RelationshipEnd } from '../../entities/collections/relationship.ts';
import { endKey } from '../../entities/relationship-id.ts';
import type { NewRelationship } from '../../entities/relationships.ts';
import type { ShownEnd, ShownRelationship } from '../../entities/shown-relationships.ts';
import { InvalidRelationshipError } from '../../errors.ts';
import { text, yesNo } from './common.ts';
import { guidelineSchema, toGuidelineJson } from './guidelines.ts';
import { foreignId } from './session.ts';
import { tagSchema } from './tags.ts';
import { fromToolIdJson, toolIdSchema, toToolIdJson } from './tool-id.ts';
import { toolSchema, toToolJson } from './tools.ts';

const kind = z.enum(relationshipKinds);
const tagId = text({ min: 1, max: 220 });
const tagMatch = z.enum(['all', 'any']);

const shown = {
  guideline: guidelineSchema.nullable(),
  tag: tagSchema.nullable(),
  tagMatch: tagMatch.nullable(),
  tool: toolSchema.nullable().meta({ description: 'null also where its server does not answer.' }),
  toolId: toolIdSchema.nullable(),
};

export const relationshipSchema = z
  .object({
    id: z.string(),
    kind,
    group_id: z.string().nullable(),
    source_guideline: shown.guideline,
    source_tag: shown.tag,
    source_tag_match: shown.tagMatch,
    source_tool: shown.tool,
    source_tool_id: shown.toolId,
    target_guideline: shown.guideline,
    target_tag: shown.tag,
    target_tag_match: shown.tagMatch,
    target_tool: shown.tool,
    target_tool_id: shown.toolId,
  })
  .meta({ id: 'Relationship' });

const givenTag = tagId.nullish().meta({
  description: 'Id of a tag, `agent:<agent id>`, `journey:<journey id>`, `journey_node:<node id>`.',
});
const givenTagMatch = tagMatch.nullish().meta({
  description: 'Whether all of what carries the tag is meant (the default) or any of it.',
});

export const relationshipCreateSchema = z
  .object({
    kind,
    group_id: text({ min: 1, max: 200 })
      .nullish()
      .meta({ description: 'Of `dependency_any`: one target of each group is enough.' }),
    source_guideline: foreignId.nullish(),
    source_tag: givenTag,
    source_tag_match: givenTagMatch,
    source_tool: toolIdSchema.nullish(),
    target_guideline: foreignId.nullish(),
    target_tag: givenTag,
    target_tag_match: givenTagMatch,
    target_tool: toolIdSchema.nullish(),
  })
  .meta({ id: 'RelationshipCreate', description: 'Exactly one source and one target.' });

type RelationshipCreate = z.output<typeof relationshipCreateSchema>;

export const relationshipListQuery = z
  .object({
    kind: kind.optional(),
    indirect: yesNo.optional().meta({
      description: 'Also what is reached further on, in the graph of each kind. Default: true.',
    }),
    guideline_id: foreignId.optional(),
    tag_id: tagId.optional(),
    tool_id: text({ max: 401 })
      .refine((id) => /^[^:]+:./s.test(id), 'must be service_name:tool_name')
      .optional(),
  })
  .refine(({ guideline_id, tag_id, tool_id }) => count(guideline_id, tag_id, tool_id) < 2, {
    error: 'at most one of guideline_id, tag_id, tool_id',
  });

/** What relationships are to be of; undefined: all. */
export function toEnd(query: z.output<typeof relationshipListQuery>): RelationshipEnd | undefined {
  const { guideline_id, tag_id, tool_id } = query;
  if (guideline_id !== undefined) return { type: 'guideline', id: guideline_id };
  if (tag_id !== undefined) return { type: 'tag_all', id: tag_id };
  return tool_id === undefined ? undefined : { type: 'tool', id: tool_id };
}

/** Throws `InvalidRelationshipError`. */
export function toNewRelationship(body: RelationshipCreate): NewRelationship {
  const source = fromEndJson('source', body);
  const target = fromEndJson('target', body);
  if (endKey(source) === endKey(target)) {
    throw new InvalidRelationshipError(`source and target are the same, "${source.id}"`);
  }
  return { kind: body.kind, source, target, ...(body.group_id != null && { groupId: body.group_id }) };
}

function fromEndJson(side: 'source' | 'target', body: RelationshipCreate): RelationshipEnd {
  const guideline = body[`${side}_guideline`];
  const tag = body[`${side}_tag`];
  const tool = body[`${side}_tool`];
  if (count(guideline, tag, tool) !== 1) {
    const fields = `${side}_guideline, ${side}_tag, ${side}_tool`;
    throw new InvalidRelationshipError(`it needs exactly one of ${fields}`);
  }
  if (guideline) return { type: 'guideline', id: guideline };
  if (tool) return { type: 'tool', id: fromToolIdJson(tool) };
  return { type: body[`${side}_tag_match`] === 'any' ? 'tag_any' : 'tag_all', id: tag ?? '' };
}

function count(...values: readonly unknown[]): number {
  return values.filter((value) => value !== null && value !== undefined).length;
}

/** As sent. */
export function toRelationshipJson(relationship: ShownRelationship): z.input<typeof relationshipSchema> {
  const [source, target] = [toEndJson(relationship.source), toEndJson(relationship.target)];
  return {
    id: relationship.id,
    kind: relationship.kind,
    group_id: relationship.groupId,
    source_guideline: source.guideline,
    source_tag: source.tag,
    source_tag_match: source.tagMatch,
    source_tool: source.tool,
    source_tool_id: source.toolId,
    target_guideline: target.guideline,
    target_tag: target.tag,
    target_tag_match: target.tagMatch,
    target_tool: target.tool,
    target_tool_id: target.toolId,
  };
}

type EndJson = { readonly [Part in keyof typeof shown]: z.input<(typeof shown)[Part]> };

function toEndJson(end: ShownEnd): EndJson {
  const none = { guideline: null, tag: null, tagMatch: null, tool: null, toolId: null };
  if (end.type === 'guideline') return { ...none, guideline: toGuidelineJson(end.guideline) };
  if (end.type === 'tool') {
    return { ...none, tool: end.tool ? toToolJson(end.tool) : null, toolId: toToolIdJson(end.toolId) };
  }
  return { ...none, tag: end.tag, tagMatch: end.type === 'tag_any' ? 'any' : 'all' };
}
