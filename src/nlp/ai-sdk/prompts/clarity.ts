/** What is open, and what was done: asking back, and looking at an answer that was sent. */
import { withAskedGuidelines } from './guideline-sections.ts';
import { oneOf } from './answer-shape.ts';
import { numbered, type PromptOf } from './question-prompt.ts';
import { decideAbout } from './situation-sections.ts';

export const disambiguation: PromptOf<'disambiguation'> = ({ situation, condition, candidates }) => ({
  prompt: decideAbout(situation)
    .text('task', disambiguationTask)
    .data('subject', 'condition', condition)
    .text(
      'subject',
      'Each candidate is something that the customer may want: when it is wanted, and what is then done.',
    )
    .data('subject', 'candidates', candidates),
  answer: {
    summary: 'what the customer wants, as far as it can be told, in one short sentence',
    conditionMet: 'whether the condition under "What is asked" holds now',
    requested: 'whether the customer asks for something that a candidate could be',
    customerResolved: 'whether the customer has already made clear which one is meant',
    isAmbiguous: 'whether it is open which of two or more candidates is meant, so that the agent must ask',
    candidates: [
      {
        n: 'the number of the candidate',
        summary: 'how it fits what the customer said, in a few words',
        needsClarification: 'whether it may be meant, and asking must tell',
      },
    ],
    clarifyingAction:
      'what the agent is to ask, naming the open candidates in the words of the customer; empty where nothing is open',
  },
  examples: [
    {
      given:
        'Condition: "the customer wants to change a rental". Candidates: 1 make it longer, 2 take another bicycle, 3 report a damage. The customer says: "I need to change something about my rental."',
      answer: {
        summary: 'The customer wants to change the rental and does not say how.',
        conditionMet: true,
        requested: true,
        customerResolved: false,
        isAmbiguous: true,
        candidates: [
          { n: '1', summary: 'a change of time', needsClarification: true },
          { n: '2', summary: 'a change of bicycle', needsClarification: true },
          { n: '3', summary: 'nothing hints at it', needsClarification: false },
        ],
        clarifyingAction: 'Ask whether they want to keep it longer or take another bicycle.',
      },
    },
  ],
});

const disambiguationTask = `The condition under "What is asked" is an observation that several things may follow from: the candidates. Decide whether it is open which of them the customer means.

${numbered([
  'It is open only where the condition holds, the customer wants one of these things, and at least two fit what was said equally well.',
  'It is not open where the customer said it, earlier or in other words, or where what is known leaves only one.',
  'A candidate that nothing hints at and that contradicts what was said does not take part.',
  'Where the agent has asked already and the customer has answered, it is open only if the answer fits several again.',
])}`;

export const responseAnalysis: PromptOf<'response_analysis'> = ({ situation, guidelines, said }) => ({
  prompt: withAskedGuidelines(decideAbout(situation), guidelines)
    .text('task', analysisTask)
    .text('subject', 'What the agent has just said, oldest first. It comes after the interaction.')
    .data('subject', 'said', said),
  answer: {
    checks: [
      {
        n: 'the number of the guideline',
        segments: [
          {
            segment: 'one thing that the action demands of the agent',
            reason: 'whether and where it was done, in a few words',
          },
        ],
        degree: 'how much of it was done: fully, partially or not',
        missingPart: oneOf(['functional', 'behavioral', null], 'what kind of part is missing; null: nothing'),
        applied: 'whether the agent has done its part',
      },
    ],
  },
  examples: [
    {
      given: 'Guideline 1: action "tell the price in a cheerful way". The agent said: "It is forty a day."',
      answer: {
        checks: [
          {
            n: '1',
            segments: [
              { segment: 'tell the price', reason: 'forty a day was told' },
              { segment: 'in a cheerful way', reason: 'the tone is plain' },
            ],
            degree: 'partially',
            missingPart: 'behavioral',
            applied: true,
          },
        ],
      },
    },
  ],
});

const analysisTask = `Each of these guidelines applied when the agent spoke. Decide for each whether the agent has done its part with what it said and the tools it called.

${numbered([
  'Take the action apart into the things it demands. Where there is an `agentPart`, that alone is demanded.',
  'What the customer has to do does not count: asking for it is the part of the agent.',
  'What is missing is functional where information, a question or a deed is missing; it is behavioral where only manner, tone or style is.',
  'It is applied where everything functional was done. A behavioral part that is missing does not change that.',
  'Something said earlier in the interaction, and still good, counts as said.',
])}`;
