/** Tools for tests of the engine, as the vectors write them, and what comes of looking at them. */
import type { Candidate, Evaluated } from '../../src/engine/tool-calling/evaluation.ts';
import type { ParameterType, Tool, ToolParameter } from '../../src/tools/tool.ts';

export type ToolVector = {
  readonly id: string;
  readonly parameters: Readonly<Record<string, ParameterVector>>;
  readonly required: readonly string[];
  readonly consequential?: boolean;
  readonly overlap?: Tool['overlap'];
};

type ParameterVector = Partial<ToolParameter> & { readonly type?: ParameterType };

export function candidateOf(vector: ToolVector): Candidate {
  const { id, parameters, required, consequential = false, overlap = 'auto' } = vector;
  const described = Object.entries(parameters).map(([name, parameter]): [string, ToolParameter] => [
    name,
    { type: 'string', ...parameter },
  ]);
  return {
    toolId: id,
    tool: {
      name: id.slice(id.indexOf(':') + 1),
      description: '',
      creationUtc: '',
      parameters: Object.fromEntries(described),
      required,
      consequential,
      overlap,
      metadata: {},
    },
  };
}

export type EvaluationVector = {
  readonly calls: readonly { readonly toolId: string; readonly arguments: object }[];
  readonly evaluations: readonly (readonly [string, string])[];
  readonly missing: readonly string[];
  readonly invalid: readonly { readonly parameter: string; readonly value: string }[];
};

/** What is compared: calls in order, all else in any order. */
export function toldOf({ calls, insights }: Evaluated): EvaluationVector {
  return ordered({
    calls,
    evaluations: insights.evaluations,
    missing: insights.missing.map(({ parameter }) => parameter),
    invalid: insights.invalid.map(({ parameter, value = '' }) => ({ parameter, value })),
  });
}

export function ordered({ calls, evaluations, missing, invalid }: EvaluationVector): EvaluationVector {
  return {
    calls,
    evaluations: evaluations.toSorted(byText),
    missing: missing.toSorted(),
    invalid: invalid.toSorted(byText),
  };
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
