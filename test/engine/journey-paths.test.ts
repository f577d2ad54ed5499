import { describe, expect, it } from 'vitest';
import type { GuidelineMatch, JourneyPath } from '../../src/engine/guideline.ts';
import { matchLeft } from '../../src/engine/journeys/step-match.ts';
import { trackPaths } from '../../src/engine/journeys/paths.ts';
import type { JourneyPaths } from '../../src/engine/turn-context.ts';
import { engineGuideline } from '../support/engine-entities.ts';
import { chain, graphOf, storedJourney } from '../support/journeys.ts';
import { readVectors } from '../support/vectors.ts';

type MatchVector = {
  readonly guideline: string;
  readonly nodeOf?: string;
  readonly journey?: string;
  readonly path?: JourneyPath;
};

type Case = {
  readonly activeJourneys: readonly { readonly id: string; readonly root: string }[];
  readonly previousPaths: JourneyPaths;
  readonly ordinary: readonly MatchVector[];
  readonly toolEnabled: readonly MatchVector[];
  readonly expected: { readonly paths: JourneyPaths; readonly ordinaryLeft: readonly string[] };
};

describe('how far journeys have come', () => {
  it.each(readVectors<Case>('journey-navigation', 'journey-paths'))(
    '$id $title',
    ({ activeJourneys, previousPaths, ordinary, toolEnabled, expected }) => {
      const roots = new Set(activeJourneys.map(({ root }) => `journey_node:${root}`));
      const toMatch = (match: MatchVector) => matchOf(match, { isRoot: roots.has(match.guideline) });
      const tracked = trackPaths({
        activeJourneys: activeJourneys.map(({ id }) => id),
        previousPaths,
        ordinary: ordinary.map(toMatch),
        toolEnabled: toolEnabled.map(toMatch),
      });
      expect(tracked.paths).toEqual(expected.paths);
      expect(tracked.ordinary.map(({ guideline }) => guideline.id)).toEqual(expected.ordinaryLeft);
    },
  );

  it('that a journey was left is written down, and its mark is gone', () => {
    const left = matchLeft(graphOf(chain(2)), { path: ['2'], rationale: 'over' });
    const tracked = track([left]);
    expect(tracked).toEqual({ paths: { j1: ['2', null] }, ordinary: [] });
  });

  it('an action that stands at the root is kept until the journey is left', () => {
    const stored = storedJourney({ nodes: [{ id: 'root', action: 'greet' }] });
    const { root } = graphOf(stored);
    const greets: GuidelineMatch = { guideline: root, score: 10, rationale: '', journeyPath: ['1'] };
    expect(track([greets])).toEqual({ paths: { j1: ['1'] }, ordinary: [greets] });
    expect(track([{ ...greets, journeyPath: ['1', null] }]).ordinary).toEqual([]);
  });

  it('a step that does not tell its way leaves the path as it is', () => {
    const step: GuidelineMatch = {
      guideline: engineGuideline('s', { journeyNodeOf: 'j1' }),
      score: 10,
      rationale: '',
    };
    expect(track([step])).toEqual({ paths: { j1: ['2'] }, ordinary: [step] });
  });
});

function track(ordinary: readonly GuidelineMatch[]) {
  return trackPaths({ activeJourneys: ['j1'], previousPaths: { j1: ['2'] }, ordinary, toolEnabled: [] });
}

function matchOf(
  { guideline, nodeOf, path }: MatchVector,
  { isRoot }: { readonly isRoot: boolean },
): GuidelineMatch {
  const { journeyNode, ...rest } = engineGuideline(guideline, {
    journeyNodeOf: nodeOf,
    action: isRoot ? null : 'do it',
  });
  return {
    guideline: {
      ...rest,
      ...(journeyNode !== undefined && { journeyNode: { ...journeyNode, index: isRoot ? '1' : '2' } }),
    },
    score: 10,
    rationale: '',
    ...(path !== undefined && { journeyPath: path }),
  };
}
