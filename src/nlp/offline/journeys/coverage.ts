/** How much of what one text speaks of another one speaks of, too. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { toWords, type Word } from '../../lexical/words.ts';
import { readMessage } from '../reading/message.ts';
import { findWord, indexWords } from '../reading/word-index.ts';

/** From 0 to 1; a text that speaks of nothing is covered. */
export function coverageOf(text: string, by: string): number {
  const words = tellingWords(text);
  if (words.length === 0) return 1;
  const index = indexOf(by);
  const [met, total] = words.reduce(
    ([met, total], word) => {
      const weight = word.kind === 'plain' ? 0.3 : 1;
      return [met + weight * (findWord(index, word)?.nearness ?? 0), total + weight];
    },
    [0, 0],
  );
  return met / total;
}

const indexOf = rememberTexts((text: string) => indexWords(readMessage(text).sentences), { kept: 300 });

/** Each once, without words for who speaks and for asking and telling. */
export const tellingWords = rememberTexts((text: string): readonly Word[] => {
  const seen = new Set<string>();
  return toWords(text).filter(({ kind, stem, text }) => {
    const tells = kind !== 'function' && !unsaid.has(text) && !seen.has(stem);
    seen.add(stem);
    return tells;
  });
});

const unsaid = new Set(
  `customer customers user client ask asks asking tell tells inform provide provides give gives confirm confirms determine offer list show
   explain say request requests collect get find available help details detail kindly politely briefly answer choose pick select must accept decline`.split(
    /\s+/,
  ),
);
