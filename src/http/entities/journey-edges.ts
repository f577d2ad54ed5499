/** The edges of journeys. Parlant's API has none: it only draws them. */
import { z } from 'zod';
import type { JourneyEdges } from '../../entities/journey-edges.ts';
import { route, type Route } from '../route.ts';
import {
  journeyEdgeCreateSchema,
  journeyEdgeSchema,
  journeyEdgeUpdateSchema,
  toEdgeJson,
  toEdgePatch,
  toNewEdge,
} from '../schemas/journey-graph.ts';
import { foreignId } from '../schemas/session.ts';

type EdgesDeps = { readonly entities: { readonly journeyEdges: JourneyEdges } };

const ofJourney = z.object({ journey_id: foreignId });
const ofEdge = z.object({ journey_id: foreignId, edge_id: foreignId });

export function journeyEdgeRoutes({ entities: { journeyEdges: edges } }: EdgesDeps): readonly Route[] {
  return [createEdge(edges), listEdges(edges), readEdge(edges), updateEdge(edges), deleteEdge(edges)];
}

function createEdge(edges: JourneyEdges): Route {
  return route({
    method: 'post',
    path: '/journeys/{journey_id}/edges',
    operation: 'change what agents know',
    tag: 'Journeys',
    summary: 'Create an edge of a journey',
    description:
      'A way from one node to the next. A node has one without a condition, or any number with one.',
    params: ofJourney,
    body: journeyEdgeCreateSchema,
    answers: { 201: { description: 'The edge.', schema: journeyEdgeSchema } },
    errors: ['JOURNEY_NOT_FOUND', 'JOURNEY_NODE_NOT_FOUND', 'JOURNEY_INVALID', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { journey_id: journeyId = '' }, body }) {
      return { status: 201, body: toEdgeJson(await edges.create(journeyId, toNewEdge(body))) };
    },
  });
}

function listEdges(edges: JourneyEdges): Route {
  return route({
    method: 'get',
    path: '/journeys/{journey_id}/edges',
    operation: 'read what agents know',
    tag: 'Journeys',
    summary: 'List the edges of a journey',
    params: ofJourney,
    answers: { 200: { description: 'By creation.', schema: z.array(journeyEdgeSchema) } },
    errors: ['JOURNEY_NOT_FOUND'],
    async handle({ params: { journey_id: journeyId = '' } }) {
      return { status: 200, body: (await edges.list(journeyId)).map(toEdgeJson) };
    },
  });
}

function readEdge(edges: JourneyEdges): Route {
  return route({
    method: 'get',
    path: '/journeys/{journey_id}/edges/{edge_id}',
    operation: 'read what agents know',
    tag: 'Journeys',
    summary: 'Read an edge of a journey',
    params: ofEdge,
    answers: { 200: { description: 'The edge.', schema: journeyEdgeSchema } },
    errors: ['JOURNEY_NOT_FOUND', 'JOURNEY_EDGE_NOT_FOUND'],
    async handle({ params: { journey_id: journeyId = '', edge_id: id = '' } }) {
      return { status: 200, body: toEdgeJson(await edges.read(journeyId, id)) };
    },
  });
}

function updateEdge(edges: JourneyEdges): Route {
  return route({
    method: 'patch',
    path: '/journeys/{journey_id}/edges/{edge_id}',
    operation: 'change what agents know',
    tag: 'Journeys',
    summary: 'Change an edge of a journey',
    description: 'It keeps its place among the ways out of a node.',
    params: ofEdge,
    body: journeyEdgeUpdateSchema,
    answers: { 200: { description: 'The whole edge.', schema: journeyEdgeSchema } },
    errors: [
      'JOURNEY_NOT_FOUND',
      'JOURNEY_EDGE_NOT_FOUND',
      'JOURNEY_NODE_NOT_FOUND',
      'JOURNEY_INVALID',
      'DOCUMENTS_UNAVAILABLE',
    ],
    async handle({ params: { journey_id: journeyId = '', edge_id: id = '' }, body }) {
      return { status: 200, body: toEdgeJson(await edges.update(journeyId, id, toEdgePatch(body))) };
    },
  });
}

function deleteEdge(edges: JourneyEdges): Route {
  return route({
    method: 'delete',
    path: '/journeys/{journey_id}/edges/{edge_id}',
    operation: 'change what agents know',
    tag: 'Journeys',
    summary: 'Delete an edge of a journey',
    params: ofEdge,
    answers: { 204: { description: 'Gone.' } },
    errors: ['JOURNEY_NOT_FOUND', 'JOURNEY_EDGE_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { journey_id: journeyId = '', edge_id: id = '' } }) {
      await edges.delete(journeyId, id);
      return { status: 204 };
    },
  });
}
