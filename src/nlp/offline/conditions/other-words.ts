/** What a piece of evidence speaks of besides what was found in it: who says more than a condition may mean something else. */
import { senseNamed, sensesOf } from '../../lexical/senses.ts';
import { nearness } from '../../lexical/related-words.ts';
import { timeMention } from '../reading/sentence.ts';
import type { FoundWord } from '../reading/word-index.ts';
import type { Slot } from './condition.ts';
import type { Evidence } from './evidence.ts';

type Found = { readonly slot: Slot; readonly found: FoundWord };

const spans = /^(?:\d.*|days?|weeks?|months?|years?|hours?|minutes?)$/;

/** Words that tell what it is about, and no point in time, which goes with everything. */
export function otherWords({ index }: Pick<Evidence, 'index'>, found: readonly Found[]): readonly string[] {
  const known = new Set(found.flatMap((each) => each.found.text.toLowerCase().split(/[^\p{L}\p{N}]+/u)));
  return [...index.byStem.values()].flatMap(({ word: { kind, text } }) =>
    kind === 'content' && !known.has(text) && !timeMention.test(text) && !spans.test(text) ? [text] : [],
  );
}

const asking = new Set((['time', 'place', 'price', 'duration', 'number'] as const).map(senseNamed));

/** Where nothing was found to the letter, and something else is spoken of, it is likely to be about that. */
export function looseness(found: readonly Found[], evidence: Evidence): number {
  if (found.length === 0 || found.some((each) => each.found.nearness > nearness.meaning)) return 1;
  return otherWords(evidence, found).length > 0 ? loose : 1;
}

const loose = 0.93;

/** "When", "how much" and the like are asked of everything: with other things beside them they tell nothing. */
export function isAskedOfOther(found: readonly Found[], evidence: Evidence): boolean {
  if (found.length === 0 || !found.every(isGeneral)) return false;
  return otherWords(evidence, found).length > 0;
}

function isGeneral({ slot: { words, sense }, found }: Found): boolean {
  if (found.nearness > nearness.meaning) return false;
  const senses = sense === undefined ? words.flatMap(sensesOf) : [sense];
  return senses.some((each) => asking.has(each));
}
