/** From "I have a paper here" to how far it can be trusted, for somebody who has it at hand. */
import { z } from 'zod';
import type { DefinedAgent } from '../sdk/agent.ts';
import type { Defining } from '../sdk/defining.ts';
import { END_JOURNEY } from '../sdk/transition-options.ts';
import { tool } from '../tools/define-tool.ts';
import { toolResult } from '../tools/tool-result.ts';

const kinds = [
  'a trial (RCT)',
  'a review or meta-analysis',
  'an observational or cohort study',
  'a different kind',
] as const;

const signsOf: Readonly<Record<(typeof kinds)[number], string>> = {
  'a trial (RCT)':
    'chance decided who got the treatment, nobody knew who got what, the main endpoint was fixed before the start, and the number of ' +
    'people was calculated',
  'a review or meta-analysis':
    'a plan that was published beforehand, a search of several databases, a rating of each study’s risk of bias, and how far the ' +
    'studies agree',
  'an observational or cohort study':
    'how the people were found, what else could explain the result and how that was allowed for, how many were lost on the way, and ' +
    'that causes are spoken of with caution',
  'a different kind':
    'who was studied, what was compared with what, whether the outcome matters to patients, and who paid for the work',
};

const listSigns = tool({
  name: 'list_signs',
  description: 'Four things that a good study of a kind tells its readers',
  parameters: z.object({
    kind: z.enum(kinds).meta({
      description: 'What kind of study does the paper report?',
      displayName: 'kind of study',
      significance: 'Each kind has its own signs of good work.',
    }),
  }),
  handler: ({ kind }) => toolResult({ data: signsOf[kind], cannedResponseFields: { signs: signsOf[kind] } }),
});

const weigh = tool({
  name: 'weigh_signs',
  description: 'What it means that so many of the four are there',
  parameters: z.object({
    found: z.number().meta({
      description: 'How many of the four did you find?',
      displayName: 'number of things',
    }),
  }),
  handler({ found }) {
    const verdict = verdictOf(found);
    return toolResult({ data: verdict, cannedResponseFields: { verdict } });
  },
});

function verdictOf(found: number): string {
  if (found >= 4) return 'That is how good work is reported: take its conclusions seriously.';
  if (found >= 2) {
    return 'Read its conclusions with care: what a paper does not tell was often not done.';
  }
  return 'That is little: do not rely on this paper alone, and look for others on the same question.';
}

export function leadThroughPaper(program: Defining, agent: DefinedAgent): void {
  const say = (template: string) => [program.createCannedResponse({ template })];
  const journey = agent.createJourney({
    title: 'Check a paper step by step',
    description:
      'Goes through a paper with somebody who has it at hand: what to look for, and what to make of it.',
    conditions: [
      'The customer wants to check a paper',
      'The customer wants help with a paper',
      'The customer has found a paper',
    ],
  });

  const kind = journey.initialState.transitionTo({
    chatState: 'Ask what kind of study the paper reports',
    cannedResponses: say(
      'Gladly. What kind of study does the paper report: a trial, a review, an observational study, or a different kind?',
    ),
  });
  const list = kind.target.transitionTo({ toolState: listSigns });
  const signs = list.target.transitionTo({
    chatState: 'Tell the four things to look for, and ask how many of them the customer finds',
    cannedResponses: say('Then look for four things: {{signs}}. How many of them do you find, from 0 to 4?'),
  });
  const rate = signs.target.transitionTo({ toolState: weigh });
  const verdict = rate.target.transitionTo({
    chatState: 'Tell what it means, and to see whether the people studied are like those in mind',
    cannedResponses: say(
      '{{verdict}} And see whether the people studied are like those whom you have in mind.',
    ),
  });
  verdict.target.transitionTo({ condition: 'The customer wants to check a paper', state: kind.target });
  verdict.target.transitionTo({ condition: 'Otherwise', state: END_JOURNEY });
}
