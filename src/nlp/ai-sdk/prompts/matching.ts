/** Which guidelines apply: the questions about their conditions. */
import { aboutBatch, guidelineNumber } from './guideline-sections.ts';
import type { PromptOf } from './question-prompt.ts';

const evidenceRules = [
  'Decide for the end of the interaction: what was said last counts most, and the rest is what it is to be understood by.',
  'A condition that came true earlier still holds while the conversation stays with that matter, also with a detail of it or a question beside it. It no longer holds when the conversation has turned to something else, or the matter is settled.',
  'What a condition says of the customer or the circumstances holds until something contradicts it.',
  'Go by what was said, what tools brought and what is known; not by what is likely. A condition with several parts holds only if all of them do.',
  'A question about a thing is not yet a wish for it, and a wish is not yet a decision: take the condition by its words.',
  'Look at each guideline by itself. Any number of them may apply, also none.',
];

const reason = 'why, in one short sentence that names the words or facts it rests on';

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
        'Guideline 1: "the customer is unhappy with a repair". Guideline 2: "the customer asks for a price". The customer said that the gears slip again after the repair, the agent said sorry, and the customer now asks where to bring the bicycle.',
      answer: {
        checks: [
          { rationale: 'The question where to bring it is about the failed repair.', n: '1', applies: true },
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
