/** Parameters that keep a tool from being called, as the customer may be told of them. */
import type { ToolParameter } from '../../tools/tool.ts';
import type { ParameterProblem } from '../turn-context.ts';
import type { Candidate } from './evaluation.ts';

/** Undefined: the tool has no such parameter; models make some up. */
export function parameterOf({ tool }: Candidate, name: string): ToolParameter | undefined {
  return Object.hasOwn(tool.parameters, name) ? tool.parameters[name] : undefined;
}

/** None for a parameter that is never shown. `value`: what was given, and is not among the choices. */
export function problemsOf(candidate: Candidate, name: string, value?: string): readonly ParameterProblem[] {
  const parameter = parameterOf(candidate, name);
  if (parameter === undefined || parameter.hidden) return [];
  return [
    {
      toolId: candidate.toolId,
      parameter: parameter.displayName || name,
      description: parameter.description ?? null,
      significance: parameter.significance ?? null,
      examples: parameter.examples ?? [],
      choices: parameter.enum ?? [],
      precedence: parameter.precedence ?? null,
      ...(value !== undefined && { value }),
    },
  ];
}
