/** What is shown to whoever writes or chooses what the agent says. */
import type { MessageInput, ProblemParameter, ShownTemplate } from '../../questions/messages.ts';
import { withFollowedGuidelines } from './guideline-sections.ts';
import type { PromptBuilder } from './prompt-builder.ts';
import { speakFor } from './situation-sections.ts';

/** Everything an answer is made from. */
export function aboutMessage(input: MessageInput): PromptBuilder {
  const { situation, guidelines, principles, journeys, missing, invalid } = input;
  let prompt = withFollowedGuidelines(speakFor(situation), guidelines);
  if (principles.length > 0) {
    prompt = prompt
      .text('principles', 'To be kept in mind wherever they fit. A guideline goes before them.')
      .data('principles', 'principles', principles);
  }
  if (journeys.length > 0) {
    prompt = prompt
      .text(
        'journeys',
        'Processes that are under way. The guidelines say which step is next; do not run ahead of them.',
      )
      .data('journeys', 'journeys', journeys);
  }
  prompt = withProblems(prompt, 'missing', missing, missingLegend);
  return withProblems(prompt, 'invalid', invalid, invalidLegend);
}

/** Texts that were written beforehand. */
export function withTemplates(prompt: PromptBuilder, templates: readonly ShownTemplate[]): PromptBuilder {
  return prompt.data('subject', 'templates', templates);
}

function withProblems(
  prompt: PromptBuilder,
  tag: 'missing' | 'invalid',
  problems: readonly ProblemParameter[],
  legend: string,
): PromptBuilder {
  if (problems.length === 0) return prompt;
  return prompt.text('tools', legend).data('tools', tag, problems);
}

const missingLegend =
  'A tool could not be called because these values are not known. Ask the customer for them in the next message, and name the choices where there are some. Do not say that a tool is behind it.';

const invalidLegend =
  'A tool could not be called because these values are not allowed. Tell the customer so in the next message, and what may be chosen instead. Do not say that a tool is behind it.';
