/** Relationships, in Parlant's shape, with what is at their ends. They are created and deleted, not changed. */
import { z } from 'zod';
import type { Relationship } from '../../entities/collections/relationship.ts';
import type { Relationships } from '../../entities/relationships.ts';
import { RelationshipNotFoundError } from '../../errors.ts';
import { listAll } from '../long-list.ts';
import { route, type Route } from '../route.ts';
import { given } from '../schemas/entities.ts';
import {
  relationshipCreateSchema,
  relationshipListQuery,
  relationshipSchema,
  toEnd,
  toNewRelationship,
  toRelationshipJson,
} from '../schemas/relationships.ts';
import { foreignId } from '../schemas/session.ts';

type RelationshipsDeps = { readonly entities: { readonly relationships: Relationships } };

const params = z.object({ relationship_id: foreignId });

const endErrors = ['GUIDELINE_NOT_FOUND', 'TAG_NOT_FOUND', 'TOOL_NOT_FOUND', 'SERVICE_UNAVAILABLE'];

export function relationshipRoutes({ entities: { relationships } }: RelationshipsDeps): readonly Route[] {
  return [
    createRelationship(relationships),
    listRelationships(relationships),
    readRelationship(relationships),
    deleteRelationship(relationships),
  ];
}

function createRelationship(relationships: Relationships): Route {
  return route({
    method: 'post',
    path: '/relationships',
    operation: 'change what agents know',
    tag: 'Relationships',
    summary: 'Create a relationship',
    description: 'One with the same kind, source and target is replaced.',
    body: relationshipCreateSchema,
    answers: { 201: { description: 'The relationship.', schema: relationshipSchema } },
    errors: ['RELATIONSHIP_INVALID', 'RELATIONSHIP_CYCLE', ...endErrors, 'DOCUMENTS_UNAVAILABLE'],
    async handle({ body }) {
      const created = await relationships.create(toNewRelationship(body));
      return { status: 201, body: await show(relationships, created) };
    },
  });
}

/** Relationships in one piece of an answer. */
const pageSize = 500;

function listRelationships(relationships: Relationships): Route {
  return route({
    method: 'get',
    path: '/relationships',
    operation: 'read what agents know',
    tag: 'Relationships',
    summary: 'List relationships',
    description: 'All, or those of one guideline, tag or tool.',
    query: relationshipListQuery,
    answers: { 200: { description: 'By creation.', schema: z.array(relationshipSchema) } },
    errors: endErrors,
    async handle({ query, res }) {
      const { kind, indirect = true } = query;
      const wanted = { ...given({ kind }), isIndirect: indirect };
      const end = toEnd(query);
      const found = await (end ? relationships.listOf(end, wanted) : relationships.list(wanted));
      const read = async (from: number) => {
        const shown = await relationships.show(found.slice(from, from + pageSize));
        const next = from + pageSize < found.length ? from + pageSize : undefined;
        return { items: shown.map(toRelationshipJson), next };
      };
      return listAll(res, await read(0), read);
    },
  });
}

function readRelationship(relationships: Relationships): Route {
  return route({
    method: 'get',
    path: '/relationships/{relationship_id}',
    operation: 'read what agents know',
    tag: 'Relationships',
    summary: 'Read a relationship',
    params,
    answers: { 200: { description: 'The relationship.', schema: relationshipSchema } },
    errors: ['RELATIONSHIP_NOT_FOUND'],
    async handle({ params: { relationship_id: id = '' } }) {
      return { status: 200, body: await show(relationships, await relationships.read(id)) };
    },
  });
}

function deleteRelationship(relationships: Relationships): Route {
  return route({
    method: 'delete',
    path: '/relationships/{relationship_id}',
    operation: 'change what agents know',
    tag: 'Relationships',
    summary: 'Delete a relationship',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['RELATIONSHIP_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { relationship_id: id = '' } }) {
      await relationships.delete(id);
      return { status: 204 };
    },
  });
}

async function show(relationships: Relationships, relationship: Relationship) {
  const [shown] = await relationships.show([relationship]);
  // One of its ends was deleted meanwhile, and it with it.
  if (!shown) throw new RelationshipNotFoundError(relationship.id);
  return toRelationshipJson(shown);
}
