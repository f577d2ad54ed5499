/** What an answer about tools comes to: calls to make, and what is known about each tool. Parts of it are put together here. */
import type { JsonObject } from '../../event-log/event.ts';
import type { CandidateTool } from '../../nlp/questions/tools.ts';
import type { ToolId } from '../../tools/tool.ts';
import type { ParameterProblem, ToolEvaluation, ToolInsights } from '../turn-context.ts';

/** A tool that is looked at, as it is for this session. */
export type Candidate = Pick<CandidateTool, 'toolId' | 'tool'>;

/** A call that is to be made; it has no id yet (`tool-call-id.ts`). */
export type DecidedCall = { readonly toolId: ToolId; readonly arguments: JsonObject };

export type Evaluated = { readonly calls: readonly DecidedCall[]; readonly insights: ToolInsights };

export function evaluated(
  toolId: ToolId,
  {
    evaluation,
    call,
    missing = [],
    invalid = [],
  }: {
    readonly evaluation: ToolEvaluation;
    /** Arguments. */
    readonly call?: JsonObject;
    readonly missing?: readonly ParameterProblem[];
    readonly invalid?: readonly ParameterProblem[];
  },
): Evaluated {
  return {
    calls: call === undefined ? [] : [{ toolId, arguments: call }],
    insights: { evaluations: [[toolId, evaluation]], missing, invalid },
  };
}

/** In order. */
export function joinEvaluated(parts: readonly Evaluated[]): Evaluated {
  return {
    calls: parts.flatMap(({ calls }) => calls),
    insights: joinInsights(parts.map(({ insights }) => insights)),
  };
}

/** Of batches and of iterations, in order. What is said twice is there once. */
export function joinInsights(parts: readonly ToolInsights[]): ToolInsights {
  return {
    evaluations: oncePer(
      parts.flatMap(({ evaluations }) => evaluations),
      (evaluation) => evaluation,
    ),
    missing: oncePer(
      parts.flatMap(({ missing }) => missing),
      ({ toolId, parameter }) => [toolId, parameter],
    ),
    invalid: oncePer(
      parts.flatMap(({ invalid }) => invalid),
      ({ toolId, parameter, value }) => [toolId, parameter, value],
    ),
  };
}

function oncePer<T>(items: readonly T[], keyOf: (item: T) => readonly unknown[]): readonly T[] {
  const first = new Map(items.toReversed().map((item) => [JSON.stringify(keyOf(item)), item]));
  return items.filter((item) => first.get(JSON.stringify(keyOf(item))) === item);
}
