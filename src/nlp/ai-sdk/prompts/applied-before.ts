/** Whether guidelines that the agent has acted by before are to be acted by once more. */
import { aboutBatch, guidelineNumber } from './guideline-sections.ts';
import type { PromptOf } from './question-prompt.ts';

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
