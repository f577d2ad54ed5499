/**
 * How near two words are: the same, of one family ("produce", "producer"), of one meaning, or one with a typing error. The nearness is a
 * number from 0 to 1; whoever compares decides how much is enough.
 */
import { sensesOf } from './senses.ts';
import type { Word } from './words.ts';

type Comparable = Pick<Word, 'text' | 'stem'>;

export const nearness = { same: 1, family: 0.85, meaning: 0.85, typo: 0.8, implied: 0.7, none: 0 } as const;

/** Symmetric. */
export function nearnessOf(a: Comparable, b: Comparable): number {
  if (a.stem === b.stem) return nearness.same;
  const meant = sensesOf(b);
  if (sensesOf(a).some((sense) => meant.includes(sense))) return nearness.meaning;
  if (a.text[0] !== b.text[0]) return nearness.none;
  if (isOfOneFamily(a.text, b.text)) return nearness.family;
  return isTypo(a.text, b.text) ? nearness.typo : nearness.none;
}

const shortest = 4;
const endings = new Set(
  (
    's es d ed ing e y ies er ers or ors ist ists ment ments ation ations tion tions sion ion ions al als ance ances ence able ible ' +
    'ability ive ure ures age ness ity ly ate ates ated ating ant ants ent ery ry ize ized ier iest ship ships ily'
  ).split(' '),
);
/** Endings that also follow a beginning of three letters. */
const clearEndings = new Set(['ment', 'ments', 'ing', 'able']);

/** One beginning, and endings that make words of words. */
export function isOfOneFamily(a: string, b: string): boolean {
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared += 1;
  if (shared < 3) return false;
  const [restOfA, restOfB] = [a.slice(shared), b.slice(shared)];
  if (shared < shortest) return isFormOf(restOfA, restOfB) || isFormOf(restOfB, restOfA);
  return isEnding(restOfA) && isEnding(restOfB);
}

function isFormOf(rest: string, other: string): boolean {
  return rest === '' && clearEndings.has(other);
}

function isEnding(rest: string): boolean {
  return rest === '' || endings.has(rest);
}

/**
 * A letter too many, too few, or two swapped; in longer words also a wrong one, in long ones two. Short words are too near to others.
 */
export function isTypo(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length < shortest || long.length - short.length > 2) return false;
  if (/\d/.test(a) || /\d/.test(b)) return false;
  const distance = editDistance(short, long);
  if (distance > 1) return distance === 2 && short.length >= 8;
  if (long.length > short.length) return short.length >= 5 || hasDoubled(long, short);
  return short.length >= 6 || isSwapped(short, long);
}

function isSwapped(a: string, b: string): boolean {
  return Array.from(a).sort().join('') === Array.from(b).sort().join('');
}

/** "open" and "openn", "opning" and "opening". */
function hasDoubled(long: string, short: string): boolean {
  return long.replace(/(.)\1+/g, '$1') === short.replace(/(.)\1+/g, '$1');
}

/** Letters added, left out, changed, or two neighbours swapped; 3 where there are more. */
function editDistance(a: string, b: string): number {
  const beyond = 3;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let cost = Math.min(
        above[column]! + 1,
        current[column - 1]! + 1,
        above[column - 1]! + (isSame ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, before[column - 2]! + 1);
      current.push(cost);
    }
    if (Math.min(...current) >= beyond) return beyond;
    [before, above] = [above, current];
  }
  return above[b.length]!;
}
