import { describe, expect, it } from 'vitest';
import type { GuidelineMatch, JourneyPath } from '../../src/engine/guideline.ts';
import { activatedJourneys, isKnown } from '../../src/engine/journeys/activation.ts';
import type { JourneyPaths } from '../../src/engine/turn-context.ts';
import { engineGuideline, engineJourney } from '../support/engine-entities.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly journeys: readonly { readonly id: string; readonly triggers: readonly string[] }[];
  readonly previousPaths: JourneyPaths;
  readonly matches: readonly {
    readonly guideline: string;
    readonly journey?: string;
    readonly path?: JourneyPath;
  }[];
  readonly laterIteration: boolean;
  readonly expected: readonly string[];
};

describe('journeys that become active', () => {
  it.each(readVectors<Case>('journey-navigation', 'journey-activation'))(
    '$id $title',
    ({ journeys, previousPaths, matches, laterIteration, expected }) => {
      const active = activatedJourneys(journeys, {
        matches: matches.map(toMatch),
        previousPaths,
        isLaterPass: laterIteration,
      });
      expect(active.map(({ id }) => id).sort()).toEqual(expected.toSorted());
    },
  );

  it('a journey is not known by a name that all objects have', () => {
    expect(isKnown('constructor', {})).toBe(false);
    const journeys = [engineJourney('toString')];
    const matches = [toMatch({ guideline: 'step', journey: 'toString', path: ['2'] })];
    expect(activatedJourneys(journeys, { matches, previousPaths: {}, isLaterPass: false })).toEqual([]);
  });
});

function toMatch({ guideline, journey, path }: Case['matches'][number]): GuidelineMatch {
  return {
    guideline: engineGuideline(guideline, { journeyNodeOf: journey }),
    score: 10,
    rationale: '',
    ...(path !== undefined && { journeyPath: path }),
  };
}
