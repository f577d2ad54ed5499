/** Tools as prompts show them, and how their arguments are to be written. */
import type { CandidateTool, OverlappingToolsInput, ToolInput } from '../../questions/tools.ts';
import { missingValue } from '../../questions/tools.ts';
import type { ToolParameter } from '../../../tools/tool.ts';
import { type Leaf, oneOf, orNull } from './answer-shape.ts';
import { showFollowed, withFollowedGuidelines } from './guideline-sections.ts';
import type { PromptBuilder, PromptData } from './prompt-builder.ts';
import { decideAbout } from './situation-sections.ts';

/** By name. Required ones cannot be null: that they are not known is said in so many words. */
export function argumentsOf({ tool }: CandidateTool): Readonly<Record<string, Leaf>> {
  return Object.fromEntries(
    Object.entries(tool.parameters).map(([name, { type }]) => [
      name,
      tool.required.includes(name)
        ? `${type}, as text; ${missingValue} where it is not known`
        : orNull(`${type}, as text; null where it is not known`),
    ]),
  );
}

/** One tool, with others that may serve as well. */
export function aboutTool({ situation, candidate, guidelines, references }: ToolInput): PromptBuilder {
  const prompt = withFollowedGuidelines(decideAbout(situation), guidelines)
    .text('tools', 'The tool in question, with the guidelines that want it.')
    .data('tools', 'tool', showTool(candidate))
    .text('tools', valueFormats);
  if (references.length === 0) return prompt;
  return prompt
    .text('tools', 'Other tools that may serve as well. They are decided about elsewhere.')
    .data('tools', 'other_tools', references.map(showTool));
}

/** Tools among which to choose. */
export function aboutTools({ situation, candidates, guidelines }: OverlappingToolsInput): PromptBuilder {
  return withFollowedGuidelines(decideAbout(situation), guidelines)
    .text('tools', 'The tools in question, each with the guidelines that want it.')
    .data('tools', 'tools', candidates.map(showTool))
    .text('tools', valueFormats);
}

function showTool({ toolId, tool, guidelines }: CandidateTool): PromptData {
  const parameters = Object.entries(tool.parameters).map(([name, parameter]) => ({
    name,
    required: tool.required.includes(name),
    ...showParameter(parameter),
  }));
  return {
    id: toolId,
    name: tool.name,
    description: tool.description,
    changesSomethingForGood: tool.consequential,
    parameters,
    wantedBy: guidelines.map(showFollowed),
  };
}

function showParameter(parameter: ToolParameter): { readonly [field: string]: PromptData } {
  const { type, itemType, enum: choices, description, examples, source = 'any' } = parameter;
  const { significance, displayName } = parameter;
  return {
    type,
    itemType,
    choices,
    description,
    examples,
    acceptableSource: source,
    significance,
    displayName,
  };
}

/** Of each argument that was weighed. */
export const argumentShape = {
  parameter: 'the name of the parameter; each parameter of the tool has an entry',
  acceptableSource: 'where its value may come from: any, context or customer',
  isProvided: 'whether its value is known from such a source',
  isProvidedAgain: 'whether the customer has given another value for it later; then that one counts',
  isRiskyToGuess: 'whether a wrong value would do harm',
  isOptional: 'whether the tool can be called without it',
  status: oneOf(
    ['valid', 'invalid', 'missing'],
    'missing: not known; invalid: given, but not among its choices or not of its type; valid: else',
  ),
  value: orNull('the value as text, also one that is invalid; null where it is missing'),
} as const;

const valueFormats = `Values are written as text: a \`date\` as 2030-12-31, a \`datetime\` as 2030-12-31T23:59:59, a \`timedelta\` as hours:minutes:seconds, a \`boolean\` as true or false, an \`array\` as JSON, for example ["a", "b"], an \`object\` as JSON, a \`number\` with a point and without a unit. A day such as "tomorrow" is reckoned from the time that is told. A choice is written to the letter.`;
