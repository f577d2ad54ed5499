/** Stored journeys as the engine works with them. Each is projected once, and again when it, or one of its nodes and edges, was changed. */
import type { Journey, JourneyEdge, JourneyNode } from '../../entities/collections/journey.ts';
import type { KnownJourney } from '../agent-knowledge.ts';
import { projectJourney } from '../journeys/projection.ts';
import { type FoundOut, nothingFoundOut } from '../indexing/found-out.ts';
import { isSame } from './derived.ts';

/** All by creation. What was known of a journey before is known again, the very same, as long as nothing of it has changed. */
export type Projector = (stored: {
  readonly journeys: readonly Journey[];
  readonly nodes: readonly JourneyNode[];
  readonly edges: readonly JourneyEdge[];
}) => readonly KnownJourney[];

type Projected = { readonly madeOf: readonly unknown[]; readonly journey: KnownJourney };

export function createProjector(found: FoundOut = nothingFoundOut): Projector {
  let before: ReadonlyMap<string, Projected> = new Map();
  return ({ journeys, nodes, edges }) => {
    const nodesOf = Map.groupBy(nodes, ({ journeyId }) => journeyId);
    const edgesOf = Map.groupBy(edges, ({ journeyId }) => journeyId);
    before = new Map(
      journeys.map((journey) => {
        const stored = found.journey({
          journey,
          nodes: nodesOf.get(journey.id) ?? [],
          edges: edgesOf.get(journey.id) ?? [],
        });
        return [journey.id, projectAnew(stored, before.get(journey.id))];
      }),
    );
    return [...before.values()].map(({ journey }) => journey);
  };
}

type Whole = {
  readonly journey: Journey;
  readonly nodes: readonly JourneyNode[];
  readonly edges: readonly JourneyEdge[];
};

function projectAnew(stored: Whole, before: Projected | undefined): Projected {
  const madeOf = [stored.journey, ...stored.nodes, ...stored.edges];
  if (before && isSame(before.madeOf, madeOf)) return before;
  const { id, priority, tags, triggers, title, description, compositionMode, labels } = stored.journey;
  const steps = projectJourney(stored);
  return {
    madeOf,
    journey: { id, priority, tags, triggers, title, description, compositionMode, labels, steps },
  };
}
