/** Where a journey goes on: its next step, and whether an earlier one must be gone back to. */
import type { BacktrackInput, NextStepInput, ShownJourney } from '../../questions/journeys.ts';
import { orNull } from './answer-shape.ts';
import type { PromptBuilder } from './prompt-builder.ts';
import { numbered, type PromptOf } from './question-prompt.ts';
import { decideAbout } from './situation-sections.ts';

export const nextStep: PromptOf<'next_step'> = (input) => ({
  prompt: aboutJourney(decideAbout(input.situation), input.journey)
    .text('task', nextStepTask(input))
    .text('journeys', stepLegend)
    .data('journeys', 'current_step', input.current)
    .text('journeys', transitionLegend)
    .data('journeys', 'transitions', input.transitions),
  answer: {
    rationale:
      'what has been done and is known, in one or two short sentences: first of the current step, then of what follows',
    continues: 'whether the conversation is still about this journey',
    currentCompleted: 'whether the current step is done',
    choice: orNull(
      'the number of the transition to take; "0": the current step is not done; "None": the journey is over or was given up',
    ),
  },
  examples: [
    {
      given:
        'Current step: ask for the height of the rider; its `customerPart` is to say it. Transitions: 1 "the height is known", to a step that asks for how many days; 2 "the height and the days are known", to a step that offers a bicycle. The customer says: "I am 1.80 and need it until Friday."',
      answer: {
        rationale:
          'The height was told, so the current step is done. The days are known as well: until Friday.',
        continues: true,
        currentCompleted: true,
        choice: '2',
      },
    },
  ],
});

export const backtrackCheck: PromptOf<'backtrack_check'> = (input) => ({
  prompt: aboutSteps(input).text('task', backtrackCheckTask),
  answer: {
    rationale:
      'what the customer changed or wants again, or that nothing of the kind was said, in one short sentence',
    requiresBacktracking:
      'whether an earlier step must be gone back to, or the journey be begun or taken up again',
    sameProcess: 'whether that is for the same purpose as before; false: for a new one, from the beginning',
  },
  examples: [
    {
      given:
        'Steps 2 (ask for the days) and 3 (offer a bicycle) were done. The customer says: "Sorry, make that two weeks."',
      answer: {
        rationale: 'The number of days, asked for in step 2, is changed.',
        requiresBacktracking: true,
        sameProcess: true,
      },
    },
    {
      given: 'The rental was agreed on and the journey was left. The customer says: "My son needs one, too."',
      answer: {
        rationale: 'Another rental is wanted, for another person.',
        requiresBacktracking: true,
        sameProcess: false,
      },
    },
  ],
});

export const backtrackSelection: PromptOf<'backtrack_selection'> = (input) => ({
  prompt: aboutSteps(input).text('task', backtrackSelectionTask),
  answer: {
    rationale: 'what changed and what is known already, in one or two short sentences',
    requiresBacktracking:
      'whether an earlier step is gone back to; false: the journey goes on from its last step',
    targetStep: orNull('the index of the step that is gone back to; null: none'),
    advancement: [
      {
        id: 'the index of a step: first the one gone back to (or the last one), then each that follows, in order',
        completed: 'whether it is done, with what is known now',
      },
    ],
    nextStep: 'the index of the first step that is not done; "None": nothing is left to do',
  },
  examples: [
    {
      given:
        'Steps: 2 (ask for the days) leads to 3 (offer a bicycle), which leads to 4 (ask for a name). The path so far is 2, 3, 4. The customer says: "Sorry, make that two weeks, and my name is Kim."',
      answer: {
        rationale:
          'The days change, so what is offered must be looked at anew. The name is known, but comes after the offer.',
        requiresBacktracking: true,
        targetStep: '2',
        advancement: [
          { id: '2', completed: true },
          { id: '3', completed: false },
        ],
        nextStep: '3',
      },
    },
  ],
});

function aboutJourney(prompt: PromptBuilder, journey: ShownJourney): PromptBuilder {
  const { title, description, triggers } = journey;
  return prompt
    .text(
      'journeys',
      'The journey in question: a process that the agent leads the customer through, step by step.',
    )
    .data('journeys', 'journey', { title, description, beganBecause: triggers });
}

function aboutSteps({ situation, journey, steps, previousPath }: BacktrackInput): PromptBuilder {
  return aboutJourney(decideAbout(situation), journey)
    .text('journeys', `${stepLegend} \`followUps\`: where it leads, and under which condition; null: always.`)
    .data('journeys', 'steps', steps)
    .text('journeys', 'The way so far, by index, oldest first. null: the journey was left there.')
    .data('journeys', 'previous_path', previousPath);
}

const stepLegend = `A step has an \`index\` and a \`kind\`: \`chat\` is something to talk about, \`tool\` something a tool does, \`fork\` only a parting of ways. A chat step with a \`customerPart\` is done as soon as the customer has given that, asked for or not; one with an \`agentPart\` when the agent has said that. A tool step is done when its tool was called.`;

const transitionLegend = `Ways on from the current step. \`condition\`: when it is taken. \`path\`: the steps it leads along, the last one being where it ends; "None": out of the journey. \`action\`: what is done there.`;

function nextStepTask({ isBeginning }: NextStepInput): string {
  const beginning =
    'The journey begins with this answer, so the agent cannot have done anything of the current step for it. It is done only if the customer has given what it asks for, or if there is nothing to do in it.';
  return `Decide which step of the journey comes next.

${numbered([
  ...(isBeginning ? [beginning] : []),
  'If the conversation has left the matter of the journey for good, or the customer gives it up, it is over: "None". A question beside it does not end it.',
  'If the current step is not done, it comes next: "0". A step that asks the customer for something is done when it is known, also when it was told before it was asked.',
  'Else take the transition whose condition holds. If several do, take the one that leads furthest: nobody is asked for what they told already.',
  'Do not pass over a step whose condition or whose part is not plainly met.',
  'If no transition fits and the current step is done, take the one that comes nearest.',
])}`;
}

const backtrackCheckTask = `Decide whether the journey must go back: not on to the next step, but to one that was done before.

${numbered([
  'It must where the customer changes what was decided or told in an earlier step.',
  'It must where the journey was left and the customer takes it up again: for the same purpose, to finish or to change it; or for a new one, to go through it from the beginning.',
  'It need not where the customer answers the current step, asks something beside it, or gives more than was asked for.',
  'A mere doubt or question about an earlier step changes nothing yet.',
])}`;

const backtrackSelectionTask = `The journey goes back, or is taken up again. Decide to which step, and how far it can go on from there with what is known.

${numbered([
  'Go back to the latest step that must be done anew because of what changed. For a new purpose, to the first one.',
  'From there follow the `followUps` whose conditions hold, step by step, as far as each is done with what is known now; nobody is asked for what they told already.',
  'What an earlier answer made known and the change does not touch is still known. What a tool brought for something that has changed is not: the tool must be called again.',
  'A tool step whose tool was not called for the present values is not done, and nothing behind it is.',
  'List every step on that way, with the last one being the one that comes next. Do not leave one out, and name only steps that are in the material.',
])}`;
