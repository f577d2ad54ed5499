/** Canned responses, in Parlant's shape. A template that cannot be read is refused with its place. */
import { z } from 'zod';
import type { CannedResponses } from '../../entities/canned-responses.ts';
import { route, type Route } from '../route.ts';
import {
  cannedResponseCreateSchema,
  cannedResponseListQuery,
  cannedResponseSchema,
  cannedResponseUpdateSchema,
  toCannedResponseJson,
  toCannedResponsePatch,
  toNewCannedResponse,
} from '../schemas/canned-responses.ts';
import { given } from '../schemas/entities.ts';
import { foreignId } from '../schemas/session.ts';

type CannedResponsesDeps = { readonly entities: { readonly cannedResponses: CannedResponses } };

const params = z.object({ canned_response_id: foreignId });

export function cannedResponseRoutes({ entities }: CannedResponsesDeps): readonly Route[] {
  const { cannedResponses: responses } = entities;
  return [
    createCannedResponse(responses),
    listCannedResponses(responses),
    readCannedResponse(responses),
    updateCannedResponse(responses),
    deleteCannedResponse(responses),
  ];
}

function createCannedResponse(responses: CannedResponses): Route {
  return route({
    method: 'post',
    path: '/canned_responses',
    operation: 'change what agents know',
    tag: 'Canned responses',
    summary: 'Create a canned response',
    body: cannedResponseCreateSchema,
    answers: { 201: { description: 'The canned response.', schema: cannedResponseSchema } },
    errors: ['TEMPLATE_INVALID', 'TAG_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ body }) {
      return { status: 201, body: toCannedResponseJson(await responses.create(toNewCannedResponse(body))) };
    },
  });
}

function listCannedResponses(responses: CannedResponses): Route {
  return route({
    method: 'get',
    path: '/canned_responses',
    operation: 'read what agents know',
    tag: 'Canned responses',
    summary: 'List canned responses',
    query: cannedResponseListQuery,
    answers: { 200: { description: 'By creation.', schema: z.array(cannedResponseSchema) } },
    async handle({ query }) {
      return { status: 200, body: (await responses.list(given(query))).map(toCannedResponseJson) };
    },
  });
}

function readCannedResponse(responses: CannedResponses): Route {
  return route({
    method: 'get',
    path: '/canned_responses/{canned_response_id}',
    operation: 'read what agents know',
    tag: 'Canned responses',
    summary: 'Read a canned response',
    params,
    answers: { 200: { description: 'The canned response.', schema: cannedResponseSchema } },
    errors: ['CANNED_RESPONSE_NOT_FOUND'],
    async handle({ params: { canned_response_id: id = '' } }) {
      return { status: 200, body: toCannedResponseJson(await responses.read(id)) };
    },
  });
}

function updateCannedResponse(responses: CannedResponses): Route {
  return route({
    method: 'patch',
    path: '/canned_responses/{canned_response_id}',
    operation: 'change what agents know',
    tag: 'Canned responses',
    summary: 'Change a canned response',
    params,
    body: cannedResponseUpdateSchema,
    answers: { 200: { description: 'The whole canned response.', schema: cannedResponseSchema } },
    errors: [
      'CANNED_RESPONSE_NOT_FOUND',
      'TEMPLATE_INVALID',
      'TAG_NOT_FOUND',
      'TAG_NOT_ATTACHED',
      'DOCUMENTS_UNAVAILABLE',
    ],
    async handle({ params: { canned_response_id: id = '' }, body }) {
      const response = await responses.update(id, toCannedResponsePatch(body));
      return { status: 200, body: toCannedResponseJson(response) };
    },
  });
}

function deleteCannedResponse(responses: CannedResponses): Route {
  return route({
    method: 'delete',
    path: '/canned_responses/{canned_response_id}',
    operation: 'change what agents know',
    tag: 'Canned responses',
    summary: 'Delete a canned response',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['CANNED_RESPONSE_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { canned_response_id: id = '' } }) {
      await responses.delete(id);
      return { status: 204 };
    },
  });
}
