/** What a journey is like, asked when it is written: actions that stand alone, and when each way on is taken. */
import type { JourneyText } from '../../questions/indexing.ts';
import { orNull } from './answer-shape.ts';
import type { PromptBuilder } from './prompt-builder.ts';
import { numbered, type PromptOf } from './question-prompt.ts';
import { lookInto } from './situation-sections.ts';

export const relativeActions: PromptOf<'relative_actions'> = (journey) => ({
  prompt: aboutJourney(journey).text(
    'task',
    `Some actions of this journey can be understood only by who knows the step before: "ask for it again", "tell them that". Find them, and rewrite them so that they stand for themselves.\n\n${numbered(
      [
        'List every step that has an action, by its index.',
        'Where an action can be understood alone, leave it as it is.',
        'Where it cannot, put in what is meant, from the steps before. Change nothing else.',
      ],
    )}`,
  ),
  answer: {
    actions: [
      {
        index: 'the index of the step',
        needsRewriting: 'whether it cannot be understood alone',
        action: orNull('the action, rewritten; null where it stays'),
      },
    ],
  },
  examples: [
    {
      given: 'Step 2: "ask for the height of the rider". Step 3: "confirm it".',
      answer: {
        actions: [
          { index: '2', needsRewriting: false, action: null },
          { index: '3', needsRewriting: true, action: 'confirm the height of the rider' },
        ],
      },
    },
  ],
});

export const reachableSteps: PromptOf<'reachable_steps'> = (input) => ({
  prompt: aboutJourney(input)
    .text(
      'task',
      `From one step of this journey several ways lead on. Say for each under which condition it is taken.\n\n${numbered(
        [
          'The condition is about the conversation: what is known, was said or was done when this way is taken, and so not another.',
          'The step one stands at must be done for every way; say in words what that means.',
          'A way that passes over steps is taken where what they ask for is known already, and the conditions on the way hold.',
          'A way that leads to "None" ends the journey.',
          'The conditions must tell the ways apart. Write each so that it can be understood alone, in one sentence.',
        ],
      )}`,
    )
    .text('subject', 'The step one stands at, by index, and the ways on from it.')
    .data('subject', 'from', input.from)
    .data('subject', 'paths', input.paths),
  answer: {
    conditions: [{ n: 'the number of the way; each has an entry', condition: 'when it is taken' }],
  },
});

function aboutJourney({ title, description, steps }: JourneyText): PromptBuilder {
  return lookInto()
    .data('journeys', 'journey', { title, description })
    .text(
      'journeys',
      'Its steps, by index. `followUps`: where each leads, and under which condition; null: always.',
    )
    .data('journeys', 'steps', steps);
}
