/** A message taken apart into sentences. Of a very long one the beginning and the end are read. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { readSentence, type Sentence, type SpokenWord } from './sentence.ts';

export type Message = {
  readonly text: string;
  readonly sentences: readonly Sentence[];
  readonly words: readonly SpokenWord[];
};

const textLimit = 4_000;
const sentenceLimit = 24;

export const readMessage = rememberTexts(
  (text: string): Message => {
    const sentences = toSentences(shortened(text)).map(readSentence);
    return { text, sentences, words: sentences.flatMap(({ words }) => words) };
  },
  { kept: 1_000 },
);

/** At ends of sentences and of lines; not behind "e.g." and the like. */
export function toSentences(text: string): readonly string[] {
  const sentences: string[] = [];
  for (const piece of text.split(/(?<=[.!?…][)"'”’]?)\s+|(?<=[。！？])|\n+/u)) {
    const last = sentences.at(-1);
    if (last !== undefined && abbreviation.test(last)) sentences[sentences.length - 1] = `${last} ${piece}`;
    else if (piece.trim() !== '') sentences.push(piece.trim());
  }
  if (sentences.length <= sentenceLimit) return sentences;
  return [...sentences.slice(0, sentenceLimit / 2), ...sentences.slice(-sentenceLimit / 2)];
}

const abbreviation = /(?:^|[\s(])(?:[A-Z]|mr|mrs|ms|dr|prof|st|no|nr|vs|e\.g|i\.e|etc|approx|ca)\.$/i;

function shortened(text: string): string {
  if (text.length <= textLimit) return text;
  return `${text.slice(0, textLimit / 2)}\n${text.slice(-textLimit / 2)}`;
}
