/** Values of context variables, in Parlant's shape: one per key. */
import { z } from 'zod';
import type { ContextValues } from '../../entities/context-values.ts';
import { route, type Route } from '../route.ts';
import {
  contextKey,
  contextValuePutSchema,
  contextValueSchema,
  toContextValueJson,
} from '../schemas/context-variables.ts';
import { foreignId } from '../schemas/session.ts';

type ContextValuesDeps = { readonly entities: { readonly contextValues: ContextValues } };

const path = '/context-variables/{variable_id}/{key}';
const params = z.object({ variable_id: foreignId, key: contextKey });

export function contextValueRoutes({ entities: { contextValues } }: ContextValuesDeps): readonly Route[] {
  return [readValue(contextValues), putValue(contextValues), deleteValue(contextValues)];
}

function readValue(values: ContextValues): Route {
  return route({
    method: 'get',
    path,
    operation: 'read what agents know',
    tag: 'Context variables',
    summary: 'Read a value',
    params,
    answers: { 200: { description: 'The value.', schema: contextValueSchema } },
    errors: ['CONTEXT_VARIABLE_NOT_FOUND', 'CONTEXT_VALUE_NOT_FOUND'],
    async handle({ params: { variable_id: id = '', key = '' } }) {
      return { status: 200, body: toContextValueJson(await values.read(id, key)) };
    },
  });
}

function putValue(values: ContextValues): Route {
  return route({
    method: 'put',
    path,
    operation: 'change what agents know',
    tag: 'Context variables',
    summary: 'Store a value',
    description: 'It is created, or takes the place of the one that is there.',
    params,
    body: contextValuePutSchema,
    answers: { 200: { description: 'The value.', schema: contextValueSchema } },
    errors: ['CONTEXT_VARIABLE_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { variable_id: variableId = '', key = '' }, body: { data } }) {
      return { status: 200, body: toContextValueJson(await values.put({ variableId, key, data })) };
    },
  });
}

function deleteValue(values: ContextValues): Route {
  return route({
    method: 'delete',
    path,
    operation: 'change what agents know',
    tag: 'Context variables',
    summary: 'Delete a value',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['CONTEXT_VARIABLE_NOT_FOUND', 'CONTEXT_VALUE_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { variable_id: id = '', key = '' } }) {
      await values.delete(id, key);
      return { status: 204 };
    },
  });
}
