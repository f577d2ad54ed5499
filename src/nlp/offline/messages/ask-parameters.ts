/** Questions for what a tool needs and nobody has told, or told wrongly. */
import type { ProblemParameter } from '../../questions/messages.ts';
import { asSentence } from '../actions/second-person.ts';
import { humanised } from '../conditions/facts.ts';
import { enumerated } from './show-data.ts';

const choiceLimit = 12;

export function askForParameters(
  missing: readonly ProblemParameter[],
  invalid: readonly ProblemParameter[],
): readonly string[] {
  return [...invalid.map(correct), ...missing.map(ask)];
}

function ask({ parameter, description, significance, choices, examples }: ProblemParameter): string {
  const name = nameOf(parameter);
  const question =
    asQuestion(description) ??
    `Could you please tell me ${withArticle(name)}${explained(name, description)}?`;
  const why = significance ? ` ${asSentence(significance)}` : '';
  const options = optionsOf(choices);
  const such =
    options === '' && examples.length > 0 ? ` For example: ${examples.slice(0, 3).join(', ')}.` : '';
  return `${question}${why}${options}${such}`;
}

function correct({ parameter, value, choices, examples }: ProblemParameter): string {
  const given =
    value === undefined || value === null
      ? ''
      : `“${typeof value === 'object' ? JSON.stringify(value) : value}” `;
  const options = optionsOf(choices);
  const such =
    options === '' && examples.length > 0 ? ` For example: ${examples.slice(0, 3).join(', ')}.` : '';
  return `I'm sorry, ${given}is not a ${nameOf(parameter)} I can use. Could you please choose another one?${options}${such}`;
}

function optionsOf(choices: ProblemParameter['choices']): string {
  if (choices.length === 0) return '';
  const shown = choices.slice(0, choiceLimit).map((choice) => humanChoice(String(choice)));
  return choices.length > choiceLimit
    ? ` Some of the possibilities: ${enumerated(shown)}.`
    : ` You can choose ${enumerated(shown, 'or')}.`;
}

function humanChoice(choice: string): string {
  return /^[a-z]+(?:_[a-z]+)+$/.test(choice) ? choice.replaceAll('_', ' ') : choice;
}

function nameOf(parameter: string): string {
  return /[_A-Z]/.test(parameter) && !parameter.includes(' ') ? humanised(parameter) : parameter;
}

function withArticle(name: string): string {
  return /^(?:the|your|our|a|an|whether|how|which|what|when|where|who)\b/i.test(name) ? name : `the ${name}`;
}

/** A description that is a question itself. */
function asQuestion(description: string | null): string | undefined {
  return description?.trim().endsWith('?') ? asSentence(description) : undefined;
}

const descriptionLimit = 100;

/** In brackets, where it says more than the name. */
function explained(name: string, description: string | null): string {
  const plain = description?.trim().replace(/[.]+$/, '') ?? '';
  if (plain === '' || plain.length > descriptionLimit || plain.toLowerCase() === name.toLowerCase())
    return '';
  const first = /^[A-Z][a-z]/.test(plain) ? `${plain.charAt(0).toLowerCase()}${plain.slice(1)}` : plain;
  return first.replace(/^the /, '') === name ? '' : ` (${first})`;
}
