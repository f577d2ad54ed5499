/**
 * Porter's stemmer ("An algorithm for suffix stripping", 1980), so that "connected", "connects" and "connection" meet. Two words with
 * one stem are one term to the index; the stem itself is never shown to anybody.
 */

import { remember } from './remember.ts';

/** The stem of a lower-case word; words of other scripts, short words and numbers come back as they are. */
export const stemEnglish = remember((word) => (isEnglishWord(word) ? strip(word) : word));

function isEnglishWord(word: string): boolean {
  return word.length > 2 && word.length <= 40 && /^[a-z]+$/.test(word);
}

/** [suffix, replacement] for stems with at least one vowel-consonant sequence; the longest suffix that fits is the one tried. */
const step2: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['ization', 'ize'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['tional', 'tion'],
  ['biliti', 'ble'],
  ['entli', 'ent'],
  ['ousli', 'ous'],
  ['ation', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['alli', 'al'],
  ['ator', 'ate'],
  ['abli', 'able'],
  ['eli', 'e'],
];
const step3: readonly (readonly [string, string])[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ness', ''],
  ['ful', ''],
];
const step4 = 'ement ance ence able ible ment sion tion ant ent ism ate iti ous ive ize al er ic ou'.split(
  ' ',
);

function strip(word: string): string {
  let stem = plural(word.replace(/(?<=[a-z]{4})ness(es)?$/, ''));
  stem = pastAndGerund(stem);
  if (stem.endsWith('y') && hasVowel(stem.slice(0, -1))) stem = `${stem.slice(0, -1)}i`;
  stem = replaceSuffix(stem, step2);
  stem = replaceSuffix(stem, step3);
  stem = dropSuffix(stem);
  return tidyEnd(stem);
}

function plural(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2);
  if (word.endsWith('s') && !word.endsWith('ss')) return word.slice(0, -1);
  return word;
}

function pastAndGerund(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const stem = word.endsWith('ed') ? word.slice(0, -2) : word.endsWith('ing') ? word.slice(0, -3) : word;
  if (stem === word || !hasVowel(stem)) return word;
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDouble(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function replaceSuffix(word: string, rules: readonly (readonly [string, string])[]): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const stem = word.slice(0, -rule[0].length);
  return measure(stem) > 0 ? stem + rule[1] : word;
}

function dropSuffix(word: string): string {
  const suffix = step4.find((ending) => word.endsWith(ending));
  if (!suffix) return word;
  // "-sion" and "-tion" lose only their "-ion".
  const stem = word.slice(0, -(suffix.endsWith('ion') ? 3 : suffix.length));
  return measure(stem) > 1 ? stem : word;
}

function tidyEnd(word: string): string {
  let stem = word;
  if (stem.endsWith('e')) {
    const shorter = stem.slice(0, -1);
    const m = measure(shorter);
    if (m > 1 || (m === 1 && !endsShort(shorter))) stem = shorter;
  }
  return stem.endsWith('ll') && measure(stem) > 1 ? stem.slice(0, -1) : stem;
}

/** How many times a run of vowels is followed by a run of consonants. */
function measure(stem: string): number {
  return (shapeOf(stem).match(/v+c+/g) ?? []).length;
}

function hasVowel(stem: string): boolean {
  return shapeOf(stem).includes('v');
}

/** `c` and `v` for each letter; a `y` after a consonant sounds as a vowel. */
function shapeOf(stem: string): string {
  let shape = '';
  for (const letter of stem)
    shape += 'aeiou'.includes(letter) || (letter === 'y' && shape.endsWith('c')) ? 'v' : 'c';
  return shape;
}

function endsDouble(stem: string): boolean {
  return /([^aeiou])\1$/.test(stem);
}

/** Ends consonant-vowel-consonant, the last not w, x or y: "hop", "fil". */
function endsShort(stem: string): boolean {
  return shapeOf(stem).endsWith('cvc') && !/[wxy]$/.test(stem);
}
