/** Which words of a sentence are denied: those between "not" or the like and the end of its clause. */
import type { Word } from '../../lexical/words.ts';

const deniers = new Set([
  'not',
  'never',
  'none',
  'nothing',
  'nobody',
  'neither',
  'nor',
  'without',
  'unable',
  'hardly',
  'no',
]);
/** A new clause begins with these, also where there is no comma. */
const boundaries = new Set(
  'but and because so though although if whether what how where when who why which until unless or since as then'.split(
    ' ',
  ),
);
const subjects = new Set('i we it that thats this thanks thank please you just'.split(' '));

export type Denying = {
  /** Of the sentence. In "Can't I …?" and "Why don't you …?" nothing is denied. */
  readonly form: 'question' | 'request' | 'statement' | 'scrap';
  /** Whether the "not" at this place denies, and is not part of a phrase. */
  readonly isMeant?: (at: number) => boolean;
};

/** One for each word. */
export function deniedIn(
  text: string,
  words: readonly Word[],
  { form, isMeant = () => true }: Denying,
): readonly boolean[] {
  const isAsked = form === 'question' || form === 'request';
  let isDenied = false;
  return words.map((word, at) => {
    const before = words[at - 1];
    if (before && isDenied && (boundaries.has(word.text) || hasBreak(text, before, word))) isDenied = false;
    const was = isDenied;
    if (deniers.has(word.text) && isMeant(at) && denies(words, at, isAsked)) isDenied = true;
    return was;
  });
}

/** Whether the word at this place denies what follows it. */
function denies(words: readonly Word[], at: number, isAsked: boolean): boolean {
  const [word, next] = [words[at]!.text, words[at + 1]?.text];
  if (next === undefined) return false;
  if (word === 'no') return next !== 'problem' && next !== 'worries' && !subjects.has(next);
  if (word === 'not' && (next === 'only' || next === 'just')) return false;
  return !(isAsked && word === 'not' && isInverted(words, at));
}

/** "can not i", "do not you", "why do not we". */
function isInverted(words: readonly Word[], at: number): boolean {
  const next = words[at + 1]?.text ?? '';
  return at <= 3 && ['i', 'you', 'we', 'it', 'there', 'they'].includes(next);
}

function hasBreak(text: string, before: Word, word: Word): boolean {
  return word.from > before.to && /[,;:.!?–—(]/.test(text.slice(before.to, word.from));
}
