import { describe, expect, it } from 'vitest';
import { evaluateSimple } from '../../src/engine/tool-calling/evaluate-simple.ts';
import type { JsonObject } from '../../src/event-log/event.ts';
import { candidateOf, ordered, toldOf, type EvaluationVector, type ToolVector } from '../support/tools.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly tool: ToolVector;
  readonly staged: readonly { readonly toolId: string; readonly arguments: JsonObject }[];
  readonly modelCalls: readonly JsonObject[];
  readonly expected: EvaluationVector;
};

describe('calls of a tool that can be repeated', () => {
  it.each(readVectors<Case>('tool-calling', 'tool-eval-simple'))(
    '$id $title',
    ({ tool, staged, modelCalls, expected }) => {
      const answer = { calls: modelCalls.map((args) => ({ args })) };
      expect(toldOf(evaluateSimple(candidateOf(tool), { staged, answer }))).toEqual(ordered(expected));
    },
  );

  const find: ToolVector = {
    id: 's:find',
    parameters: {
      what: { description: 'What to look for.', examples: ['a chair'], significance: 'So that we find it.' },
      count: { type: 'integer', precedence: 2, enum: [1, 2] },
    },
    required: ['what', 'count'],
  };

  it('whatever kind of value was given, it is handed on as text', () => {
    expect(evaluate(find, { what: ['a', 1], count: 2 }).calls).toEqual([
      { toolId: 's:find', arguments: { what: '["a",1]', count: '2' } },
    ]);
  });

  it('a call is the same whatever order its values are in', () => {
    const staged = [{ toolId: 's:find', arguments: { count: '2', what: 'x' } }];
    const { calls, insights } = evaluateSimple(candidateOf(find), {
      staged,
      answer: { calls: [{ args: { what: 'x', count: 2 } }] },
    });
    expect(calls).toEqual([]);
    expect(insights.evaluations).toEqual([['s:find', 'data_already_in_context']]);
  });

  it('names that the tool does not have are not handed on, whatever they are', () => {
    const made = evaluate(find, { what: 'x', count: '1', constructor: 'y', toString: 'z' });
    expect(made.calls).toEqual([{ toolId: 's:find', arguments: { what: 'x', count: '1' } }]);
  });

  it('what is missing is told with all that helps to ask for it, once', () => {
    const missing = evaluate(find, {}, {}).insights.missing;
    expect(missing).toEqual([
      {
        toolId: 's:find',
        parameter: 'what',
        description: 'What to look for.',
        significance: 'So that we find it.',
        examples: ['a chair'],
        choices: [],
        precedence: null,
      },
      {
        toolId: 's:find',
        parameter: 'count',
        description: null,
        significance: null,
        examples: [],
        choices: [1, 2],
        precedence: 2,
      },
    ]);
  });

  it.each(['<<__missing__>>', "['<<__missing__>>']", '["<<__missing__>>"]', ['<<__missing__>>']])(
    '%j stands for what is not known',
    (value) => {
      const { missing } = evaluate(find, { what: value, count: '1' }).insights;
      expect(missing.map(({ parameter }) => parameter)).toEqual(['what']);
    },
  );
});

function evaluate(tool: ToolVector, ...calls: readonly JsonObject[]) {
  return evaluateSimple(candidateOf(tool), {
    staged: [],
    answer: { calls: calls.map((args) => ({ args })) },
  });
}
