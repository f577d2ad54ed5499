import { describe, expect, it } from 'vitest';
import { evaluateOverlapping } from '../../src/engine/tool-calling/evaluate-overlapping.ts';
import { candidateOf, ordered, toldOf, type EvaluationVector, type ToolVector } from '../support/tools.ts';
import { readVectors } from '../support/vectors.ts';

type AnsweredTool = {
  readonly tool: string;
  readonly applicable?: boolean;
  readonly alternativeShouldRun?: boolean;
  readonly calls?: readonly {
    readonly alreadyStaged?: boolean;
    readonly arguments: readonly {
      readonly parameter: string;
      readonly status: 'valid' | 'invalid' | 'missing';
      readonly value?: string | null;
    }[];
  }[];
};

type Case = {
  readonly tools: readonly ToolVector[];
  readonly modelOutput: readonly AnsweredTool[];
  readonly expected: EvaluationVector;
};

describe('calls of tools that overlap', () => {
  it.each(readVectors<Case>('tool-calling', 'tool-eval-overlap'))(
    '$id $title',
    ({ tools, modelOutput, expected }) => {
      const { evaluations: _advisory, ...told } = toldOf(evaluate(tools, modelOutput));
      const { evaluations: _recorded, ...awaited } = ordered(expected);
      expect(told).toEqual(awaited);
    },
  );

  const tools: readonly ToolVector[] = [
    { id: 's:a', parameters: { x: { enum: ['1', '2'] }, y: {} }, required: ['x'] },
    { id: 's:b', parameters: {}, required: [] },
  ];

  it('one value that is not allowed keeps all calls of its tool from being made, and none of another', () => {
    const { calls, insights } = evaluate(tools, [
      {
        tool: 's:a',
        calls: [
          { arguments: [{ parameter: 'x', status: 'valid', value: '9' }] },
          { arguments: [{ parameter: 'x', status: 'valid', value: '1' }] },
        ],
      },
      { tool: 's:b', calls: [{ arguments: [] }] },
    ]);
    expect(calls).toEqual([{ toolId: 's:b', arguments: {} }]);
    expect(insights.invalid.map(({ parameter, value }) => [parameter, value])).toEqual([['x', '9']]);
  });

  it('what came of each tool is told, so that what hangs on it is looked at again', () => {
    const { insights } = evaluate(tools, [
      { tool: 's:a', calls: [{ alreadyStaged: true, arguments: [] }] },
      { tool: 's:b', calls: [{ arguments: [] }] },
    ]);
    expect(insights.evaluations).toEqual([
      ['s:a', 'data_already_in_context'],
      ['s:b', 'needs_to_run'],
    ]);
  });

  it('optional values that were not given are left out', () => {
    const call = { arguments: [{ parameter: 'x', status: 'valid' as const, value: '1' }] };
    expect(evaluate(tools, [{ tool: 's:a', calls: [call] }]).calls).toEqual([
      { toolId: 's:a', arguments: { x: '1' } },
    ]);
  });
});

function evaluate(tools: readonly ToolVector[], answered: readonly AnsweredTool[]) {
  return evaluateOverlapping(tools.map(candidateOf), {
    tools: answered.map(({ tool, applicable = true, alternativeShouldRun = false, calls = [] }) => ({
      name: tool,
      isApplicable: applicable,
      alternativeShouldRun,
      calls: calls.map((call) => ({
        alreadyStaged: call.alreadyStaged ?? false,
        arguments: [...call.arguments],
      })),
    })),
  });
}
