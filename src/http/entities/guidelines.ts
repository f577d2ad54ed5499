/** Guidelines, in Parlant's shape: created and listed flat, read and changed together with their relationships and tools. */
import { z } from 'zod';
import type { Guideline } from '../../entities/collections/guideline.ts';
import type { GuidelineQuery, Guidelines } from '../../entities/guidelines.ts';
import type { Relationships } from '../../entities/relationships.ts';
import { listAll } from '../long-list.ts';
import { route, type Route } from '../route.ts';
import {
  guidelineCreateSchema,
  guidelineListQuery,
  guidelineSchema,
  guidelineUpdateSchema,
  toGuidelineJson,
  toGuidelinePatch,
  toNewGuideline,
  toolAssociationSchema,
  toToolAssociationJson,
} from '../schemas/guidelines.ts';
import { relationshipSchema, toRelationshipJson } from '../schemas/relationships.ts';
import { foreignId } from '../schemas/session.ts';

type Stores = { readonly guidelines: Guidelines; readonly relationships: Relationships };

const params = z.object({ guideline_id: foreignId });

const wholeGuidelineSchema = z
  .object({
    guideline: guidelineSchema,
    relationships: z.array(relationshipSchema).meta({ description: 'Also indirect ones.' }),
    tool_associations: z.array(toolAssociationSchema),
  })
  .meta({ id: 'GuidelineWithRelationshipsAndToolAssociations' });

export function guidelineRoutes({ entities }: { readonly entities: Stores }): readonly Route[] {
  return [
    createGuideline(entities),
    listGuidelines(entities),
    readGuideline(entities),
    updateGuideline(entities),
    deleteGuideline(entities),
  ];
}

function createGuideline({ guidelines }: Stores): Route {
  return route({
    method: 'post',
    path: '/guidelines',
    operation: 'change what agents know',
    tag: 'Guidelines',
    summary: 'Create a guideline',
    body: guidelineCreateSchema,
    answers: { 201: { description: 'The guideline.', schema: guidelineSchema } },
    errors: ['ID_TAKEN', 'TAG_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ body }) {
      return { status: 201, body: toGuidelineJson(await guidelines.create(toNewGuideline(body))) };
    },
  });
}

/** Guidelines in one piece of an answer. */
const pageSize = 1_000;

function listGuidelines({ guidelines }: Stores): Route {
  return route({
    method: 'get',
    path: '/guidelines',
    operation: 'read what agents know',
    tag: 'Guidelines',
    summary: 'List guidelines',
    query: guidelineListQuery,
    answers: { 200: { description: 'By creation.', schema: z.array(guidelineSchema) } },
    async handle({ query: { tag_id: tagId }, res }) {
      const read = async (after?: GuidelineQuery['after']) => {
        const { items, next } = await guidelines.list({
          limit: pageSize,
          ...(tagId !== undefined && { tagId }),
          ...(after && { after }),
        });
        return { items: items.map(toGuidelineJson), next: next ?? undefined };
      };
      return listAll(res, await read(), read);
    },
  });
}

function readGuideline(stores: Stores): Route {
  return route({
    method: 'get',
    path: '/guidelines/{guideline_id}',
    operation: 'read what agents know',
    tag: 'Guidelines',
    summary: 'Read a guideline',
    params,
    answers: { 200: { description: 'The guideline and what belongs to it.', schema: wholeGuidelineSchema } },
    errors: ['GUIDELINE_NOT_FOUND'],
    async handle({ params: { guideline_id: id = '' } }) {
      return { status: 200, body: await toWholeJson(stores, await stores.guidelines.read(id)) };
    },
  });
}

function updateGuideline(stores: Stores): Route {
  return route({
    method: 'patch',
    path: '/guidelines/{guideline_id}',
    operation: 'change what agents know',
    tag: 'Guidelines',
    summary: 'Change a guideline',
    params,
    body: guidelineUpdateSchema,
    answers: { 200: { description: 'The guideline and what belongs to it.', schema: wholeGuidelineSchema } },
    errors: [
      'GUIDELINE_NOT_FOUND',
      'TAG_NOT_FOUND',
      'TAG_NOT_ATTACHED',
      'TOOL_NOT_FOUND',
      'TOOL_ASSOCIATION_NOT_FOUND',
      'SERVICE_UNAVAILABLE',
      'DOCUMENTS_UNAVAILABLE',
    ],
    async handle({ params: { guideline_id: id = '' }, body }) {
      const updated = await stores.guidelines.update(id, toGuidelinePatch(body));
      return { status: 200, body: await toWholeJson(stores, updated) };
    },
  });
}

function deleteGuideline({ guidelines }: Stores): Route {
  return route({
    method: 'delete',
    path: '/guidelines/{guideline_id}',
    operation: 'change what agents know',
    tag: 'Guidelines',
    summary: 'Delete a guideline',
    description: 'Its relationships and tool associations go too; journeys stay, without it as a trigger.',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['GUIDELINE_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { guideline_id: id = '' } }) {
      await guidelines.delete(id);
      return { status: 204 };
    },
  });
}

async function toWholeJson({ guidelines, relationships }: Stores, guideline: Guideline) {
  const end = { type: 'guideline', id: guideline.id } as const;
  const related = await relationships.list({ source: end, target: end, isIndirect: true });
  const [shown, tools] = await Promise.all([relationships.show(related), guidelines.toolsOf(guideline.id)]);
  return {
    guideline: toGuidelineJson(guideline),
    relationships: shown.map(toRelationshipJson),
    tool_associations: tools.map(toToolAssociationJson),
  };
}
