import { describe, expect, it } from 'vitest';
import type { JourneyPath } from '../../src/engine/guideline.ts';
import { checkAdvancement } from '../../src/engine/journeys/advancement-check.ts';
import { chain, graphOf, vectorGraph, type NodeVector } from '../support/journeys.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly nodes: readonly NodeVector[];
  readonly previousPath: JourneyPath;
  readonly model: {
    readonly requiresBacktracking: boolean;
    readonly target: string | null;
    readonly steps: readonly string[];
  };
  readonly expected: JourneyPath;
};

describe('the way back that a model names, checked', () => {
  it.each(readVectors<Case>('journey-navigation', 'journey-advancement-check'))(
    '$id $title',
    ({ nodes, previousPath, model, expected }) => {
      expect(checkAdvancement(vectorGraph(nodes), { previousPath, advancement: model })).toEqual(expected);
    },
  );

  it('of no steps nothing is made', () => {
    const advancement = { requiresBacktracking: false, steps: [] };
    expect(checkAdvancement(graphOf(chain(2)), { previousPath: ['2'], advancement })).toEqual([]);
  });

  it('what comes after an unknown step is left out', () => {
    const advancement = { requiresBacktracking: true, steps: ['2', '99', '4'] };
    expect(checkAdvancement(graphOf(chain(4)), { previousPath: ['2', '3'], advancement })).toEqual([
      '2',
      '3',
      null,
    ]);
  });
});
