/** Which journeys a pass of matching made active: by a trigger, or by a step that goes on with one under way. */
import type { EngineJourney, GuidelineMatch } from '../guideline.ts';
import type { JourneyPaths } from '../turn-context.ts';

/** In the order of `journeys`. `isLaterPass`: a step alone is enough, whether or not the journey was ever entered. */
export function activatedJourneys<Journey extends Pick<EngineJourney, 'id' | 'triggers'>>(
  journeys: readonly Journey[],
  {
    matches,
    previousPaths,
    isLaterPass,
  }: {
    readonly matches: readonly GuidelineMatch[];
    readonly previousPaths: JourneyPaths;
    readonly isLaterPass: boolean;
  },
): readonly Journey[] {
  const matched = new Set(matches.map(({ guideline }) => guideline.id));
  const goingOn = new Set(
    matches
      .filter(({ journeyPath }) => (journeyPath?.at(-1) ?? null) !== null)
      .map(({ guideline }) => guideline.journeyNode?.journeyId),
  );
  return journeys.filter(
    ({ id, triggers }) =>
      triggers.some((trigger) => matched.has(trigger)) ||
      (goingOn.has(id) && (isLaterPass || isKnown(id, previousPaths))),
  );
}

/** Whether a journey was ever entered: then it is among those to look at first. `[null]`: considered, and not. */
export function isKnown(journeyId: string, paths: JourneyPaths): boolean {
  if (!Object.hasOwn(paths, journeyId)) return false;
  const path = paths[journeyId] ?? [];
  return !(path.length === 1 && path[0] === null);
}
