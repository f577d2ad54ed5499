/** Which of several options a text names: by its place in the list, or by words that only this one has. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { sensesOf } from '../../lexical/senses.ts';
import { toWords, type Word } from '../../lexical/words.ts';
import { nearnessOf } from '../../lexical/related-words.ts';
import { deniedWords } from '../reading/sentence.ts';
import { ordinalIn } from './numbers.ts';

export type Chosen = {
  /** Its place, from 0. */
  readonly at: number;
  /** Whether it was named by words of its own, and not by its place. */
  readonly isNamed: boolean;
};

export type Option = {
  readonly text: string;
  /** Other texts it goes by. */
  readonly synonyms?: readonly string[];
};

/** Undefined: none, or several alike. */
export function chooseOption(
  text: string,
  options: readonly Option[],
  { byPlace = true }: { readonly byPlace?: boolean } = {},
): Chosen | undefined {
  const named = namedOption(text, options);
  if (named !== undefined) return { at: named, isNamed: true };
  const at = byPlace && options.length > 1 ? ordinalIn(text, options.length) : undefined;
  return at === undefined ? undefined : { at, isNamed: false };
}

/** All that are named by words of their own, in the order of the options. */
export function namedOptions(text: string, options: readonly Option[]): readonly number[] {
  const scores = scoresOf(text, options);
  return scores.flatMap((score, at) => (score >= enough ? [at] : []));
}

const enough = 0.5;

function namedOption(text: string, options: readonly Option[]): number | undefined {
  const scores = scoresOf(text, options);
  const best = Math.max(...scores, 0);
  if (best < enough) return undefined;
  const at = scores.indexOf(best);
  return scores.indexOf(best, at + 1) < 0 ? at : undefined;
}

type Spoken = { readonly word: Word; readonly isDenied: boolean };

function scoresOf(text: string, options: readonly Option[]): readonly number[] {
  const words = wordsOf(text);
  const denied = deniedWords(text, words, 'statement');
  const spoken = words.map((word, at) => ({ word, isDenied: denied[at]! }));
  const frequency = countWords(options);
  const isShared = sharedSenses(options);
  return options.map(({ text, synonyms = [] }) =>
    Math.max(
      ...[text, ...synonyms].map((name) =>
        scoreOf(name, spoken, { frequency, isShared, count: options.length }),
      ),
    ),
  );
}

/** What all options have in common tells little. */
function scoreOf(
  name: string,
  spoken: readonly Spoken[],
  {
    frequency,
    isShared,
    count,
  }: {
    readonly frequency: ReadonlyMap<string, number>;
    readonly isShared: (sense: number) => boolean;
    readonly count: number;
  },
): number {
  const all = wordsOf(name);
  const telling = all.filter(({ kind, text }) => kind !== 'function' || text.length === 1);
  const words = telling.length > 0 ? telling : all;
  let [total, met] = [0, 0];
  for (const word of words) {
    const shared = (frequency.get(word.stem) ?? 1) / count;
    const rarity = count > 1 && shared === 1 ? 0.05 : 1 / (frequency.get(word.stem) ?? 1);
    const weight = word.kind === 'plain' ? rarity / 2 : rarity;
    total += weight;
    met +=
      weight * Math.max(0, ...spoken.map((each) => (each.isDenied ? 0 : nearOf(word, each.word, isShared))));
  }
  if (total === 0) return 0;
  // One word that no other option has is enough of a long name.
  return met >= 0.7 ? Math.max(enough, met / total) : met / total;
}

/** By its meaning an option is named only where no other has the same: "small" and "large" are both sizes. */
function nearOf(a: Word, b: Word, isShared: (sense: number) => boolean): number {
  if (a.stem === b.stem) return 1;
  const meant = sensesOf(b);
  if (sensesOf(a).some((sense) => meant.includes(sense) && !isShared(sense))) return 0.75;
  return a.text[0] === b.text[0] ? nearnessOf(a, b) * 0.9 : 0;
}

function sharedSenses(options: readonly Option[]): (sense: number) => boolean {
  const senses = options.map(({ text }) => new Set(wordsOf(text).flatMap(sensesOf)));
  return (sense) => senses.filter((each) => each.has(sense)).length > 1;
}

function countWords(options: readonly Option[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of options)
    for (const stem of new Set(wordsOf(text).map((word) => word.stem)))
      counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return counts;
}

/** "2PM" and "2 pm", "size_large" and "size large" have the same words. */
const wordsOf = rememberTexts((text: string) =>
  toWords(
    text
      .replaceAll('_', ' ')
      .replace(/(\d)(?=[a-z])/gi, '$1 ')

      .replace(/\b(\d{1,2}):00\b/g, '$1'),
  ),
);
