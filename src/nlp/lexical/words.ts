/**
 * How a text becomes words that can be compared: lower case, no accents, contractions taken apart, each with its stem and its place.
 * Everything that is compared goes through the same function, else it would not meet.
 */
import { remember } from './remember.ts';
import { stemEnglish } from './stem-english.ts';
import { contractions, functionWords, irregularForms, plainWords } from './word-lists.ts';

export type Word = {
  /** Lower case, without accents. */
  readonly text: string;
  /** Two words with one stem are one word. */
  readonly stem: string;
  /** `function`: only holds the sentence together. `plain`: tells little. `content`: tells what it is about. */
  readonly kind: 'function' | 'plain' | 'content';
  /** Place in the text it was read from. */
  readonly from: number;
  readonly to: number;
};

const token = /[\p{L}\p{M}\p{N}]+(?:['’´`][\p{L}\p{M}]+)*/gu;
/** Scripts that put no space between words: pairs of letters stand for words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** In order. Texts of any script have words. */
export function toWords(text: string): readonly Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(token)) {
    const [written] = match;
    const [from, to] = [match.index, match.index + written.length];
    for (const each of partsOf(written)) words.push({ ...toWord(each), from, to });
  }
  return words;
}

/** Stems of what tells something, in order; each as often as it occurs. */
export function contentStems(text: string): readonly string[] {
  return toWords(text)
    .filter(({ kind }) => kind !== 'function')
    .map(({ stem }) => stem);
}

/** Lower case, without accents and the like. */
export function plainText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

function partsOf(written: string): readonly string[] {
  const word = /^[a-z0-9]+$/.test(written) ? written : plainText(written).replace(/[’´`]/g, "'");
  if (unspaced.test(word)) return pairsOf(word);
  if (!word.includes("'")) return contractions.get(word) ?? [word];
  return apart(word);
}

const endings: Readonly<Record<string, string>> = { m: 'am', re: 'are', ve: 'have', ll: 'will', d: 'would' };
/** Behind these an `'s` says "is"; elsewhere it tells whose something is. */
const beforeIs = new Set(['it', 'that', 'what', 'there', 'here', 'who', 'where', 'when', 'how', 'he', 'she']);

function apart(word: string): readonly string[] {
  const joined = contractions.get(word.replaceAll("'", ''));
  if (joined) return joined;
  const [stem = '', ending = ''] = word.split("'");
  if (ending === 's') return beforeIs.has(stem) ? [stem, 'is'] : [stem];
  const full = endings[ending];
  return full === undefined ? [word.replaceAll("'", '')] : [stem, full];
}

function pairsOf(word: string): readonly string[] {
  const letters = Array.from(word);
  return letters.length < 2 ? [word] : letters.slice(1).map((letter, at) => `${letters[at]!}${letter}`);
}

const known = new Map<string, Pick<Word, 'text' | 'stem' | 'kind'>>();
const knownLimit = 20_000;
const longestKnown = 24;

function toWord(text: string): Pick<Word, 'text' | 'stem' | 'kind'> {
  const found = known.get(text);
  if (found !== undefined) return found;
  const kind = functionWords.has(text) ? 'function' : plainWords.has(text) ? 'plain' : 'content';
  const word = { text, stem: stemOf(text), kind } as const;
  if (text.length > longestKnown) return word;
  if (known.size >= knownLimit) known.clear();
  // A copy: what was cut out of a text would keep the whole text.
  const copy = { ...word, text: Array.from(text).join('') };
  known.set(copy.text, copy);
  return copy;
}

/** The stem of one word in lower case, in British or American spelling alike. */
export const stemOf = remember((word) => {
  const regular = irregularForms.get(word) ?? word;
  if (regular.length < 5 || !/^[a-z]+$/.test(regular)) return stemEnglish(regular);
  const spelled = regular
    .replace(/([a-z]{2})our(s|ed|ing)?$/, '$1or$2')
    .replace(/is(ation|ations|e|es|ed|ing)$/, 'iz$1')
    .replace(/ys(e|es|ed|ing)$/, 'yz$1')
    .replace(/([aeiou])ll(ed|ing|er|ation)$/, '$1l$2')
    .replace(/entre$/, 'enter');
  return stemEnglish(spelled);
}, 20_000);
