/** Tags, in Parlant's shape: an id and a name that no other tag has. */
import { z } from 'zod';
import type { Tags } from '../../entities/tags.ts';
import { route, type Route } from '../route.ts';
import { given } from '../schemas/entities.ts';
import { foreignId } from '../schemas/session.ts';
import { tagListQuery, tagNameSchema, tagSchema, toTagJson } from '../schemas/tags.ts';

type TagsDeps = { readonly entities: { readonly tags: Tags } };

const params = z.object({ tag_id: foreignId });

export function tagRoutes({ entities: { tags } }: TagsDeps): readonly Route[] {
  return [createTag(tags), listTags(tags), readTag(tags), renameTag(tags), deleteTag(tags)];
}

function createTag(tags: Tags): Route {
  return route({
    method: 'post',
    path: '/tags',
    operation: 'change tags',
    tag: 'Tags',
    summary: 'Create a tag',
    body: tagNameSchema,
    answers: { 201: { description: 'The tag.', schema: tagSchema } },
    errors: ['VALUE_TAKEN', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ body }) {
      return { status: 201, body: toTagJson(await tags.create(body)) };
    },
  });
}

function listTags(tags: Tags): Route {
  return route({
    method: 'get',
    path: '/tags',
    operation: 'read tags',
    tag: 'Tags',
    summary: 'List tags',
    query: tagListQuery,
    answers: { 200: { description: 'By creation.', schema: z.array(tagSchema) } },
    async handle({ query }) {
      return { status: 200, body: (await tags.list(given(query))).map(toTagJson) };
    },
  });
}

function readTag(tags: Tags): Route {
  return route({
    method: 'get',
    path: '/tags/{tag_id}',
    operation: 'read tags',
    tag: 'Tags',
    summary: 'Read a tag',
    params,
    answers: { 200: { description: 'The tag.', schema: tagSchema } },
    errors: ['TAG_NOT_FOUND'],
    async handle({ params: { tag_id: id = '' } }) {
      return { status: 200, body: toTagJson(await tags.read(id)) };
    },
  });
}

function renameTag(tags: Tags): Route {
  return route({
    method: 'patch',
    path: '/tags/{tag_id}',
    operation: 'change tags',
    tag: 'Tags',
    summary: 'Rename a tag',
    params,
    body: tagNameSchema,
    answers: { 200: { description: 'The tag.', schema: tagSchema } },
    errors: ['TAG_NOT_FOUND', 'VALUE_TAKEN', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { tag_id: id = '' }, body }) {
      return { status: 200, body: toTagJson(await tags.rename(id, body.name)) };
    },
  });
}

function deleteTag(tags: Tags): Route {
  return route({
    method: 'delete',
    path: '/tags/{tag_id}',
    operation: 'change tags',
    tag: 'Tags',
    summary: 'Delete a tag',
    description: 'It is also taken off everything that has it.',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['TAG_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { tag_id: id = '' } }) {
      await tags.delete(id);
      return { status: 204 };
    },
  });
}
