/** The nodes of journeys. Parlant's API has none: it only draws them. */
import { z } from 'zod';
import type { JourneyNodes } from '../../entities/journey-nodes.ts';
import { route, type Route } from '../route.ts';
import {
  journeyNodeCreateSchema,
  journeyNodeSchema,
  journeyNodeUpdateSchema,
  toNewNode,
  toNodeJson,
  toNodePatch,
} from '../schemas/journey-graph.ts';
import { foreignId } from '../schemas/session.ts';

type NodesDeps = { readonly entities: { readonly journeyNodes: JourneyNodes } };

const ofJourney = z.object({ journey_id: foreignId });
const ofNode = z.object({ journey_id: foreignId, node_id: foreignId });

export function journeyNodeRoutes({ entities: { journeyNodes: nodes } }: NodesDeps): readonly Route[] {
  return [createNode(nodes), listNodes(nodes), readNode(nodes), updateNode(nodes), deleteNode(nodes)];
}

function createNode(nodes: JourneyNodes): Route {
  return route({
    method: 'post',
    path: '/journeys/{journey_id}/nodes',
    operation: 'change what agents know',
    tag: 'Journeys',
    summary: 'Create a node of a journey',
    description:
      'A step: with tools it runs them, with an action alone it speaks, with neither it is a fork.',
    params: ofJourney,
    body: journeyNodeCreateSchema,
    answers: { 201: { description: 'The node.', schema: journeyNodeSchema } },
    errors: [
      'JOURNEY_NOT_FOUND',
      'JOURNEY_INVALID',
      'ID_TAKEN',
      'TOOL_NOT_FOUND',
      'SERVICE_UNAVAILABLE',
      'DOCUMENTS_UNAVAILABLE',
    ],
    async handle({ params: { journey_id: journeyId = '' }, body }) {
      return { status: 201, body: toNodeJson(await nodes.create(journeyId, toNewNode(body))) };
    },
  });
}

function listNodes(nodes: JourneyNodes): Route {
  return route({
    method: 'get',
    path: '/journeys/{journey_id}/nodes',
    operation: 'read what agents know',
    tag: 'Journeys',
    summary: 'List the nodes of a journey',
    params: ofJourney,
    answers: {
      200: {
        description: 'By creation: first where the journey begins. Where it ends is none of them.',
        schema: z.array(journeyNodeSchema),
      },
    },
    errors: ['JOURNEY_NOT_FOUND'],
    async handle({ params: { journey_id: journeyId = '' } }) {
      return { status: 200, body: (await nodes.list(journeyId)).map(toNodeJson) };
    },
  });
}

function readNode(nodes: JourneyNodes): Route {
  return route({
    method: 'get',
    path: '/journeys/{journey_id}/nodes/{node_id}',
    operation: 'read what agents know',
    tag: 'Journeys',
    summary: 'Read a node of a journey',
    params: ofNode,
    answers: { 200: { description: 'The node.', schema: journeyNodeSchema } },
    errors: ['JOURNEY_NOT_FOUND', 'JOURNEY_NODE_NOT_FOUND'],
    async handle({ params: { journey_id: journeyId = '', node_id: id = '' } }) {
      return { status: 200, body: toNodeJson(await nodes.read(journeyId, id)) };
    },
  });
}

function updateNode(nodes: JourneyNodes): Route {
  return route({
    method: 'patch',
    path: '/journeys/{journey_id}/nodes/{node_id}',
    operation: 'change what agents know',
    tag: 'Journeys',
    summary: 'Change a node of a journey',
    params: ofNode,
    body: journeyNodeUpdateSchema,
    answers: { 200: { description: 'The whole node.', schema: journeyNodeSchema } },
    errors: [
      'JOURNEY_NOT_FOUND',
      'JOURNEY_NODE_NOT_FOUND',
      'TOOL_NOT_FOUND',
      'SERVICE_UNAVAILABLE',
      'DOCUMENTS_UNAVAILABLE',
    ],
    async handle({ params: { journey_id: journeyId = '', node_id: id = '' }, body }) {
      return { status: 200, body: toNodeJson(await nodes.update(journeyId, id, toNodePatch(body))) };
    },
  });
}

function deleteNode(nodes: JourneyNodes): Route {
  return route({
    method: 'delete',
    path: '/journeys/{journey_id}/nodes/{node_id}',
    operation: 'change what agents know',
    tag: 'Journeys',
    summary: 'Delete a node of a journey',
    description: 'With its edges and relationships. The node where the journey begins cannot be deleted.',
    params: ofNode,
    answers: { 204: { description: 'Gone.' } },
    errors: ['JOURNEY_NOT_FOUND', 'JOURNEY_NODE_NOT_FOUND', 'JOURNEY_INVALID', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { journey_id: journeyId = '', node_id: id = '' } }) {
      await nodes.delete(journeyId, id);
      return { status: 204 };
    },
  });
}
