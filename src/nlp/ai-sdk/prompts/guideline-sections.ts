/** Guidelines as prompts show them. */
import type { BatchInput } from '../../questions/matching.ts';
import type { AskedGuideline, FollowedGuideline } from '../../questions/situation.ts';
import type { PromptBuilder, PromptData } from './prompt-builder.ts';
import { numbered } from './question-prompt.ts';
import { decideAbout } from './situation-sections.ts';

/** What answers refer to guidelines by. */
export const guidelineNumber = 'the number of the guideline';

/** The same question about each guideline of a batch. */
export function aboutBatch(
  { situation, guidelines }: BatchInput,
  task: string,
  rules: readonly string[],
): PromptBuilder {
  return withAskedGuidelines(decideAbout(situation), guidelines).text(
    'task',
    `${task}\n\n${numbered(rules)}`,
  );
}

/** Guidelines about which something is asked. */
export function withAskedGuidelines(
  prompt: PromptBuilder,
  guidelines: readonly AskedGuideline[],
): PromptBuilder {
  return prompt.text('guidelines', askedLegend).data('guidelines', 'guidelines', guidelines.map(showAsked));
}

/** Guidelines that are to be followed now; those about what the agent itself is about to say stand for themselves. */
export function withFollowedGuidelines(
  prompt: PromptBuilder,
  guidelines: readonly FollowedGuideline[],
): PromptBuilder {
  const intended = guidelines.filter(({ isAgentIntention }) => isAgentIntention);
  const ordinary = guidelines.filter((guideline) => !intended.includes(guideline));
  if (guidelines.length === 0) return prompt.text('guidelines', 'No guideline applies at the moment.');
  let written = prompt;
  if (ordinary.length > 0) {
    written = written
      .text('guidelines', followedLegend)
      .data('guidelines', 'guidelines', ordinary.map(showFollowed));
  }
  if (intended.length > 0) {
    written = written
      .text('guidelines', intentionLegend)
      .data('guidelines', 'guidelines_on_own_words', intended.map(showFollowed));
  }
  if (guidelines.some(isOwedByCustomer)) written = written.text('guidelines', owedLegend);
  return written;
}

/** As plain data. */
export function showFollowed({ score: _, texts: __, ...guideline }: FollowedGuideline): PromptData {
  return guideline; // the score is the same for all that apply; of texts those that may be sent are asked about by themselves
}

function showAsked(guideline: AskedGuideline): PromptData {
  return guideline;
}

function isOwedByCustomer({ isCustomerDependent, customerPart }: FollowedGuideline): boolean {
  return isCustomerDependent === true || customerPart !== undefined;
}

const askedLegend = `Each with its number \`n\`, the \`condition\` under which it applies and, unless it is only an observation, the \`action\` that is then to be taken. \`agentPart\` and \`customerPart\` say who has to do what until the action is done. \`isAgentIntention\`: the condition is about what the agent itself is about to say. \`begins\`: the journey that begins with it.`;

const followedLegend =
  'They apply now: `rationale` says why. Do what each `action` says; `description` is background to it.';

const intentionLegend =
  'These speak of what the agent itself may be about to say. Follow each where the answer turns out to do what its `condition` says.';

const owedLegend = `Where a guideline has a \`customerPart\`, or \`isCustomerDependent\` is true, the customer has to do or say something before it is done. Ask for it, or have what is known already confirmed; never take it for granted and pass over it.`;
