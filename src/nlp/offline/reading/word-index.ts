/** The words of one or several sentences, found by stem, by meaning, or nearly. */
import { nearness, nearnessOf } from '../../lexical/related-words.ts';
import { sensesOf } from '../../lexical/senses.ts';
import type { Word } from '../../lexical/words.ts';
import type { Sentence } from './sentence.ts';

/** A word that was found for another. */
export type FoundWord = {
  /** As it was said. */
  readonly text: string;
  readonly isDenied: boolean;
  /** How near it is, from 0 to 1. */
  readonly nearness: number;
};

type Entry = { readonly word: Pick<Word, 'text' | 'stem' | 'kind'>; readonly isDenied: boolean };

/** A meaning, and what was said for it. */
export type Meant = {
  readonly text: string;
  readonly isDenied: boolean;
  /** Nobody said so: who names a day speaks of a time. */
  readonly isImplied: boolean;
};

export type WordIndex = {
  readonly byStem: ReadonlyMap<string, Entry>;
  readonly bySense: ReadonlyMap<number, Meant>;
  readonly byInitial: ReadonlyMap<string, readonly Entry[]>;
  /** Something is denied. */
  readonly hasDenial: boolean;
  /** What was found so far, by the word that was looked for: conditions have many words in common. */
  readonly known: Map<string, FoundWord | undefined>;
};

/** Where a word is said twice, what is not denied counts. */
export function indexWords(sentences: readonly Pick<Sentence, 'words' | 'senses'>[]): WordIndex {
  const byStem = new Map<string, Entry>();
  const bySense = new Map<number, Meant>();
  for (const { words, senses } of sentences) {
    for (const word of words) {
      const { isDenied, text } = word;
      if (byStem.get(word.stem)?.isDenied ?? true) byStem.set(word.stem, { word, isDenied });
      for (const sense of word.senses) add(bySense, sense, { text, isDenied, isImplied: false });
    }
    for (const { sense, ...meant } of senses) add(bySense, sense, meant);
  }
  const content = [...byStem.values()].filter(({ word }) => word.kind !== 'function' && word.text.length > 2);
  const hasDenial = sentences.some(({ words }) => words.some(({ isDenied }) => isDenied));
  const byInitial = Map.groupBy(content, ({ word }) => word.text[0]!);
  return { byStem, bySense, byInitial, hasDenial, known: new Map() };
}

function add(senses: Map<number, Meant>, sense: number, meant: Meant): void {
  const known = senses.get(sense);
  if (known === undefined || known.isDenied || (known.isImplied && !meant.isDenied)) senses.set(sense, meant);
}

/** The nearest; undefined: nothing like it. */
export function findWord(index: WordIndex, word: Pick<Word, 'text' | 'stem'>): FoundWord | undefined {
  const { known } = index;
  const before = known.get(word.text);
  if (before !== undefined || known.has(word.text)) return before;
  const found = lookFor(index, word);
  // An index is kept for as long as its text is in use.
  if (known.size >= knownLimit) known.clear();
  known.set(word.text, found);
  return found;
}

const knownLimit = 1_000;

function lookFor(
  { byStem, bySense, byInitial }: WordIndex,
  word: Pick<Word, 'text' | 'stem'>,
): FoundWord | undefined {
  const same = byStem.get(word.stem);
  if (same) return { text: same.word.text, isDenied: same.isDenied, nearness: nearness.same };
  const sense = sensesOf(word).find((each) => bySense.has(each));
  const meant = sense === undefined ? undefined : bySense.get(sense);
  if (meant) return { text: meant.text, isDenied: meant.isDenied, nearness: nearnessOfMeaning(meant) };
  let best: FoundWord | undefined;
  for (const entry of byInitial.get(word.text[0] ?? '') ?? []) {
    const near = nearnessOf(word, entry.word);
    if (near > (best?.nearness ?? 0))
      best = { text: entry.word.text, isDenied: entry.isDenied, nearness: near };
  }
  return best;
}

export function nearnessOfMeaning({ isImplied }: Meant): number {
  return isImplied ? nearness.implied : nearness.meaning;
}
