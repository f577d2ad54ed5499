/** What the customer's latest words ask about: each word with how much an answer must speak of it. */
import { senseNamed, sensesOf } from '../../lexical/senses.ts';
import { toWords, type Word } from '../../lexical/words.ts';
import type { Glossary } from '../conditions/glossary.ts';
import type { Scene } from '../conditions/scene.ts';
import { customerBefore, isElliptic } from '../reading/follow-up.ts';
import { timeMention, type SpokenWord } from '../reading/sentence.ts';
import { messageOf, type Turn } from '../reading/talk.ts';
import { findWord, type WordIndex } from '../reading/word-index.ts';

export type AskedWord = {
  readonly word: SpokenWord;
  readonly weight: number;
  /** It names a thing, and not only a day or an hour. */
  readonly isThing: boolean;
  /** Words that would do as well: of the glossary's name for it. */
  readonly others: readonly Word[];
};

const weights = { content: 1, asking: 0.5, plain: 0.15, before: 0.4 } as const;
const asking = new Set((['time', 'place', 'price', 'duration', 'number'] as const).map(senseNamed));

type Asking = Pick<Scene, 'talk' | 'latest' | 'glossary'>;

/** "And on Sunday?" asks about what was asked before, too. */
export function askedWords({ talk, latest, glossary }: Asking): readonly AskedWord[] {
  if (latest === undefined) return [];
  const own = wordsIn(latest, 1, glossary);
  const before = isElliptic(latest) ? customerBefore(talk, latest) : undefined;
  const earlier = before ? wordsIn(before, weights.before, glossary) : [];
  const seen = new Set<string>();
  return [...own, ...earlier].filter(({ word }) => !seen.has(word.stem) && seen.add(word.stem));
}

/** What is told is not asked, unless all is told. */
function wordsIn(turn: Turn, factor: number, glossary: Glossary): readonly AskedWord[] {
  const { sentences } = messageOf(turn);
  const questions = sentences.filter(({ form }) => form !== 'statement');
  return (questions.length > 0 ? questions : sentences).flatMap(({ words, text }) => {
    const mentions = glossary.mentionsIn(text).filter(({ isWithin }) => !isWithin);
    return words.flatMap((word) => {
      const weight = weightOf(word) * factor;
      const mention = mentions.find(({ from, to }) => word.from >= from && word.to <= to);
      const name = mention ? toWords(glossary.terms[mention.term]?.name ?? '') : [];
      // Of a name of several words, each must be met by itself.
      const others = name.some(({ stem }) => stem === word.stem) ? [] : name;
      const isThing = word.kind === 'content' && !timeMention.test(word.text) && !/^\d+$/.test(word.text);
      return weight > 0 ? [{ word, weight, isThing, others }] : [];
    });
  });
}

/** "When", "where" and the like are asked for as well. */
function weightOf(word: SpokenWord): number {
  if (word.kind === 'content') return weights.content;
  if (word.kind === 'plain') return weights.plain;
  return sensesOf(word).some((sense) => asking.has(sense)) ? weights.asking : 0;
}

/** How much of it a text speaks of, from 0 to 1. */
export function coverage(words: readonly AskedWord[], index: WordIndex): number {
  const total = words.reduce((sum, { weight }) => sum + weight, 0);
  const met = words.reduce(
    (sum, { word, weight, others }) =>
      sum + weight * Math.max(...[word, ...others].map((each) => findWord(index, each)?.nearness ?? 0)),
    0,
  );
  return total === 0 ? 0 : met / total;
}
