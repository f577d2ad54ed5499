/**
 * Who a guideline gives way to. A tag of which nothing is active hands on what takes precedence over its guidelines; a guideline that is
 * not active hands on nothing.
 */
import { journeyOfTag, journeyTag } from '../../entities/collections/journey.ts';
import type { EngineGuideline } from '../guideline.ts';
import { ordinaryTags } from './members.ts';
import { guidelineEnd, tagEnd, type Relation } from './relationship-index.ts';
import { guidelineEntity, journeyEntity, type EntityName, type Situation } from './situation.ts';

export type Defeat = { readonly winner: EntityName; readonly relationshipId: string };

/** Undefined: nothing active takes precedence. Each place is looked at once, so circles end. */
export function findWinner(guideline: EngineGuideline, situation: Situation): Defeat | undefined {
  const stack = [...prioritiesOver(guideline, situation), ...overItsJourney(guideline, situation)];
  const seen = new Set<string>();
  for (let relation = stack.pop(); relation; relation = stack.pop()) {
    const winner = winnerOf(relation, guideline, situation);
    if (winner !== undefined) return { winner, relationshipId: relation.id };
    if (relation.source.type === 'guideline' || seen.has(relation.source.id)) continue;
    seen.add(relation.source.id);
    const idle = situation.members.ofTag(relation.source.id).filter(({ id }) => !situation.active.has(id));
    stack.push(...idle.flatMap((member) => prioritiesOver(member, situation)));
  }
  return undefined;
}

function winnerOf(
  { source }: Relation,
  loser: EngineGuideline,
  { active, journeys, members }: Situation,
): EntityName | undefined {
  if (source.type === 'guideline') return active.has(source.id) ? guidelineEntity(source.id) : undefined;
  const member = members.ofTag(source.id).find(({ id }) => id !== loser.id && active.has(id));
  if (member) return guidelineEntity(member.id);
  const journeyId = journeyOfTag(source.id);
  return journeyId !== undefined && journeys.has(journeyId) ? journeyEntity(journeyId) : undefined;
}

function prioritiesOver(guideline: EngineGuideline, { relationships }: Situation): readonly Relation[] {
  const places = [guidelineEnd(guideline.id), ...ordinaryTags(guideline).map(tagEnd)];
  return places.flatMap((place) => relationships.to('priority', place));
}

/** Only a step falls with its journey. */
function overItsJourney({ journeyNode }: EngineGuideline, { relationships }: Situation): readonly Relation[] {
  return journeyNode ? relationships.to('priority', tagEnd(journeyTag(journeyNode.journeyId))) : [];
}
