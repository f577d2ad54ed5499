import { describe, expect, it } from 'vitest';
import { autoAdvance } from '../../src/engine/journeys/auto-advance.ts';
import type { JourneyPath } from '../../src/engine/guideline.ts';
import { graphOf, storedJourney, vectorGraph, type NodeVector } from '../support/journeys.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly nodes: readonly NodeVector[];
  readonly previousPath: JourneyPath;
  readonly stagedTools: readonly string[];
  readonly expected: {
    readonly node: string;
    readonly journeyPath: JourneyPath;
    readonly score: number;
  } | null;
};

describe('a step that needs no thought', () => {
  it.each(readVectors<Case>('journey-navigation', 'journey-auto-advance'))(
    '$id $title',
    ({ nodes, previousPath, stagedTools, expected }) => {
      const match = autoAdvance({
        graph: vectorGraph(nodes),
        previousPath,
        stagedTools: new Set(stagedTools),
      });
      const told = match && { node: match.guideline.id, journeyPath: match.journeyPath, score: match.score };
      expect(told ?? null).toEqual(expected);
    },
  );

  it('after a tool, forks that do not branch are passed', () => {
    const graph = graphOf(
      storedJourney({
        nodes: [
          { id: 'root' },
          { id: 'tool', action: 'look it up', tools: ['s:t'] },
          { id: 'fork 1' },
          { id: 'fork 2' },
          { id: 'tell', action: 'tell it' },
        ],
        edges: [
          { id: 'e1', source: 'root', target: 'tool' },
          { id: 'e2', source: 'tool', target: 'fork 1' },
          { id: 'e3', source: 'fork 1', target: 'fork 2' },
          { id: 'e4', source: 'fork 2', target: 'tell' },
        ],
      }),
    );
    const match = autoAdvance({ graph, previousPath: ['2'], stagedTools: new Set(['s:t']) });
    expect(match).toMatchObject({ guideline: { action: 'tell it' }, journeyPath: ['2', '3', '4', '5'] });
  });

  it('nothing is taken before an action that stands at the root', () => {
    const graph = graphOf(
      storedJourney({
        nodes: [
          { id: 'root', action: 'greet' },
          { id: 'tool', action: 'look it up', tools: ['s:t'] },
        ],
        edges: [{ id: 'e1', source: 'root', target: 'tool' }],
      }),
    );
    expect(autoAdvance({ graph, previousPath: [], stagedTools: new Set() })).toBeUndefined();
  });
});
