import { describe, expect, it } from 'vitest';
import { evaluateConsequential } from '../../src/engine/tool-calling/evaluate-consequential.ts';
import { candidateOf, ordered, toldOf, type EvaluationVector, type ToolVector } from '../support/tools.ts';
import { readVectors } from '../support/vectors.ts';

type Argument = {
  readonly parameter: string;
  readonly status: 'valid' | 'invalid' | 'missing';
  readonly value?: string | null;
  readonly isOptional?: boolean;
};

type Case = {
  readonly tool: ToolVector;
  readonly modelCalls: readonly {
    readonly applicable?: boolean;
    readonly alreadyStaged?: boolean;
    readonly betterRejectedTool?: boolean;
    readonly runInTandem?: boolean;
    readonly arguments?: readonly Argument[];
  }[];
  readonly expected: EvaluationVector;
};

describe('calls of a tool of consequence', () => {
  it.each(readVectors<Case>('tool-calling', 'tool-eval-consequential'))(
    '$id $title',
    ({ tool, modelCalls, expected }) => {
      const calls = modelCalls.map((call) => ({
        isApplicable: call.applicable ?? true,
        alreadyStaged: call.alreadyStaged ?? false,
        betterRejectedTool: call.betterRejectedTool ? 's:better' : null,
        runInTandem: call.runInTandem ?? false,
        arguments: [...(call.arguments ?? [])],
      }));
      expect(toldOf(evaluateConsequential(candidateOf(tool), { calls }))).toEqual(ordered(expected));
    },
  );

  const order: ToolVector = {
    id: 's:order',
    parameters: { sizes: { type: 'array', enum: ['s', 'm'] }, count: { type: 'integer', enum: [1, 2] } },
    required: ['sizes'],
    consequential: true,
  };

  it.each([`["s", "m"]`, `['s']`, '[s, m]', 's', '[]'])('%s is chosen from the choices', (value) => {
    expect(evaluate(order, [{ parameter: 'sizes', status: 'valid', value }]).calls).toEqual([
      { toolId: 's:order', arguments: { sizes: value, count: null } },
    ]);
  });

  it.each([`["s", "xl"]`, 'xl', `[1]`])('%s is not', (value) => {
    const { calls, insights } = evaluate(order, [{ parameter: 'sizes', status: 'valid', value }]);
    expect(calls).toEqual([]);
    expect(insights.invalid).toMatchObject([{ parameter: 'sizes', value, choices: ['s', 'm'] }]);
  });

  it('a number is chosen by how it is written', () => {
    const sizes: Argument = { parameter: 'sizes', status: 'valid', value: '[s]' };
    expect(evaluate(order, [sizes, { parameter: 'count', status: 'valid', value: '2' }]).calls).toHaveLength(
      1,
    );
    expect(evaluate(order, [sizes, { parameter: 'count', status: 'valid', value: '3' }]).calls).toEqual([]);
  });

  it('arguments that the tool does not have are not handed on', () => {
    const { calls } = evaluate(order, [
      { parameter: 'sizes', status: 'valid', value: '[s]' },
      { parameter: 'constructor', status: 'valid', value: 'x' },
    ]);
    expect(calls).toEqual([{ toolId: 's:order', arguments: { sizes: '[s]', count: null } }]);
  });

  it('without parameters it is called with nothing, whatever a model puts in', () => {
    const reset: ToolVector = { id: 's:reset', parameters: {}, required: [], consequential: true };
    const { calls } = evaluate(reset, [{ parameter: 'sure', status: 'valid', value: 'yes' }]);
    expect(calls).toEqual([{ toolId: 's:reset', arguments: {} }]);
  });

  it('what is not applicable is not called, and what was wrong with it is told all the same', () => {
    const call = {
      isApplicable: false,
      alreadyStaged: false,
      arguments: [{ parameter: 'sizes', status: 'invalid' as const, value: 'xl' }],
    };
    const { calls, insights } = evaluateConsequential(candidateOf(order), { calls: [call] });
    expect(calls).toEqual([]);
    expect(insights.evaluations).toEqual([
      ['s:order', 'cannot_run'],
      ['s:order', 'data_already_in_context'],
    ]);
  });

  it('a value that is missing in two calls is asked for once', () => {
    const given: Argument[] = [{ parameter: 'sizes', status: 'missing' }];
    const call = { isApplicable: true, alreadyStaged: false, arguments: given };
    const { insights } = evaluateConsequential(candidateOf(order), { calls: [call, call] });
    expect(insights.missing.map(({ parameter }) => parameter)).toEqual(['sizes']);
  });
});

function evaluate(tool: ToolVector, given: readonly Argument[]) {
  const call = { isApplicable: true, alreadyStaged: false, arguments: [...given] };
  return evaluateConsequential(candidateOf(tool), { calls: [call] });
}
