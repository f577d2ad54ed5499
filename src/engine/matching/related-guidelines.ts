/** Which guidelines have to do with a journey, so that those of journeys nobody is in need not be asked about. */
import { journeyTag } from '../../entities/collections/journey.ts';
import type { RelationshipEnd } from '../../entities/collections/relationship.ts';
import type { KnownJourney } from '../agent-knowledge.ts';
import type { EngineGuideline } from '../guideline.ts';
import { tagEnd, type RelationshipIndex } from '../relational-resolver/relationship-index.ts';

type WithSteps = Pick<KnownJourney, 'id' | 'steps'>;

/** Ids: its steps, and what depends on it, directly or through others. What only triggers it is not among them. */
export function relatedTo(
  { id: journeyId, steps }: WithSteps,
  relationships: RelationshipIndex,
): ReadonlySet<string> {
  const dependent = { guideline: new Set<string>(), tag: new Set<string>() };
  const places: RelationshipEnd[] = [tagEnd(journeyTag(journeyId))];
  // The list grows while it is gone through.
  for (const place of places) {
    for (const { source } of relationships.to('dependency', place)) {
      const reached = source.type === 'guideline' ? dependent.guideline : dependent.tag;
      if (!reached.has(source.id)) places.push(source);
      reached.add(source.id);
    }
  }
  return new Set([...steps.map(({ id }) => id), ...dependent.guideline]);
}

/** Without what belongs to journeys other than the likely ones only. In the order given. */
export function pruneByJourneys(
  guidelines: readonly EngineGuideline[],
  {
    journeys,
    likely,
    relationships,
  }: {
    readonly journeys: readonly WithSteps[];
    /** Ids. */
    readonly likely: readonly string[];
    readonly relationships: RelationshipIndex;
  },
): readonly EngineGuideline[] {
  const related = journeys.map((journey) => ({ ids: relatedTo(journey, relationships), journey }));
  return guidelines.filter(({ id }) => {
    const to = related.filter(({ ids }) => ids.has(id));
    return to.length === 0 || to.some(({ journey }) => likely.includes(journey.id));
  });
}
