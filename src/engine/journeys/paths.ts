/** How far each journey has come, recorded after each iteration: where the next one, and the next turn, begin. */
import type { GuidelineMatch } from '../guideline.ts';
import type { JourneyPaths } from '../turn-context.ts';
import { isLeft } from './step-match.ts';

export type Tracked = {
  readonly paths: JourneyPaths;
  /** Without marks of journeys that were left: they have served. */
  readonly ordinary: readonly GuidelineMatch[];
};

/** Of each active journey the first step counts; one without a step has `[null]`. Paths of all others stay. */
export function trackPaths({
  activeJourneys,
  previousPaths,
  ordinary,
  toolEnabled,
}: {
  /** Ids. */
  readonly activeJourneys: readonly string[];
  readonly previousPaths: JourneyPaths;
  readonly ordinary: readonly GuidelineMatch[];
  readonly toolEnabled: readonly GuidelineMatch[];
}): Tracked {
  const steps = firstSteps([...ordinary, ...toolEnabled]);
  const paths = activeJourneys.flatMap((journeyId): [string, readonly (string | null)[]][] => {
    const step = steps.get(journeyId);
    if (step === undefined) return [[journeyId, [null]]];
    return step.journeyPath === undefined ? [] : [[journeyId, step.journeyPath]];
  });
  const served = new Set(activeJourneys.flatMap((journeyId) => steps.get(journeyId) ?? []).filter(isLeft));
  return {
    paths: { ...previousPaths, ...Object.fromEntries(paths) },
    ordinary: ordinary.filter((match) => !served.has(match)),
  };
}

/** By journey. */
function firstSteps(matches: readonly GuidelineMatch[]): ReadonlyMap<string, GuidelineMatch> {
  const steps = matches.flatMap((match): [string, GuidelineMatch][] => {
    const { journeyNode } = match.guideline;
    return journeyNode === undefined ? [] : [[journeyNode.journeyId, match]];
  });
  return new Map(steps.toReversed());
}
