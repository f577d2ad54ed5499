/** The glossary, in Parlant's shape. */
import { z } from 'zod';
import type { Terms } from '../../entities/terms.ts';
import { route, type Route } from '../route.ts';
import { given, tagQuery } from '../schemas/entities.ts';
import { foreignId } from '../schemas/session.ts';
import { termCreateSchema, termSchema, termUpdateSchema, toTermJson } from '../schemas/terms.ts';

type TermsDeps = { readonly entities: { readonly terms: Terms } };

const params = z.object({ term_id: foreignId });

export function termRoutes({ entities: { terms } }: TermsDeps): readonly Route[] {
  return [createTerm(terms), listTerms(terms), readTerm(terms), updateTerm(terms), deleteTerm(terms)];
}

function createTerm(terms: Terms): Route {
  return route({
    method: 'post',
    path: '/terms',
    operation: 'change what agents know',
    tag: 'Glossary',
    summary: 'Create a term',
    body: termCreateSchema,
    answers: { 201: { description: 'The term.', schema: termSchema } },
    errors: ['ID_TAKEN', 'TAG_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ body }) {
      return { status: 201, body: toTermJson(await terms.create(given(body))) };
    },
  });
}

function listTerms(terms: Terms): Route {
  return route({
    method: 'get',
    path: '/terms',
    operation: 'read what agents know',
    tag: 'Glossary',
    summary: 'List terms',
    query: tagQuery,
    answers: { 200: { description: 'By creation.', schema: z.array(termSchema) } },
    async handle({ query: { tag_id: tagId } }) {
      return { status: 200, body: (await terms.list(given({ tagId }))).map(toTermJson) };
    },
  });
}

function readTerm(terms: Terms): Route {
  return route({
    method: 'get',
    path: '/terms/{term_id}',
    operation: 'read what agents know',
    tag: 'Glossary',
    summary: 'Read a term',
    params,
    answers: { 200: { description: 'The term.', schema: termSchema } },
    errors: ['TERM_NOT_FOUND'],
    async handle({ params: { term_id: id = '' } }) {
      return { status: 200, body: toTermJson(await terms.read(id)) };
    },
  });
}

function updateTerm(terms: Terms): Route {
  return route({
    method: 'patch',
    path: '/terms/{term_id}',
    operation: 'change what agents know',
    tag: 'Glossary',
    summary: 'Change a term',
    params,
    body: termUpdateSchema,
    answers: { 200: { description: 'The whole term.', schema: termSchema } },
    errors: ['TERM_NOT_FOUND', 'TAG_NOT_FOUND', 'TAG_NOT_ATTACHED', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { term_id: id = '' }, body: { tags, ...fields } }) {
      const patch = { ...given(fields), ...(tags && { tags: given(tags) }) };
      return { status: 200, body: toTermJson(await terms.update(id, patch)) };
    },
  });
}

function deleteTerm(terms: Terms): Route {
  return route({
    method: 'delete',
    path: '/terms/{term_id}',
    operation: 'change what agents know',
    tag: 'Glossary',
    summary: 'Delete a term',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['TERM_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { term_id: id = '' } }) {
      await terms.delete(id);
      return { status: 204 };
    },
  });
}
