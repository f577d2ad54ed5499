/** What a customer is asked for first, where tools lack several things: only that is asked for, the rest comes in its turn. */
import type { ParameterProblem, ToolInsights } from '../turn-context.ts';

/** Missing and invalid ones together; those without a number only where none has one. */
export function narrowByPrecedence(insights: ToolInsights): ToolInsights {
  const { missing, invalid } = insights;
  const numbers = [...missing, ...invalid].flatMap(({ precedence }) => precedence ?? []);
  if (numbers.length === 0) return insights;
  const first = numbers.reduce((least, each) => Math.min(least, each));
  const isFirst = ({ precedence }: ParameterProblem) => precedence === first;
  return { ...insights, missing: missing.filter(isFirst), invalid: invalid.filter(isFirst) };
}
