import { expect, it } from 'vitest';
import type { GuidelineMatch } from '../../src/engine/guideline.ts';
import { mergeMatches } from '../../src/engine/matching/merge-matches.ts';
import { engineGuideline } from '../support/engine-entities.ts';
import { readVectors } from '../support/vectors.ts';

type Given = {
  readonly guideline: string;
  readonly journey?: string;
  readonly path?: readonly (string | null)[];
};

type Case = {
  readonly previousIterations: readonly (readonly Given[])[];
  readonly reevaluated: readonly string[];
  readonly current: readonly Given[];
  readonly activeJourneys: readonly string[];
  readonly expected: readonly string[];
};

it.each(readVectors<Case>('guideline-matching', 'match-merging'))('$id $title', (vector) => {
  const merged = mergeMatches({
    earlier: vector.previousIterations.map((matches) => matches.map(toMatch)),
    evaluated: vector.reevaluated,
    found: vector.current.map(toMatch),
    activeJourneys: vector.activeJourneys,
  });
  expect(idsOf(merged).toSorted()).toEqual(vector.expected.toSorted());
});

it('keeps of one journey only the last step', () => {
  const [first, second] = [step('journey_node:a', ['2']), step('journey_node:b', ['2', '3'])];
  const merged = mergeMatches({ earlier: [[first]], evaluated: [], found: [second], activeJourneys: ['j1'] });
  expect(merged).toEqual([second]);
});

it('drops what was looked at again and not found', () => {
  const merged = mergeMatches({
    earlier: [[toMatch({ guideline: 'g1' })]],
    evaluated: ['g1'],
    found: [],
    activeJourneys: [],
  });
  expect(merged).toEqual([]);
});

it('has earlier matches first, each as it was found last', () => {
  const [g1, g2, again] = [
    toMatch({ guideline: 'g1' }),
    toMatch({ guideline: 'g2' }),
    { ...toMatch({ guideline: 'g1' }), rationale: 'still' },
  ];
  const merged = mergeMatches({ earlier: [[g1]], evaluated: ['g1'], found: [g2, again], activeJourneys: [] });
  expect(merged).toEqual([again, g2]);
});

function toMatch({ guideline, journey, path }: Given): GuidelineMatch {
  return {
    guideline: engineGuideline(guideline, { journeyNodeOf: journey }),
    score: 10,
    rationale: '',
    ...(path && { journeyPath: path }),
  };
}

function step(guideline: string, path: readonly string[]): GuidelineMatch {
  return toMatch({ guideline, journey: 'j1', path });
}

function idsOf(matches: readonly GuidelineMatch[]): readonly string[] {
  return matches.map(({ guideline }) => guideline.id);
}
