/** What somebody wants done without saying so: "a table for two, please" wants one reserved. */
import { senseNamed, sensesOf } from '../../lexical/senses.ts';
import { toWords } from '../../lexical/words.ts';
import type { FoundWord } from '../reading/word-index.ts';
import type { Slot } from './condition.ts';
import type { Met } from './find-slot.ts';
import type { Evidence } from './evidence.ts';
import { otherWords } from './other-words.ts';

const acquiring = new Set((['reserve', 'buy', 'register', 'speak'] as const).map(senseNamed));
const acquiringStems = new Set([
  'obtain',
  'creat',
  'receiv',
  'open',
  'rent',
  'hire',
  'order',
  'place',
  'join',
  'request',
  'appli',
]);
const quantity =
  '(?:someone|somebody|an?|another|some|any|one|two|three|four|five|\\d+|(?:the |your )?(?:next|earliest|soonest|first)|new)';
const wanting = new RegExp(
  `\\b(?:need|want|like|love|looking for|get|getting|have|having|after|give|send|bring|come (?:in|by|over) for)\\s+(?:me |us )?(?:to (?:get|have|make|request)\\s+)?${quantity}\\b|^${quantity}\\b`,
  'i',
);
const spare = /\b(?:free|available|open|left|vacant)\b/i;
const gettingHow = /\bhow (?:do|can|could|would|should) (?:i|we) (?:get|have|obtain|ask for)\b/i;
/** Who asks for the earliest one wants it. */
const firstFree =
  /\b(?:(?:the|your) (?:earliest|soonest|next|first)|next available|earliest|soonest)\b(?! time\b)/i;
const having = /\b(?:do you have|have you got|is there|are there|got)\b/i;

/** "new", "more" and the like. */
const light = 0.4;

/** "I need a table for two" wants one reserved, or bought, or whatever one does to have one. Undefined: nothing implies it. */
export function impliedVerb(met: readonly Met[], { form, text, index }: Evidence): Slot | undefined {
  const missing = met.find(({ slot, found }) => slot.isVerb && !found)?.slot;
  if (!missing || !missing.words.some(acquires) || met.length < 2) return undefined;
  if (
    !met.every(
      ({ slot, found }) => slot === missing || slot.weight < light || (found && found.nearness >= 0.8),
    )
  )
    return undefined;
  const hasTime = index.bySense.has(senseNamed('time'));
  const isAskedFor =
    form === 'request' ||
    (form === 'scrap' && beginsWithIt(met, text)) ||
    gettingHow.test(text) ||
    firstFree.test(text) ||
    ((hasTime || spare.test(text)) && having.test(text));
  const named = new Set(met.flatMap(({ found }) => found?.text.toLowerCase() ?? []));
  const isOther = [...index.bySense].some(
    ([sense, { text: said }]) => otherDoings.has(sense) && said !== 'free' && !named.has(said),
  );
  const isWanted =
    wanting.test(text) || form === 'scrap' || hasTime || firstFree.test(text) || isAll(met, index);
  return isAskedFor && isWanted && !isOther ? missing : undefined;
}

/** "A table, please": nothing else is spoken of. */
function isAll(met: readonly Met[], index: Evidence['index']): boolean {
  const said = met.flatMap(({ slot, found }) => (found ? [{ slot, found }] : []));
  return otherWords({ index }, said).length === 0;
}

/** "Table for two": nothing else comes first that might be done. */
function beginsWithIt(met: readonly { readonly found: FoundWord | undefined }[], text: string): boolean {
  const first = toWords(text).find(({ kind }) => kind === 'content');
  return met.some(({ found }) => found !== undefined && found.text === first?.text);
}

function acquires(word: Slot['words'][number]): boolean {
  return acquiringStems.has(word.stem) || sensesOf(word).some((sense) => acquiring.has(sense));
}

const otherDoings = new Set(
  (
    [
      'cancel',
      'change',
      'return',
      'lose',
      'damage',
      'repair',
      'track',
      'renew',
      'price',
      'problem',
      'complaint',
      'compare',
      'rule',
    ] as const
  ).map(senseNamed),
);
