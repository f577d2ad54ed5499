/** What the agent says in its own words: the message itself, a draft of it, and the draft as running text. */
import type { CannedDraftInput } from '../../questions/messages.ts';
import { orNull } from './answer-shape.ts';
import { aboutMessage } from './message-sections.ts';
import { type Prompt, type PromptBuilder } from './prompt-builder.ts';
import { numbered, type PromptOf } from './question-prompt.ts';
import { withTime } from './situation-sections.ts';

const conduct = [
  'Answer the last message of the customer, in the language of the customer.',
  'Follow every guideline. Where two contradict each other, or one what the customer asks for, say what serves the customer best within them, and note it.',
  'State as fact only what stands in the material. What you do not know, you do not know: say so, or offer what you can do. Never make up data, prices, names, links or abilities, and promise nothing that the material does not say you can do.',
  'Do not speak of guidelines, tools, journeys or this task.',
  'Do not repeat what you have said. Where the last message is your own, go on from it as in one go: no greeting, no second answer to the same thing.',
  'Be brief and natural, as in a chat: plain words, short paragraphs, lists only where they help.',
];

const silence =
  'No answer is needed where the customer only ends the conversation after a good-bye, or where a guideline says to be silent.';

export const fluidMessage: PromptOf<'fluid_message'> = (input) => ({
  prompt: aboutMessage(input).text(
    'task',
    `Write the next message of the agent.\n\n${numbered([
      ...conduct,
      silence,
      'Work in steps: what you take from the conversation; how each guideline is to be met; then the message. Look at it critically: where it repeats itself, or breaks an instruction without need, write a better one. At most three; the last one is the best.',
    ])}`,
  ),
  answer: {
    lastMessage: 'the last message of the customer, in short',
    rationale: 'what the answer has to achieve, or why none is needed, in one sentence',
    producedReply: 'whether there is an answer; if not, the lists behind this stay empty',
    insights: ['something from the conversation or the material that the answer must consider'],
    evaluations: [
      {
        instruction: 'a guideline, or a wish of the customer',
        evaluation: 'how the answer meets it, or why it cannot',
        dataAvailable: 'what the material has for it; or that it is lacking',
      },
    ],
    revisions: [
      {
        content: 'the whole message, as it is sent',
        isRepeat: 'whether it says again what the agent has said before',
        followedAll: 'whether every guideline is met',
        brokenByPriority: 'whether what is not met gave way to something more important, and to nothing else',
        brokenByMissingData: 'whether what is not met failed for lack of data, and for nothing else',
      },
    ],
  },
  examples: [
    {
      given:
        'Guideline 1: "the customer asks about prices", action "name the price and offer a test ride". A tool brought: 40 a day for the blue one. The customer says: "How much is the blue one?"',
      answer: {
        lastMessage: 'the price of the blue one',
        rationale: 'Name the price and offer a test ride.',
        producedReply: true,
        insights: ['The price is known: 40 a day.'],
        evaluations: [
          {
            instruction: 'name the price and offer a test ride',
            evaluation: 'both in one short message',
            dataAvailable: 'the price is there',
          },
        ],
        revisions: [
          {
            content: 'The blue one is 40 a day. Would you like to take it for a test ride first?',
            isRepeat: false,
            followedAll: true,
            brokenByPriority: false,
            brokenByMissingData: false,
          },
        ],
      },
    },
  ],
});

export const cannedDraft: PromptOf<'canned_draft'> = (input) => ({
  prompt: aboutDraft(input),
  answer: {
    guidelines: ['one guideline, in short: what it wants of this message'],
    insights: ['something from the conversation or the material that the message must consider'],
    preambleSent: 'what was just said to bridge the time; empty: nothing',
    body: orNull('the whole message; null: no answer is needed'),
  },
});

/** The same as running text; nothing but the message may be in the answer. `now`: ms since 1970. */
export function streamedText(input: CannedDraftInput, { now }: { readonly now: number }): Prompt {
  return withTime(aboutDraft(input), now)
    .text(
      'answer',
      'Write the message and nothing else: no heading, no quotation marks, no JSON. Where no answer is needed, write nothing.',
    )
    .build();
}

function aboutDraft(input: CannedDraftInput): PromptBuilder {
  const { preamble, isForTemplates } = input;
  const rules = [
    ...conduct,
    silence,
    ...(isForTemplates
      ? [
          'Say everything that belongs in the message in plain sentences: the draft is not sent but compared with texts that were written beforehand, and the one that says the same is chosen.',
        ]
      : ['The draft is sent as it stands.']),
    ...(preamble === null
      ? []
      : [
          'You have just bridged the time with the words under "What is asked". Go on from them, and do not say them again.',
        ]),
  ];
  const prompt = aboutMessage(input).text(
    'task',
    `Draft the next message of the agent.\n\n${numbered(rules)}`,
  );
  return preamble === null ? prompt : prompt.data('subject', 'just_said', preamble);
}
