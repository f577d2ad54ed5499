/** What applies by now: what was found in earlier iterations and has not been found otherwise since, and what was found in this one. */
import type { GuidelineMatch } from '../guideline.ts';

/** One match per guideline and one step per active journey: the last. In order of when they were first found. */
export function mergeMatches({
  earlier,
  evaluated,
  found,
  activeJourneys,
}: {
  /** By iteration. */
  readonly earlier: readonly (readonly GuidelineMatch[])[];
  /** Looked at in this iteration: ids. An earlier match counts no longer if it is not found again. */
  readonly evaluated: readonly string[];
  readonly found: readonly GuidelineMatch[];
  /** Ids. */
  readonly activeJourneys: readonly string[];
}): readonly GuidelineMatch[] {
  const asked = new Set(evaluated);
  const again = new Set(found.map(({ guideline }) => guideline.id));
  const kept = earlier.flat().filter(({ guideline: { id } }) => again.has(id) || !asked.has(id));
  const candidates = [...kept, ...found];
  const merged = new Map(candidates.map((match) => [match.guideline.id, match]));
  const lastSteps = new Map(candidates.map((match) => [match.guideline.journeyNode?.journeyId, match]));
  return [...merged.values()].filter((match) => {
    const journeyId = match.guideline.journeyNode?.journeyId;
    if (journeyId === undefined) return true;
    return activeJourneys.includes(journeyId) && lastSteps.get(journeyId) === match;
  });
}
