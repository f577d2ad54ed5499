/**
 * Answers made of the documents' own sentences, with their source named. Nothing is rephrased; what is added around the sentences
 * says where they come from, or that there are none.
 */
import type { Passage } from './knowledge-base.ts';
import type { SmallTalk } from './small-talk.ts';

/** Of the passage that answers best, and of what is told besides. */
const sentenceLimits = { main: 5, further: 3 } as const;
const topicLimit = 6;

/** `passages`: at least one, best first. */
export function composeAnswer(passages: readonly Passage[]): string {
  const texts = passages.map((passage, index) =>
    asText(chooseSentences(passage, index === 0 ? 'main' : 'further')),
  );
  return [...texts, moreOf(passages), sourceLine(passages)].filter((part) => part !== '').join('\n\n');
}

/** `topics`: the nearest first. */
export function composeUnknown(topics: readonly string[]): string {
  return `I don't know: my sources say nothing that answers this. They are about ${enumerate(topics)}.`;
}

export function composeSmallTalk(kind: SmallTalk, topics: readonly string[]): string {
  const replies: Record<SmallTalk, string> = {
    greeting: `Hello! I can tell you about ${enumerate(topics)}. What would you like to know?`,
    abilities: `I answer questions from a small collection of texts and name the source. They are about ${enumerate(topics, topics.length)}.`,
    thanks: 'You are welcome. Is there anything else you would like to know?',
    farewell: 'Goodbye, and all the best.',
    agreement: 'Good. What else would you like to know?',
  };
  return replies[kind];
}

type Sentences = Passage['sentences'];

/** All of a short section; of a long one its beginning and what bears most on the question, in the text's order. */
export function chooseSentences({ sentences }: Passage, use: keyof typeof sentenceLimits): Sentences {
  const [first, ...others] = sentences.map((sentence, position) => ({ sentence, position }));
  const chosen = others
    .sort((a, b) => b.sentence.relevance - a.sentence.relevance || a.position - b.position)
    .slice(0, sentenceLimits[use] - 1)
    .sort((a, b) => a.position - b.position);
  return [first!, ...chosen].map(({ sentence }) => sentence);
}

/** Sentences of one paragraph on one line, list items on lines of their own, paragraphs apart. */
export function asText(sentences: Sentences): string {
  let text = '';
  for (const [index, { text: sentence, block, marker }] of sentences.entries()) {
    const previous = sentences[index - 1];
    if (previous === undefined) text = `${marker}${sentence}`;
    else if (previous.block === block) text += ` ${sentence}`;
    else text += `${marker === '' ? '\n\n' : '\n'}${marker}${sentence}`;
  }
  return text;
}

/** After the first words about a topic: what else its text has. */
function moreOf([main]: readonly Passage[]): string {
  if (!main || main.section !== main.title || main.otherSections.length === 0) return '';
  return `Ask me for more on this: ${main.otherSections.join(', ')}.`;
}

function sourceLine(passages: readonly Passage[]): string {
  const sources = passages.map(({ title, section, kind }) =>
    section === title ? `${title} (${kind})` : `${title}, “${section}” (${kind})`,
  );
  const notes = new Set(passages.map(({ note }) => note).filter((note) => note !== ''));
  return [`${sources.length > 1 ? 'Sources' : 'Source'}: ${sources.join('; ')}.`, ...notes].join(' ');
}

function enumerate(topics: readonly string[], limit = topicLimit): string {
  const named = topics.slice(0, limit);
  const others = topics.length - named.length;
  const names = [...named, ...(others > 0 ? [`${others} more`] : [])];
  return names.length > 1
    ? `${names.slice(0, -1).join('; ')}; and ${names.at(-1)!}`
    : (names[0] ?? 'nothing');
}
