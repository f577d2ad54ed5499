/** Journeys, in Parlant's shape, and the picture of one. Their nodes and edges are in `journey-nodes.ts` and `journey-edges.ts`. */
import { z } from 'zod';
import { toMermaid } from '../../entities/journey-diagram.ts';
import type { Journeys } from '../../entities/journeys.ts';
import { route, type Route } from '../route.ts';
import { given } from '../schemas/entities.ts';
import {
  journeyCreateSchema,
  journeyListQuery,
  journeySchema,
  journeyUpdateSchema,
  toJourneyJson,
  toJourneyPatch,
  toNewJourney,
} from '../schemas/journeys.ts';
import { foreignId } from '../schemas/session.ts';

type JourneysDeps = { readonly entities: { readonly journeys: Journeys } };

const params = z.object({ journey_id: foreignId });

export function journeyRoutes({ entities: { journeys } }: JourneysDeps): readonly Route[] {
  return [
    createJourney(journeys),
    listJourneys(journeys),
    readJourney(journeys),
    updateJourney(journeys),
    deleteJourney(journeys),
    drawJourney(journeys),
  ];
}

function createJourney(journeys: Journeys): Route {
  return route({
    method: 'post',
    path: '/journeys',
    operation: 'change what agents know',
    tag: 'Journeys',
    summary: 'Create a journey',
    description: 'With the node where it begins, and a guideline for each text that activates it.',
    body: journeyCreateSchema,
    answers: { 201: { description: 'The journey.', schema: journeySchema } },
    errors: ['ID_TAKEN', 'TAG_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ body }) {
      return { status: 201, body: toJourneyJson(await journeys.create(toNewJourney(body))) };
    },
  });
}

function listJourneys(journeys: Journeys): Route {
  return route({
    method: 'get',
    path: '/journeys',
    operation: 'read what agents know',
    tag: 'Journeys',
    summary: 'List journeys',
    query: journeyListQuery,
    answers: { 200: { description: 'By creation.', schema: z.array(journeySchema) } },
    async handle({ query: { tag_id: tagId } }) {
      return { status: 200, body: (await journeys.list(given({ tagId }))).map(toJourneyJson) };
    },
  });
}

function readJourney(journeys: Journeys): Route {
  return route({
    method: 'get',
    path: '/journeys/{journey_id}',
    operation: 'read what agents know',
    tag: 'Journeys',
    summary: 'Read a journey',
    params,
    answers: { 200: { description: 'The journey.', schema: journeySchema } },
    errors: ['JOURNEY_NOT_FOUND'],
    async handle({ params: { journey_id: id = '' } }) {
      return { status: 200, body: toJourneyJson(await journeys.read(id)) };
    },
  });
}

function updateJourney(journeys: Journeys): Route {
  return route({
    method: 'patch',
    path: '/journeys/{journey_id}',
    operation: 'change what agents know',
    tag: 'Journeys',
    summary: 'Change a journey',
    description:
      'A guideline that becomes a trigger gets the tag `journey:<journey id>`, and loses it again. One that has no action and no other tag was there for this journey alone, and is deleted with its place as trigger.',
    params,
    body: journeyUpdateSchema,
    answers: { 200: { description: 'The whole journey.', schema: journeySchema } },
    errors: [
      'JOURNEY_NOT_FOUND',
      'JOURNEY_INVALID',
      'GUIDELINE_NOT_FOUND',
      'TAG_NOT_FOUND',
      'TAG_NOT_ATTACHED',
      'DOCUMENTS_UNAVAILABLE',
    ],
    async handle({ params: { journey_id: id = '' }, body }) {
      return { status: 200, body: toJourneyJson(await journeys.update(id, toJourneyPatch(body))) };
    },
  });
}

function deleteJourney(journeys: Journeys): Route {
  return route({
    method: 'delete',
    path: '/journeys/{journey_id}',
    operation: 'change what agents know',
    tag: 'Journeys',
    summary: 'Delete a journey',
    description:
      'With its nodes, its edges, the triggers no other journey has, and all relationships of these.',
    params,
    answers: { 204: { description: 'Gone.' } },
    errors: ['JOURNEY_NOT_FOUND', 'DOCUMENTS_UNAVAILABLE'],
    async handle({ params: { journey_id: id = '' } }) {
      await journeys.delete(id);
      return { status: 204 };
    },
  });
}

function drawJourney(journeys: Journeys): Route {
  return route({
    method: 'get',
    path: '/journeys/{journey_id}/mermaid',
    operation: 'read what agents know',
    tag: 'Journeys',
    summary: 'A journey as a picture',
    params,
    answers: {
      200: { description: 'For Mermaid.', media: { 'text/plain': 'A `stateDiagram-v2`.' } },
    },
    errors: ['JOURNEY_NOT_FOUND'],
    async handle({ params: { journey_id: id = '' }, res }) {
      const picture = toMermaid(await journeys.graph(id));
      res
        .writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
        .end(picture);
    },
  });
}
