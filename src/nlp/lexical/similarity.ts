/** How alike two texts are, by the words they share: rare words count more, words of one family nearly as much as the same. */
import { rememberTexts } from './remember-texts.ts';
import { sensesOf } from './senses.ts';
import { toWords } from './words.ts';

/** Weights of terms. A word has two: its stem and, where it has one, its meaning. */
export type TermWeights = ReadonlyMap<string, number>;

const weights = { content: 1, plain: 0.3, function: 0.05 } as const;
/** How much of a word its meaning alone is worth. */
const ofMeaning = 0.6;
const wordLimit = 2_000;

/** Of a text, whatever it is compared with. */
export const termsOf = rememberTexts(
  (text: string): TermWeights => {
    const terms = new Map<string, number>();
    for (const word of toWords(text).slice(0, wordLimit)) {
      const weight = weights[word.kind];
      terms.set(word.stem, Math.max(weight, terms.get(word.stem) ?? 0));
      if (weight === 1) for (const sense of sensesOf(word)) terms.set(`sense ${sense}`, ofMeaning);
    }
    return terms;
  },
  { kept: 5_000 },
);

/** From 0 to 1, the same both ways; 1 for texts of the same words. `rarity`: of a term. */
export function similarity(
  a: TermWeights,
  b: TermWeights,
  rarity: (term: string) => number = () => 1,
): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const [term, weight] of small) {
    const other = large.get(term);
    if (other !== undefined) shared += Math.min(weight, other) * rarity(term);
  }
  if (shared === 0) return 0;
  const [ofA, ofB] = [total(a, rarity), total(b, rarity)];
  const dice = (2 * shared) / (ofA + ofB);
  if (dice > 1 - 1e-9) return 1;
  // A short text that a long one contains is near to it, though most of the long one is about other things.
  const contained = shared / Math.max(1, Math.min(ofA, ofB));
  return Math.min(1, (dice + contained) / 2);
}

function total(terms: TermWeights, rarity: (term: string) => number): number {
  let sum = 0;
  for (const [term, weight] of terms) sum += weight * rarity(term);
  return sum;
}

/** What few of so many texts have tells more: from a half to 1. */
export function rarityAmong(texts: readonly TermWeights[]): (term: string) => number {
  const counts = new Map<string, number>();
  for (const terms of texts) for (const term of terms.keys()) counts.set(term, (counts.get(term) ?? 0) + 1);
  const whole = Math.log(1 + texts.length);
  return (term) => {
    const count = counts.get(term) ?? 0;
    if (count < 2 || texts.length < 3) return 1;
    return 0.5 + 0.5 * (Math.log(1 + texts.length / count) / whole);
  };
}
