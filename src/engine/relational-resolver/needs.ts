/** What guidelines need: the relationships of both dependency kinds that leave them or what they belong to. */
import { journeyTag } from '../../entities/collections/journey.ts';
import type { EngineGuideline } from '../guideline.ts';
import { journeyOf } from './members.ts';
import { guidelineEnd, tagEnd, type Relation, type RelationshipIndex } from './relationship-index.ts';

export type Needs = {
  /** Each target is needed. */
  readonly all: readonly Relation[];
  /** Of each group one target is enough. */
  readonly groups: readonly (readonly Relation[])[];
};

export type NeedsOf = (guideline: EngineGuideline) => {
  /** Its own, and those of its tags. */
  readonly own: Needs;
  /** These, and those of the journey it belongs to. */
  readonly whole: Needs;
};

/** Each guideline is looked at once. */
export function rememberNeeds(relationships: RelationshipIndex): NeedsOf {
  const known = new Map<string, ReturnType<NeedsOf>>();
  return (guideline) => {
    const needs = known.get(guideline.id) ?? needsOf(guideline, relationships);
    known.set(guideline.id, needs);
    return needs;
  };
}

function needsOf(guideline: EngineGuideline, relationships: RelationshipIndex): ReturnType<NeedsOf> {
  const own = toNeeds(guideline.id, guideline.tags, relationships);
  const journeyId = journeyOf(guideline);
  const tag = journeyId === undefined ? undefined : journeyTag(journeyId);
  if (tag === undefined || guideline.tags.includes(tag)) return { own, whole: own };
  return { own, whole: toNeeds(guideline.id, [...guideline.tags, tag], relationships) };
}

function toNeeds(guidelineId: string, tags: readonly string[], relationships: RelationshipIndex): Needs {
  const found = [guidelineEnd(guidelineId), ...tags.map(tagEnd)].flatMap((end) => [
    ...relationships.from('dependency', end),
    ...relationships.from('dependency_any', end),
  ]);
  if (found.length === 0) return noNeeds;
  const each = [...new Set(found)];
  const groups = Map.groupBy(
    each.filter(({ groupId }) => groupId !== null),
    ({ groupId }) => groupId,
  );
  return { all: each.filter(({ groupId }) => groupId === null), groups: [...groups.values()] };
}

export const noNeeds: Needs = { all: [], groups: [] };
