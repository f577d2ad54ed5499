import { describe, expect, it } from 'vitest';
import type { JourneyPath } from '../../src/engine/guideline.ts';
import { stepsAround } from '../../src/engine/journeys/prune.ts';
import { chain, graphOf, vectorGraph, type NodeVector } from '../support/journeys.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly nodes: readonly NodeVector[];
  readonly previousPath: JourneyPath;
  readonly maxDepth: number;
  readonly expected: readonly string[];
};

describe('what is shown of a journey to go back in', () => {
  it.each(readVectors<Case>('journey-navigation', 'journey-prune'))(
    '$id $title',
    ({ nodes, previousPath, maxDepth, expected }) => {
      const kept = stepsAround(vectorGraph(nodes), { path: previousPath, maxDepth });
      expect([...kept].toSorted()).toEqual(expected.toSorted());
    },
  );

  it('without a path, what comes after the root', () => {
    expect([...stepsAround(graphOf(chain(9)), { path: [null, null] })]).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
    ]);
  });

  it('steps that are not there any more are not shown', () => {
    expect([...stepsAround(graphOf(chain(1)), { path: ['2', '77', null] })]).toEqual(['2']);
  });
});
