/** What falls with what lost: guidelines that depend on it. One step only; the next round's dependencies finish longer chains. */
import { journeyOfTag } from '../../entities/collections/journey.ts';
import type { RelationshipEnd } from '../../entities/collections/relationship.ts';
import type { EngineGuideline } from '../guideline.ts';
import type { Relation } from './relationship-index.ts';
import { guidelineEntity, toEntity, type Finding, type Situation } from './situation.ts';

type Losses = {
  /** By id of a guideline. */
  readonly defeats: ReadonlyMap<string, unknown>;
  /** By id of a journey. */
  readonly ended: ReadonlyMap<string, unknown>;
  readonly situation: Situation;
};

/** One for each target that is lost and was needed; of a group only when all of it is lost. */
export function findLostSupport(guideline: EngineGuideline, losses: Losses): readonly Finding[] {
  const { all, groups } = losses.situation.needsOf(guideline).own;
  const isRelationLost = ({ target }: Relation): boolean => isLost(target, losses);
  const lost = [
    ...all.filter(isRelationLost),
    ...groups.filter((group) => group.every(isRelationLost)).flat(),
  ];
  return lost.map((relation) => ({
    entity: guidelineEntity(guideline.id),
    kind: 'deprioritized',
    by: 'dependency',
    counterparts: [toEntity(relation.target)],
    relationshipId: relation.id,
  }));
}

function isLost({ type, id }: RelationshipEnd, { defeats, ended, situation }: Losses): boolean {
  if (type === 'guideline') return defeats.has(id);
  const journeyId = journeyOfTag(id);
  if (journeyId !== undefined) return ended.has(journeyId);
  const members = situation.members.ofTag(id);
  return members.length > 0 && members.every((member) => defeats.has(member.id));
}
