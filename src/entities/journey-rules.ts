/**
 * What the graph of a journey must keep to, whoever draws it. Cycles are allowed, also through the root: an agent may ask again. Pure
 * checks, so that the stores, which know one change at a time, and an import, which knows the whole graph, keep the same rules.
 */
import { InvalidJourneyError, JourneyNodeNotFoundError } from '../errors.ts';
import { endNodeId, type JourneyEdgeFields } from './collections/journey.ts';

export type GraphEdge = Pick<JourneyEdgeFields, 'source' | 'target' | 'condition'>;

export type Graph = {
  readonly journeyId: string;
  readonly rootId: string;
  /** Without `end`. */
  readonly nodeIds: ReadonlySet<string>;
  readonly edges: readonly GraphEdge[];
};

/** Throws `InvalidJourneyError`, `JourneyNodeNotFoundError`. */
export function checkGraph({ journeyId, rootId, nodeIds, edges }: Graph): void {
  if (!nodeIds.has(rootId)) throw new JourneyNodeNotFoundError(journeyId, rootId);
  for (const nodeId of nodeIds) checkNodeId(journeyId, nodeId);
  for (const edge of edges) checkEnds(journeyId, edge, nodeIds);
  for (const [source, exits] of Map.groupBy(edges, (edge) => edge.source)) {
    checkExits(journeyId, source, { all: exits.length, unconditional: exits.filter(isUnconditional).length });
  }
}

/** Ids of guidelines are made of a node's: `journey_node:<node>:<edge>`. */
export function checkNodeId(journeyId: string, nodeId: string): void {
  if (nodeId === endNodeId) {
    throw new InvalidJourneyError(journeyId, `"${endNodeId}" is the end of every journey and no other state`);
  }
  if (nodeId.includes(':')) {
    throw new InvalidJourneyError(journeyId, `the id of a state has no colon, and "${nodeId}" has one`);
  }
}

/** `nodeIds`: those of the journey, or of them those that the edge names. */
export function checkEnds(
  journeyId: string,
  { source, target }: Pick<GraphEdge, 'source' | 'target'>,
  nodeIds: ReadonlySet<string>,
): void {
  if (source === endNodeId) throw new InvalidJourneyError(journeyId, 'nothing goes on from its end');
  if (!nodeIds.has(source)) throw new JourneyNodeNotFoundError(journeyId, source);
  if (target !== endNodeId && !nodeIds.has(target)) throw new JourneyNodeNotFoundError(journeyId, target);
}

export type Exits = { readonly all: number; readonly unconditional: number };

/** A state has one exit without a condition, or any number with one. */
export function checkExits(journeyId: string, source: string, { all, unconditional }: Exits): void {
  if (unconditional === 0 || all === 1) return;
  throw new InvalidJourneyError(
    journeyId,
    `the state "${source}" would have a transition without a condition and ${all - 1} more`,
  );
}

export function checkRemoval(journey: { readonly id: string; readonly rootId: string }, nodeId: string) {
  if (nodeId !== journey.rootId) return;
  throw new InvalidJourneyError(journey.id, `"${nodeId}" is where it begins, and it would have no beginning`);
}

export function isUnconditional({ condition }: Pick<GraphEdge, 'condition'>): boolean {
  return condition === null;
}
