/**
 * What follows from what is active: targets of entailments, directly or through others, also where those are not active themselves.
 * A tag stands for its usable guidelines. Each place is gone through once for each guideline one starts from, so circles end.
 */
import type { RelationshipEnd } from '../../entities/collections/relationship.ts';
import type { EngineGuideline, GuidelineMatch } from '../guideline.ts';
import { guidelineEnd, type Relation } from './relationship-index.ts';
import { guidelineEntity, type Finding, type Situation } from './situation.ts';

export type Entailed = {
  readonly match: GuidelineMatch;
  /** One for each relationship that led here and each guideline it started from. */
  readonly findings: readonly Finding[];
};

/** By id of the guideline; nothing that is active. The score is the highest of those it follows from. */
export function findEntailed(situation: Situation): ReadonlyMap<string, Entailed> {
  const entailed = new Map<string, Growing>();
  for (const { guideline: start, score } of situation.active.values()) {
    for (const { guideline, relation } of stepsFrom(start.id, situation)) {
      const match = { guideline, score, rationale: 'Follows from another guideline that applies.' };
      const known: Growing = entailed.get(guideline.id) ?? { match, findings: [] };
      if (score > known.match.score) known.match = match;
      known.findings.push(toFinding(guideline.id, start.id, relation));
      entailed.set(guideline.id, known);
    }
  }
  return entailed;
}

type Growing = { match: GuidelineMatch; readonly findings: Finding[] };

type Step = { readonly guideline: EngineGuideline; readonly relation: Relation };

function stepsFrom(guidelineId: string, { active, relationships, members }: Situation): readonly Step[] {
  const steps: Step[] = [];
  const places: RelationshipEnd[] = [];
  const seen = { guideline: new Set<string>(), tag: new Set<string>() };
  visit(guidelineEnd(guidelineId));
  // The list grows while it is gone through.
  for (const place of places) {
    for (const relation of relationships.from('entailment', place)) {
      const reached = guidelinesOf(relation).filter(({ id }) => !active.has(id));
      for (const guideline of reached) steps.push({ guideline, relation });
      visit(relation.target);
      for (const { id } of reached) visit(guidelineEnd(id));
    }
  }
  return steps;

  function visit(place: RelationshipEnd): void {
    const visited = place.type === 'guideline' ? seen.guideline : seen.tag;
    if (visited.has(place.id)) return;
    visited.add(place.id);
    places.push(place);
  }

  function guidelinesOf({ target }: Relation): readonly EngineGuideline[] {
    if (target.type === 'tool') return [];
    if (target.type !== 'guideline') return members.usableOfTag(target.id);
    const guideline = members.usable(target.id);
    return guideline ? [guideline] : [];
  }
}

function toFinding(guidelineId: string, startId: string, relation: Relation): Finding {
  return {
    entity: guidelineEntity(guidelineId),
    kind: 'entailed',
    counterparts: [guidelineEntity(startId)],
    relationshipId: relation.id,
  };
}
