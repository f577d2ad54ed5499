/** Which words of a question stand together, so that one says what the other is of: "stage 4 cancer", "the stages of sleep". */
import { isPlainWord, isStopWord } from './english.ts';
import { stemEnglish } from '../../nlp/lexical/stem-english.ts';

/** Where a word stands. */
export type Place = {
  /** The number of its phrase: words side by side share one, any word that tells nothing ends it. */
  readonly phrase: number;
  /** The phrase it belongs to by "of": that of "stages" for "sleep". */
  readonly of: number | undefined;
  /**
   * It must be a noun, even if it looks like an everyday verb or adverb: "the stages of sleep", "of a butterfly". After "the" or
   * "my", which point to something known, an everyday word stays one.
   */
  readonly isNoun: boolean;
};

const articles: ReadonlySet<string> = new Set(['a', 'an']);
const pointing: ReadonlySet<string> = new Set(
  'the my your his her its our their this that these those'.split(' '),
);

/** One for every word. */
export function placesOf(words: readonly string[]): readonly Place[] {
  let phrase = 0;
  let of: number | undefined;
  let isKnown = false;
  return words.map((word, at) => {
    if (isOf(words, at)) [of, phrase, isKnown] = [phrase, phrase + 1, false];
    else if (of !== undefined && words[at - 1] === 'of' && pointing.has(word)) isKnown = true;
    else if (isStopWord(word) && !(words[at - 1] === 'of' && articles.has(word)))
      [of, phrase] = [undefined, phrase + 1];
    const isLast = at + 1 === words.length || isStopWord(words[at + 1]!);
    return { phrase, of, isNoun: of !== undefined && !isKnown && isLast && !/^\d/.test(word) };
  });
}

/** An "of" after a telling word; "a lot of", "kind of" and the like only count. */
function isOf(words: readonly string[], at: number): boolean {
  const before = words[at - 1];
  return (
    words[at] === 'of' && before !== undefined && !isStopWord(before) && !isPlainWord(stemEnglish(before))
  );
}
