/** Context variables, in Parlant's shape. Their values are in `context-values.ts`. */
import { z } from 'zod';
import type { ContextValues } from '../../entities/context-values.ts';
import type { ContextVariables } from '../../entities/context-variables.ts';
import { route, type Route } from '../route.ts';
import {
  contextVariableCreateSchema,
  contextVariableReadQuery,
  contextVariableReadSchema,
  contextVariableSchema,
  contextVariableUpdateSchema,
  toContextVariableJson,
  toContextVariablePatch,
  toKeyValuePairs,
  toNewContextVariable,
} from '../schemas/context-variables.ts';
import { given, tagQuery } from '../schemas/entities.ts';
import { foreignId } from '../schemas/session.ts';

type ContextVariablesDeps = {
  readonly entities: {
    readonly contextVariables: ContextVariables;
    readonly contextValues: ContextValues;
  };
};

const params = z.object({ variable_id: foreignId });

/** What both creating and changing one can meet. */
const refusals = [
  'TAG_NOT_FOUND',
  'TOOL_NOT_FOUND',
  'FRESHNESS_RULES_INVALID',
  'SERVICE_UNAVAILABLE',
  'DOCUMENTS_UNAVAILABLE',
];

export function contextVariableRoutes({ entities }: ContextVariablesDeps): readonly Route[] {
  const { contextVariables, contextValues } = entities;
  return [
    createVariable(contextVariables),
    listVariables(contextVariables),
    deleteVariables(contextVariables),
    readVariable(contextVariables, contextValues),
    updateVariable(contextVariables),
    deleteVariable(contextVariables),
  ];
}

function createVariable(variables: ContextVariables): Route {
  return route({
    method: 'post',
    path: '/context-variables',
    operation: 'change what agents know',
    tag: 'Context variables',
    summary: 'Create a context variable',
    body: contextVariableCreateSchema,
    answers: { 201: { description: 'The variable.', schema: contextVariableSchema } },
    errors: refusals,
    async handle({ body }) {
      const variable = await variables.create(toNewContextVariable(body));
      return { status: 201, body: toContextVariableJson(variable) };
    },
  });
}

function listVariables(variables: ContextVariables): Route {
  return route({
    method: 'get',
    path: '/context-variables',
    operation: 'read what agents know',
    tag: 'Context variables',
    summary: 'List context variables',
    query: tagQuery,
    answers: { 200: { description: 'By creation.', schema: z.array(contextVariableSchema) } },
    async handle({ query: { tag_id: tagId } }) {
      return { status: 200, body: (await variables.list(given({ tagId }))).map(toContextVariableJson) };
    },
  });
}

function deleteVariables(variables: ContextVariables): Route {
  return route({
    method: 'delete',
    path: '/context-variables',
    operation: 'change what agents know',
    tag: 'Context variables',
    summary: 'Delete context variables',
    description:
      'All of them, with their values. With `tag_id` the tag is taken off, and those left without any are deleted.',
    query: tagQuery,
    answers: { 204: { description: 'Gone.' } },
    errors: ['DOCUMENTS_UNAVAILABLE'],
    async handle({ query: { tag_id: tagId } }) {
      await variables.deleteAll(given({ tagId }));
      return { status: 204 };
    },
  });
}

function readVariable(variables: ContextVariables, values: ContextValues): Route {
  return route({
    method: 'get',
    path: '/context-variables/{variable_id}',
    operation: 'read what agents know',
    tag: 'Context variables',
    summary: 'Read a context variable and its values',
    params,
    query: contextVariableReadQuery,
    answers: { 200: { description: 'Both.', schema: contextVariableReadSchema } },
    errors: ['CONTEXT_VARIABLE_NOT_FOUND'],
    async handle({ params: { variable_id: id = '' }, query }) {
      const variable = toContextVariableJson(await variables.read(id));
      const pairs = query.include_values ? toKeyValuePairs(await values.list(id)) : null;
      return { status: 200, body: { context_variable: variable, key_value_pairs: pairs } };
    },
  });
}

function updateVariable(variables: ContextVariables): Route {
  return route({
    method: 'patch',
    path: '/context-variables/{variable_id}',
    operation: 'change what agents know',
    tag: 'Context variables',
    summary: 'Change a context variable',
    params,
    body: contextVariableUpdateSchema,
    answers: { 200: { description: 'The whole variable.', schema: contextVariableSchema } },
    errors: ['CONTEXT_VARIABLE_NOT_FOUND', 'TAG_NOT_ATTACHED', ...refusals],
    async handle({ params: { variable_id: id = '' }, body }) {
      const variable = await variables.update(id, toContextVariablePatch(body));
      return { status: 200, body: toContextVariableJson(variable) };
    },
  });
}

function deleteVariable(variables: ContextVariables): Route {
  return route({
    method: 'delete',
    path: '/context-variables/{variable_id}',
    operation: 'change what agents know',
    tag: 'Context variables',
    summary: 'Delete a context variable and its values',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['CONTEXT_VARIABLE_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { variable_id: id = '' } }) {
      await variables.delete(id);
      return { status: 204 };
    },
  });
}
