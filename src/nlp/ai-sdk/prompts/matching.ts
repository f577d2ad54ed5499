/** Which guidelines apply: the questions about their conditions. */
import type { BatchInput } from '../../questions/matching.ts';
import { withAskedGuidelines } from './guideline-sections.ts';
import type { PromptBuilder } from './prompt-builder.ts';
import { numbered, type PromptOf } from './question-prompt.ts';
import { decideAbout } from './situation-sections.ts';

const evidenceRules = [
  'Decide for the end of the interaction: what was said last counts most, and the rest is what it is to be understood by.',
  'A condition that came true earlier still holds while the conversation stays with that matter, also with a detail of it or a question beside it. It no longer holds when the conversation has turned to something else, or the matter is settled.',
  'What a condition says of the customer or the circumstances holds until something contradicts it.',
  'Go by what was said, what tools brought and what is known; not by what is likely. A condition with several parts holds only if all of them do.',
  'A question about a thing is not yet a wish for it, and a wish is not yet a decision: take the condition by its words.',
  'Look at each guideline by itself. Any number of them may apply, also none.',
];

const reason = 'why, in one short sentence that names the words or facts it rests on';
const guidelineNumber = 'the number of the guideline';

export const observational: PromptOf<'observational'> = (input) => ({
  prompt: aboutBatch(
    input,
    'Each guideline in the material is an observation: a condition without an action. Decide for each whether its condition holds now.',
    evidenceRules,
  ),
  answer: {
    checks: [
      {
        rationale: reason,
        n: guidelineNumber,
        applies: 'whether the condition holds; one check for each guideline',
      },
    ],
  },
  examples: [
    {
      given:
        'Guideline 1: "the customer is unhappy with a repair". Guideline 2: "the customer asks for a price". The customer said that the gears slip again after the repair, the agent said sorry, and the customer now asks when the shop opens to bring the bicycle back.',
      answer: {
        checks: [
          { rationale: 'The opening time is asked for because of the failed repair.', n: '1', applies: true },
          { rationale: 'Nothing was said about prices.', n: '2', applies: false },
        ],
      },
    },
  ],
});

export const actionable: PromptOf<'actionable'> = (input) => ({
  prompt: aboutBatch(
    input,
    'Each guideline in the material is a condition with an action. Decide for each whether its condition holds now, so that the action is due with the next answer. Take it that no action was taken yet: whether it was is asked elsewhere.',
    [
      ...evidenceRules,
      'The action helps to understand what the condition means. Whether it is wise, or can be done, is not the question.',
      'Where `isAgentIntention` is true, the condition holds if the agent is likely to do with its next answer what it says.',
    ],
  ),
  answer: {
    checks: [
      {
        rationale: reason,
        n: guidelineNumber,
        applies: 'whether the condition holds; one check for each guideline',
      },
    ],
  },
  examples: [
    {
      given:
        'Guideline 1: "the customer wants to rent a bicycle", action "ask for how many days". Guideline 2: "the customer wants to end the rental", action "tell where to leave the bicycle". The customer first asked about rentals and now says: "Fine, I take the blue one from Monday on."',
      answer: {
        checks: [
          { rationale: '"I take the blue one" is the wish to rent it.', n: '1', applies: true },
          { rationale: 'The rental has not begun, so nobody ends it.', n: '2', applies: false },
        ],
      },
    },
  ],
});

export const lowCriticality: PromptOf<'low_criticality'> = (input) => ({
  prompt: aboutBatch(
    input,
    'The guidelines in the material are general principles, to be kept in mind where they fit. Decide for each whether it fits the conversation as it stands.',
    [
      'It fits where its condition holds, or is likely to hold with the next answer. Where you hesitate, it fits: a principle too many does no harm.',
      'It does not fit where its condition is about another matter than the conversation.',
      'Answer at once, without reasons.',
    ],
  ),
  answer: {
    applies: Object.fromEntries(input.guidelines.map(({ n }) => [n, `whether guideline ${n} fits`] as const)),
  },
});

export const previouslyApplied: PromptOf<'previously_applied'> = (input) => ({
  prompt: aboutBatch(
    input,
    'The agent has acted by each of these guidelines before in this conversation. Decide for each whether it is to act by it once more.',
    [
      'It is met again only for a new reason: after the action, something came up that meets the condition anew. That the earlier reason still stands is no new one.',
      'A new reason is, for example, the same wish for another thing, or a question whose answer has changed since.',
      'An action that has lasting effect, such as a piece of advice that was given, is not repeated because the customer comes back to the matter.',
      'Where the condition is met again, see whether the action was already taken for this new reason. If so, it is not repeated.',
      'It is applied again if it is met again and was not yet taken for that.',
    ],
  ),
  answer: {
    checks: [
      {
        rationale: 'what came up after the action, or that nothing did, in one short sentence',
        n: guidelineNumber,
        conditionMetAgain: 'whether the condition is met again for a new reason',
        actionWasNotTaken:
          'whether the action is still to be taken for that new reason; false where there is none',
        shouldReapply: 'whether both hold',
      },
    ],
  },
  examples: [
    {
      given:
        'Guideline 1: "the customer asks whether a part is in stock", action "check the stock and offer to keep it for a day". The agent did so for a chain. The customer says: "And brake pads?"',
      answer: {
        checks: [
          {
            rationale: 'Brake pads are another part, and their stock was not checked.',
            n: '1',
            conditionMetAgain: true,
            actionWasNotTaken: true,
            shouldReapply: true,
          },
        ],
      },
    },
  ],
});

export const customerDependent: PromptOf<'customer_dependent'> = (input) => ({
  prompt: aboutBatch(
    input,
    'The agent has acted by each of these guidelines before, but the customer has a part in it, too (`customerPart`). Decide for each whether the agent is to act by it in the next answer.',
    [
      'It applies while the condition is still met and the customer has not done their part: the agent asks again, or helps.',
      'It also applies where both parts were done, and then the condition was met again for a new reason.',
      'It does not apply once the customer has done their part, in whatever words, also before being asked.',
      'It does not apply where the customer has turned to something else, or refuses, so that the condition is no longer met.',
    ],
  ),
  answer: {
    checks: [
      {
        n: guidelineNumber,
        conditionStillMet: 'whether the reason for which it applied is still there',
        customerStillOwes: 'whether the customer has not done their part for it',
        conditionMetAgain: 'whether the condition was met again later, for a new reason',
        shouldReapply: 'whether, for such a new reason, the action is due once more',
        actionWasNotTaken: 'whether the agent has not yet done its part for that new reason',
        summary: 'where it stands, in one short sentence: who has done what',
        shouldApply: 'whether the agent is to act by it in the next answer',
      },
    ],
  },
  examples: [
    {
      given:
        'Guideline 1: "the customer wants to rent a bicycle", action "ask for the height of the rider", customerPart "says how tall the rider is". The agent asked. The customer says: "Why do you need that?"',
      answer: {
        checks: [
          {
            n: '1',
            conditionStillMet: true,
            customerStillOwes: true,
            conditionMetAgain: false,
            shouldReapply: false,
            actionWasNotTaken: false,
            summary: 'The agent asked for the height, the customer asked back and has not told it.',
            shouldApply: true,
          },
        ],
      },
    },
  ],
});

function aboutBatch(
  { situation, guidelines }: BatchInput,
  task: string,
  rules: readonly string[],
): PromptBuilder {
  return withAskedGuidelines(decideAbout(situation), guidelines).text(
    'task',
    `${task}\n\n${numbered(rules)}`,
  );
}
