import { describe, expect, it } from 'vitest';
import { callAtOnce, inferencePath } from '../../src/engine/tool-calling/inference-path.ts';
import { candidateOf, type ToolVector } from '../support/tools.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly tool: ToolVector;
  readonly staged: readonly { readonly toolId: string }[];
  readonly expected: { readonly path: string };
};

describe('how it is decided whether a tool is called', () => {
  it.each(readVectors<Case>('tool-calling', 'tool-inference-path'))(
    '$id $title',
    ({ tool, staged, expected }) => {
      expect(inferencePath(candidateOf(tool), staged)).toBe(expected.path);
    },
  );

  it('one of consequence is always weighed', () => {
    const tool = candidateOf({ id: 's:reset', parameters: {}, required: [], consequential: true });
    expect(inferencePath(tool, [])).toBe('full');
  });

  it('one that is called without asking is called with nothing', () => {
    expect(callAtOnce(candidateOf({ id: 's:now', parameters: {}, required: [] }))).toEqual({
      calls: [{ toolId: 's:now', arguments: {} }],
      insights: { evaluations: [['s:now', 'needs_to_run']], missing: [], invalid: [] },
    });
  });
});
