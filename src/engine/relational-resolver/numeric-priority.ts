/** Priority by number: only the highest of what is active stays. A guideline of a running journey has the journey's. */
import type { EngineGuideline } from '../guideline.ts';
import { journeyOf } from './members.ts';
import {
  guidelineEntity,
  journeyEntity,
  type Active,
  type EntityName,
  type Finding,
  type Journeys,
} from './situation.ts';

export function applyNumericPriority(
  active: Active,
  journeys: Journeys,
): { readonly active: Active; readonly journeys: Journeys; readonly findings: readonly Finding[] } {
  const ranks = [
    ...[...active.values()].map(({ guideline }) => ({
      entity: guidelineEntity(guideline.id),
      priority: effectivePriority(guideline, journeys),
    })),
    ...[...journeys.values()].map(({ id, priority }) => ({ entity: journeyEntity(id), priority })),
  ];
  const best = ranks.reduce((highest, { priority }) => Math.max(highest, priority), -Infinity);
  const winners = ranks.flatMap(({ entity, priority }) => (priority === best ? entity : [])).sort();
  const winning = new Set<EntityName>(winners);
  return {
    active: new Map([...active].filter(([id]) => winning.has(guidelineEntity(id)))),
    journeys: new Map([...journeys].filter(([id]) => winning.has(journeyEntity(id)))),
    findings: ranks
      .filter(({ priority }) => priority !== best)
      .map(({ entity, priority: own }) => ({
        entity,
        kind: 'deprioritized',
        by: 'number',
        counterparts: winners,
        own,
        best,
      })),
  };
}

function effectivePriority(guideline: EngineGuideline, journeys: Journeys): number {
  return journeys.get(journeyOf(guideline) ?? '')?.priority ?? guideline.priority;
}
