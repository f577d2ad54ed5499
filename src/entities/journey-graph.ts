/** A journey with all its steps, and how what belongs to a journey is found. */
import type { DocumentReader } from '../documents/document-store.ts';
import { JourneyEdgeNotFoundError, JourneyNodeNotFoundError, JourneyNotFoundError } from '../errors.ts';
import {
  journeyCollection,
  journeyEdgeCollection,
  journeyNodeCollection,
  type Journey,
  type JourneyEdge,
  type JourneyNode,
} from './collections/journey.ts';

export type JourneyGraph = {
  readonly journey: Journey;
  /** By creation: the root first. The end is none of them. */
  readonly nodes: readonly JourneyNode[];
  /** By creation. */
  readonly edges: readonly JourneyEdge[];
};

/** In a transaction: as they are at one moment. Throws `JourneyNotFoundError`. */
export async function readGraph(documents: DocumentReader, journeyId: string): Promise<JourneyGraph> {
  const journey = await demandJourney(documents, journeyId);
  const { items: nodes } = await documents.find(journeyNodeCollection, { where: ofJourney(journeyId) });
  const { items: edges } = await documents.find(journeyEdgeCollection, { where: ofJourney(journeyId) });
  return { journey, nodes, edges };
}

/** What a journey is known by: one text for all that is said in it. It changes with the graph. */
export function journeyText({ journey, nodes, edges }: JourneyGraph): string {
  const actions = nodes.map(({ action }) => action);
  const conditions = edges.map(({ condition }) => condition);
  return [journey.title, journey.description, ...actions, ...conditions].filter(Boolean).join('\n');
}

/** Throws `JourneyNotFoundError`. */
export async function demandJourney(documents: DocumentReader, journeyId: string): Promise<Journey> {
  const journey = await documents.get(journeyCollection, journeyId);
  if (!journey) throw new JourneyNotFoundError(journeyId);
  return journey;
}

/** Throws `JourneyNotFoundError`, `JourneyNodeNotFoundError` (also if it is another journey's). */
export async function demandNode(
  documents: DocumentReader,
  journeyId: string,
  nodeId: string,
): Promise<JourneyNode> {
  await demandJourney(documents, journeyId);
  const node = await documents.get(journeyNodeCollection, nodeId);
  if (node?.journeyId !== journeyId) throw new JourneyNodeNotFoundError(journeyId, nodeId);
  return node;
}

/** Throws `JourneyNotFoundError`, `JourneyEdgeNotFoundError` (also if it is another journey's). */
export async function demandEdge(
  documents: DocumentReader,
  journeyId: string,
  edgeId: string,
): Promise<JourneyEdge> {
  await demandJourney(documents, journeyId);
  const edge = await documents.get(journeyEdgeCollection, edgeId);
  if (edge?.journeyId !== journeyId) throw new JourneyEdgeNotFoundError(journeyId, edgeId);
  return edge;
}

/** A filter. */
export function ofJourney(journeyId: string) {
  return { field: 'journeyId', is: journeyId } as const;
}
