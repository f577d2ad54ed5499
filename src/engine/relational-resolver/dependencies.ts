/**
 * Which active guidelines have what they depend on. What fails takes along what depends on it. Guidelines that depend on each other in
 * a circle have no first one to judge: they stay.
 */
import type { RelationshipEnd } from '../../entities/collections/relationship.ts';
import { inDependencyOrder } from './dependency-order.ts';
import { isMet, toDemand, type Demand } from './dependency-target.ts';
import { noNeeds, type Needs } from './needs.ts';
import type { Relation } from './relationship-index.ts';
import { guidelineEntity, toEntity, type Active, type Finding, type Situation } from './situation.ts';

/** Every failure of a guideline is recorded, not only the first. */
export function applyDependencies(situation: Situation): {
  readonly active: Active;
  readonly findings: readonly Finding[];
} {
  const demandOf = rememberDemands(situation);
  const needs = needsOfActive(situation);
  const gone = new Set<string>();
  const stays = (id: string): boolean => !gone.has(id);
  const findings: Finding[] = [];
  for (const id of inDependencyOrder([...needs.keys()], dependenciesOf)) {
    const failures = failuresOf(id, needs.get(id) ?? noNeeds, ({ target }) => isMet(demandOf(target), stays));
    if (failures.length > 0) gone.add(id);
    findings.push(...failures);
  }
  return { active: new Map([...situation.active].filter(([id]) => stays(id))), findings };

  function dependenciesOf(id: string): readonly string[] {
    const { all, groups } = needs.get(id) ?? noNeeds;
    const others = [...all, ...groups.flat()].flatMap(({ target }) => demandOf(target).among);
    return others.filter((other) => other !== id && needs.has(other));
  }
}

/** Of those that need anything: the rest cannot fail. */
function needsOfActive({ active, needsOf }: Situation): ReadonlyMap<string, Needs> {
  return new Map(
    [...active].flatMap(([id, { guideline }]) => {
      const { whole } = needsOf(guideline);
      return whole.all.length + whole.groups.length === 0 ? [] : [[id, whole] as const];
    }),
  );
}

/** A tag is looked at once, however many depend on it. */
function rememberDemands(situation: Situation): (target: RelationshipEnd) => Demand {
  const known = new Map<string, Demand>();
  return (target) => {
    if (target.type === 'guideline') return toDemand(target, situation);
    const key = `${target.type} ${target.id}`;
    const demand = known.get(key) ?? toDemand(target, situation);
    known.set(key, demand);
    return demand;
  };
}

function failuresOf(
  id: string,
  { all, groups }: Needs,
  isRelationMet: (relation: Relation) => boolean,
): readonly Finding[] {
  const entity = guidelineEntity(id);
  const ofAll = all.filter((relation) => !isRelationMet(relation));
  const ofGroups = groups.filter((group) => !group.some(isRelationMet));
  return [
    ...ofAll.map((relation) => toFailure(entity, 'unmet_dependency_all', [relation])),
    ...ofGroups.map((group) => toFailure(entity, 'unmet_dependency_any', group)),
  ];
}

function toFailure(
  entity: Finding['entity'],
  kind: 'unmet_dependency_all' | 'unmet_dependency_any',
  relations: readonly Relation[],
): Finding {
  const [first] = relations;
  return {
    entity,
    kind,
    counterparts: relations.map(({ target }) => toEntity(target)),
    ...(first && { relationshipId: first.id }),
  };
}
