/**
 * Which guidelines stand behind a tag or a journey. The same for a whole resolution: what is usable, and what was matched besides
 * (guidelines made for one answer are never stored, and count all the same).
 */
import { journeyOfTag } from '../../entities/collections/journey.ts';
import type { EngineGuideline } from '../guideline.ts';
import { compareIds } from './relationship-index.ts';

/** Lists: first what is usable, then what was only matched; each by id, and each guideline once. */
export type Members = {
  /** Guidelines that carry the tag. */
  readonly ofTag: (tagId: string) => readonly EngineGuideline[];
  /** Those of them that are usable. */
  readonly usableOfTag: (tagId: string) => readonly EngineGuideline[];
  /** Its steps, and whatever carries its tag. */
  readonly ofJourney: (journeyId: string) => readonly EngineGuideline[];
  /** Undefined: there is no usable guideline of this id. */
  readonly usable: (guidelineId: string) => EngineGuideline | undefined;
};

export function indexMembers(
  usable: readonly EngineGuideline[],
  matched: readonly EngineGuideline[],
): Members {
  const usableById = new Map(usable.map((guideline) => [guideline.id, guideline]));
  const others = new Map(matched.filter(({ id }) => !usableById.has(id)).map((each) => [each.id, each]));
  const sorted = [...inOrder(usableById), ...inOrder(others)];
  const byTag = groupByEach(sorted, ({ tags }) => tags);
  const usableByTag = groupByEach(inOrder(usableById), ({ tags }) => tags);
  const byJourney = groupByEach(sorted, journeysOf);
  return {
    ofTag: (tagId) => byTag.get(tagId) ?? [],
    usableOfTag: (tagId) => usableByTag.get(tagId) ?? [],
    ofJourney: (journeyId) => byJourney.get(journeyId) ?? [],
    usable: (guidelineId) => usableById.get(guidelineId),
  };
}

/** The journey whose fate it shares: of a step its own, else the first whose tag it carries. */
export function journeyOf(guideline: EngineGuideline): string | undefined {
  return guideline.journeyNode?.journeyId ?? journeysTagged(guideline)[0];
}

/** What people have tagged it with, and what relates to all that carry it; not the tags of journeys. */
export function ordinaryTags({ tags }: EngineGuideline): readonly string[] {
  return tags.filter((tag) => journeyOfTag(tag) === undefined);
}

function journeysOf(guideline: EngineGuideline): readonly string[] {
  const own = guideline.journeyNode?.journeyId;
  return own === undefined ? journeysTagged(guideline) : [own, ...journeysTagged(guideline)];
}

function journeysTagged({ tags }: EngineGuideline): readonly string[] {
  return tags.flatMap((tag) => journeyOfTag(tag) ?? []);
}

function inOrder(guidelines: ReadonlyMap<string, EngineGuideline>): readonly EngineGuideline[] {
  return [...guidelines.values()].sort((a, b) => compareIds(a.id, b.id));
}

function groupByEach(
  guidelines: readonly EngineGuideline[],
  keysOf: (guideline: EngineGuideline) => readonly string[],
): ReadonlyMap<string, readonly EngineGuideline[]> {
  const groups = new Map<string, EngineGuideline[]>();
  for (const guideline of guidelines) {
    for (const key of new Set(keysOf(guideline))) {
      const group = groups.get(key);
      if (group) group.push(guideline);
      else groups.set(key, [guideline]);
    }
  }
  return groups;
}
