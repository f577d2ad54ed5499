/** Texts that were written beforehand: which says what the draft says, and how the draft sounds in their manner. */
import { oneOf, orNull } from './answer-shape.ts';
import { aboutMessage, withTemplates } from './message-sections.ts';
import { numbered, type PromptOf } from './question-prompt.ts';
import { speakFor } from './situation-sections.ts';

export const selection: PromptOf<'selection'> = (input) => ({
  prompt: withTemplates(
    aboutMessage(input)
      .text('task', `Choose the text that says what the draft says.\n\n${numbered(selectionRules)}`)
      .data('subject', 'draft', input.draft)
      .text('subject', 'The texts to choose from, each with its id.'),
    input.templates,
  ),
  answer: {
    reason: 'how the chosen text and the draft agree and differ, in one or two short sentences',
    templateId: orNull('the id of the text, to the letter; null: none comes near'),
    quality: oneOf(
      ['low', 'partial', 'high'],
      'high: it says what the draft says; partial: it says the most important part and nothing that is wrong; low: it says something else',
    ),
  },
  examples: [
    {
      given:
        'Draft: "The blue one is 40 a day. Shall I keep it for you?" Texts: a "It costs 40 per day. Shall I reserve it?", b "We have many bicycles."',
      answer: { reason: 'Text a names the same price and asks the same.', templateId: 'a', quality: 'high' },
    },
  ],
});

const selectionRules = [
  'What counts is the content: facts, questions, offers. Other words for the same thing are the same.',
  'A text that states something the draft does not, and that the material does not bear out, does not say the same.',
  'It must fit the conversation and break no guideline.',
  'Of several that fit, take the one that says most of the draft and least besides it.',
  '`isForThis` marks what was written for what applies now: of two that say the same, it is the better one.',
  'Do not force it: where none comes near, none is chosen and the quality is low.',
];

export const recomposition: PromptOf<'recomposition'> = ({ situation, draft, templates }) => ({
  prompt: withTemplates(
    speakFor(situation)
      .text(
        'task',
        `Say what the draft says in the manner of the given texts.\n\n${numbered(recompositionRules)}`,
      )
      .data('subject', 'draft', draft)
      .text('subject', 'The texts whose manner is wanted.'),
    templates,
  ),
  answer: { text: 'the message; paragraphs are separated by blank lines' },
});

const recompositionRules = [
  'Keep everything the draft says and add nothing: no fact, no offer, no question.',
  'Take words, tone, length and build from the texts. Where one of them says a part of the draft, use its very words.',
  'Keep the language of the draft.',
  'Facts in the texts that are not in the draft are of other conversations: leave them out.',
];

export const followUp: PromptOf<'follow_up'> = (input) => ({
  prompt: withTemplates(
    aboutMessage(input)
      .text(
        'task',
        `Decide whether one more text is sent after the one that was just sent.\n\n${numbered(followUpRules)}`,
      )
      .data('subject', 'draft', input.draft)
      .text('subject', 'The text that was chosen for it, and sent.')
      .data('subject', 'sent', input.sent)
      .text('subject', 'The other texts, by their numbers.'),
    input.templates,
  ),
  answer: {
    remainingDraft: orNull('what of the draft was not yet said; null: nothing'),
    unsatisfied: ['a guideline that what was sent leaves open'],
    reason: 'whether and why another text is needed, in one short sentence',
    isRequired: 'whether another text is to be sent',
    templateNumber: orNull('the number of the text that says what remains; null: none does'),
  },
});

const followUpRules = [
  'It is needed only where something that matters to the customer, or that a guideline demands, was in the draft and was not said.',
  'A text is sent only if it says what remains, and neither repeats nor contradicts what was sent.',
  'Where no text says it, none is sent.',
];

export const preamble: PromptOf<'preamble'> = ({ situation, examples, mustBeExample, instructions }) => ({
  prompt: speakFor(situation)
    .text(
      'task',
      `The answer takes a moment. Say a few words until then, as one does in a talk to show that one has heard.\n\n${numbered(preambleRules({ mustBeExample, instructions }))}`,
    )
    .text('subject', mustBeExample ? 'The words to choose from.' : 'How such words may sound.')
    .data('subject', 'examples', examples)
    .data('subject', 'instructions', instructions),
  answer: {
    text: mustBeExample ? 'the words, to the letter as they are given' : 'the words; a few, on one line',
  },
});

function preambleRules({
  mustBeExample,
  instructions,
}: {
  readonly mustBeExample: boolean;
  readonly instructions: readonly string[];
}): readonly string[] {
  return [
    'Do not answer yet, promise nothing, ask nothing and state no fact.',
    'Fit the mood of the last message: who is upset is not met with cheer, who greets is greeted.',
    'Do not use the words you used before in this conversation.',
    mustBeExample
      ? 'Choose one of the given texts and write it to the letter.'
      : 'At most ten words, in the language of the customer.',
    ...(instructions.length > 0 ? ['Follow the instructions under "What is asked".'] : []),
  ];
}

export const generatedField: PromptOf<'generated_field'> = (input) => ({
  prompt: aboutMessage(input)
    .text('task', `A text that was written beforehand has a gap. Fill it.\n\n${numbered(fieldRules)}`)
    .data('subject', 'field', input.name)
    .text(
      'subject',
      'The text it stands in; the gap is where the name stands in double braces, behind `generative.`',
    )
    .data('subject', 'template', input.template),
  answer: {
    name: 'the name of the gap',
    value: orNull('what stands there instead; null: it is not known'),
  },
});

const fieldRules = [
  'What is missing follows from the name of the gap and the words around it. Write just that, so that the sentence reads well.',
  'Take it from the conversation and the material. Make nothing up: what is not known is null.',
  'Leave the rest of the text alone. Other gaps are not yours.',
];
