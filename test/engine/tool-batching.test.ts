import { describe, expect, it } from 'vitest';
import { indexRelationships } from '../../src/engine/relational-resolver/relationship-index.ts';
import { toToolBatches, type ToolBatch } from '../../src/engine/tool-calling/batches.ts';
import { wantedTools } from '../../src/engine/tool-calling/candidates.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { engineGuideline } from '../support/engine-entities.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly tools: readonly { readonly id: string; readonly overlap: Tool['overlap'] }[];
  readonly overlapRelationships: readonly (readonly [string, string])[];
  readonly expected: readonly { readonly kind: ToolBatch['kind']; readonly tools: readonly string[] }[];
};

describe('tools that are asked about together', () => {
  it.each(readVectors<Case>('tool-calling', 'tool-batching'))(
    '$id $title',
    ({ tools, overlapRelationships, expected }) => {
      const { batches } = toToolBatches(tools.map(toOverlap), overlaps(overlapRelationships));
      const told = batches.map(({ kind, toolIds }) => [kind, ...toolIds.toSorted()].join(' '));
      expect(told.toSorted()).toEqual(
        expected.map(({ kind, tools }) => [kind, ...tools.toSorted()].join(' ')).toSorted(),
      );
    },
  );

  it('one that always overlaps joins its neighbours, and is asked about on its own as well', () => {
    const tools = [
      { toolId: 's:a', overlap: 'auto' },
      { toolId: 's:b', overlap: 'always' },
      { toolId: 's:c', overlap: 'auto' },
    ] as const;
    const { batches } = toToolBatches(
      tools,
      overlaps([
        ['s:a', 's:b'],
        ['s:b', 's:c'],
      ]),
    );
    expect(batches).toEqual([
      { kind: 'overlapping', toolIds: ['s:a', 's:b', 's:c'] },
      { kind: 'single', toolIds: ['s:b'] },
    ]);
  });

  it('whose relationship was not heard is told', () => {
    const tools = [
      { toolId: 's:a', overlap: 'auto' },
      { toolId: 's:b', overlap: 'none' },
    ] as const;
    expect(toToolBatches(tools, overlaps([['s:b', 's:a']])).unheard).toEqual(['s:b']);
  });

  it('a tool that several guidelines want is looked at once, for all of them', () => {
    const wanted = wantedTools([
      { match: matchOf('g1'), toolIds: ['s:a', 's:b', 's:a'] },
      { match: matchOf('g2'), toolIds: ['s:a'] },
    ]);
    const told = [...wanted].map(([toolId, matches]) => [
      toolId,
      matches.map(({ guideline }) => guideline.id),
    ]);
    expect(told).toEqual([
      ['s:a', ['g1', 'g2']],
      ['s:b', ['g1']],
    ]);
  });
});

function toOverlap({ id, overlap }: Case['tools'][number]) {
  return { toolId: id, overlap };
}

function overlaps(pairs: readonly (readonly [string, string])[]) {
  return indexRelationships(
    pairs.map(([source, target], at) => ({
      id: `r${at}`,
      kind: 'overlap',
      source: { type: 'tool', id: source },
      target: { type: 'tool', id: target },
      groupId: null,
    })),
  );
}

function matchOf(id: string) {
  return { guideline: engineGuideline(id), score: 10, rationale: '' };
}
