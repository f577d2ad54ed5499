/** What a dependency asks of the guidelines that stand: a target as a demand on those it refers to. */
import { journeyOfTag } from '../../entities/collections/journey.ts';
import type { RelationshipEnd } from '../../entities/collections/relationship.ts';
import type { EngineGuideline } from '../guideline.ts';
import type { Situation } from './situation.ts';

export type Demand = {
  /** Active guidelines the target refers to, also where it cannot be met any more. */
  readonly among: readonly string[];
  /** How many of them must stay; `never`: it is not met, whatever stays. */
  readonly stay: 'never' | 'always' | 'one' | 'all';
};

export function toDemand(target: RelationshipEnd, situation: Situation): Demand {
  if (target.type === 'tool') return { among: [], stay: 'never' };
  if (target.type === 'guideline') return ofGuideline(target.id, situation);
  const journeyId = journeyOfTag(target.id);
  if (journeyId !== undefined) return ofJourney(journeyId, situation);
  return ofTag(target, situation);
}

export function isMet({ among, stay }: Demand, stays: (guidelineId: string) => boolean): boolean {
  if (stay === 'always') return true;
  if (stay === 'one') return among.some(stays);
  return stay === 'all' && among.every(stays);
}

function ofGuideline(id: string, { active }: Situation): Demand {
  return active.has(id) ? { among: [id], stay: 'all' } : { among: [], stay: 'never' };
}

/** A journey that runs is enough while no guideline of it is there to be lost. `tag_all` and `tag_any` mean the same here. */
function ofJourney(journeyId: string, situation: Situation): Demand {
  const among = activeIds(situation.members.ofJourney(journeyId), situation);
  if (!situation.journeys.has(journeyId)) return { among, stay: 'never' };
  return { among, stay: among.length === 0 ? 'always' : 'one' };
}

function ofTag({ type, id }: RelationshipEnd, situation: Situation): Demand {
  const members = situation.members.ofTag(id);
  const among = activeIds(members, situation);
  if (among.length === 0) return { among, stay: 'never' };
  if (type === 'tag_any') return { among, stay: 'one' };
  return { among, stay: among.length === members.length ? 'all' : 'never' };
}

function activeIds(guidelines: readonly EngineGuideline[], { active }: Situation): readonly string[] {
  return guidelines.flatMap(({ id }) => (active.has(id) ? id : []));
}
