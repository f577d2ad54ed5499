/**
 * Priority by relationship: where both sides are active only the source stays. What loses takes along what depends on it, and a journey
 * whose step loses ends. All is compared with what was active before: with a > b > c and all three matched, b falls to a and c to b.
 */
import type { RelationshipEnd } from '../../entities/collections/relationship.ts';
import { journeyOfTag, journeyTag } from '../../entities/collections/journey.ts';
import type { EngineGuideline } from '../guideline.ts';
import { findLostSupport } from './lost-support.ts';
import { findWinner, type Defeat } from './priority-search.ts';
import { tagEnd, type Relation } from './relationship-index.ts';
import {
  guidelineEntity,
  toEntity,
  type Active,
  type Finding,
  type Journeys,
  type Situation,
} from './situation.ts';

export type AfterPriorities = {
  readonly active: Active;
  readonly journeys: Journeys;
  readonly findings: readonly Finding[];
  /** Why journeys ended: they get no finding. */
  readonly ended: ReadonlyMap<string, Defeat>;
};

export function applyPriorities(situation: Situation): AfterPriorities {
  const guidelines = [...situation.active.values()].map(({ guideline }) => guideline);
  const defeats = findDefeats(guidelines, situation);
  const staying = guidelines.filter(({ id }) => !defeats.has(id));
  const ended = findEndedJourneys(guidelines, defeats, situation);
  const lost = staying.flatMap((guideline) => findLostSupport(guideline, { defeats, ended, situation }));
  const gone = new Set([...defeats.keys()].map(guidelineEntity).concat(lost.map(({ entity }) => entity)));
  return {
    active: new Map([...situation.active].filter(([id]) => !gone.has(guidelineEntity(id)))),
    journeys: new Map([...situation.journeys].filter(([id]) => !ended.has(id))),
    findings: [...[...defeats].map(toFinding), ...lost],
    ended,
  };
}

function findDefeats(
  guidelines: readonly EngineGuideline[],
  situation: Situation,
): ReadonlyMap<string, Defeat> {
  const defeats = new Map<string, Defeat>();
  for (const guideline of guidelines) {
    const defeat = findWinner(guideline, situation);
    if (defeat) defeats.set(guideline.id, defeat);
  }
  return defeats;
}

/** By another journey, by the loss of a step, or by a guideline that stays. */
function findEndedJourneys(
  guidelines: readonly EngineGuideline[],
  defeats: ReadonlyMap<string, Defeat>,
  situation: Situation,
): ReadonlyMap<string, Defeat> {
  const { active, journeys, relationships } = situation;
  const ended = new Map<string, Defeat>();
  for (const journeyId of journeys.keys()) {
    const rivals = relationships.to('priority', tagEnd(journeyTag(journeyId)));
    const lostStep = guidelines.find(
      ({ id, journeyNode }) => journeyNode?.journeyId === journeyId && defeats.has(id),
    );
    const defeat =
      toDefeat(rivals.find(({ source }) => isOtherJourney(source, journeyId, journeys))) ??
      (lostStep && defeats.get(lostStep.id)) ??
      toDefeat(rivals.find(({ source }) => source.type === 'guideline' && stays(source.id)));
    if (defeat) ended.set(journeyId, defeat);
  }
  return ended;

  function stays(guidelineId: string): boolean {
    return active.has(guidelineId) && !defeats.has(guidelineId);
  }
}

function isOtherJourney({ type, id }: RelationshipEnd, journeyId: string, journeys: Journeys): boolean {
  const other = type === 'guideline' ? undefined : journeyOfTag(id);
  return other !== undefined && other !== journeyId && journeys.has(other);
}

function toDefeat(relation: Relation | undefined): Defeat | undefined {
  return relation && { winner: toEntity(relation.source), relationshipId: relation.id };
}

function toFinding([guidelineId, { winner, relationshipId }]: readonly [string, Defeat]): Finding {
  return {
    entity: guidelineEntity(guidelineId),
    kind: 'deprioritized',
    by: 'relationship',
    counterparts: [winner],
    relationshipId,
  };
}
