/** From "what help can I get?" to a programme and where to go for it: in short what the texts say at length. */
import { z } from 'zod';
import type { DefinedAgent } from '../sdk/agent.ts';
import type { Defining } from '../sdk/defining.ts';
import { END_JOURNEY } from '../sdk/transition-options.ts';
import { tool } from '../tools/define-tool.ts';
import { toolResult } from '../tools/tool-result.ts';

const needs = [
  'help at home',
  'rides to treatment',
  'medical aids',
  'food',
  'bills and medicines',
  'lost wages',
] as const;

type Need = (typeof needs)[number];

type Programme = { readonly programme: string; readonly forWhom: string; readonly way: string };

const programmes: Readonly<Record<Need, Programme>> = {
  'help at home': {
    programme: 'home care',
    forWhom: 'needs help with washing, dressing, eating or moving for six months or more',
    way: 'Telephone the care office, or ask the social worker of the hospital; a nurse then visits within three weeks.',
  },
  'rides to treatment': {
    programme: 'the patient transport service',
    forWhom: 'cannot use public transport safely, or is too weak to drive after treatment',
    way: 'Book a ride by telephone or in the portal, at least two working days ahead.',
  },
  'medical aids': {
    programme: 'the loan of medical aids',
    forWhom: 'has a prescription of a doctor for them',
    way: 'Take the prescription to a contracted supplier, who sends form A-8.',
  },
  food: {
    programme: 'the nutrition programme',
    forWhom: 'has kidney disease, diabetes, cancer or severe weight loss, and a letter of a doctor about it',
    way: 'Hand in the letter at the community kitchen, or send form N-7.',
  },
  'bills and medicines': {
    programme: 'cost relief',
    forWhom: 'has a low income, or an illness that a doctor certifies as a long one',
    way: 'Collect your receipts for the year, and send them with form C-1 to the welfare office.',
  },
  'lost wages': {
    programme: 'sick pay',
    forWhom: 'is employed, or self-employed and insured, and cannot work for longer than three days',
    way: 'Send the doctor’s letter to your employer and to your insurance within a week.',
  },
};

const findProgramme = tool({
  name: 'find_programme',
  description: 'Which programme helps with what, for whom it is, and where to go for it',
  parameters: z.object({
    need: z.enum(needs).meta({
      description: 'What do you need help with?',
      displayName: 'kind of help',
    }),
    has_letter: z.boolean().meta({
      description: 'Do you have a letter of your doctor about your illness?',
      displayName: 'letter of a doctor',
    }),
  }),
  handler({ need, has_letter: hasLetter }) {
    const { programme, forWhom, way } = programmes[need];
    const advice = hasLetter ? way : `First ask your doctor for a letter. ${way}`;
    const text = `There is ${programme}, for everybody who ${forWhom}. ${advice}`;
    return toolResult({ data: text, cannedResponseFields: { text } });
  },
});

export function leadToSupport(program: Defining, agent: DefinedAgent): void {
  const say = (template: string) => [program.createCannedResponse({ template })];
  // What people say who want it, where no model understands them.
  agent.createTerm({
    name: 'benefits check',
    description: 'Which help somebody can get',
    synonyms: [
      'what am I entitled to',
      'what else am I entitled to',
      'what can I get',
      'what help can I get',
      'what help is there',
      'which help',
      'kinds of help',
      'what support',
      'which support',
      'kinds of support',
      'which programme',
      'right programme',
    ],
  });
  const journey = agent.createJourney({
    title: 'Find the right support',
    description: 'Finds the programme that helps with what somebody lacks, and tells how to get it.',
    conditions: ['The customer asks for a benefits check'],
  });

  const need = journey.initialState.transitionTo({
    chatState:
      'Ask what the customer needs help with: help at home, rides to treatment, medical aids, food, bills and medicines, or lost wages',
    cannedResponses: say(
      'What do you need help with: help at home, rides to treatment, medical aids, food, bills and medicines, or lost wages?',
    ),
  });
  const letter = need.target.transitionTo({
    chatState: 'Ask whether the customer has a letter of their doctor about the illness',
    cannedResponses: say('Do you have a letter of your doctor about your illness?'),
  });
  const find = letter.target.transitionTo({ toolState: findProgramme });
  const tell = find.target.transitionTo({
    chatState: 'Tell the programme, for whom it is, and where to go for it',
    cannedResponses: say('{{text}} The scheme is invented: ask your office what really applies.'),
  });
  tell.target.transitionTo({ condition: 'The customer asks for a benefits check', state: need.target });
  tell.target.transitionTo({ condition: 'Otherwise', state: END_JOURNEY });
}
