/** How much a word of a condition tells, by its kind and its place. */
import { senseNamed, sensesOf } from '../../lexical/senses.ts';
import type { Word } from '../../lexical/words.ts';

export const weights = {
  head: 1,
  modifier: 0.7,
  /** Of a time, a price and the like: "opening hours" are hours. */
  ofGeneral: 0.4,
  plain: 0.35,
  adverb: 0.3,
  /** "sees", "fears": nobody says so of themselves. */
  doing: 0.2,
  asked: 0.7,
  /** What "is urgent" is said of: often left out. */
  subject: 0.7,
  /** "a parcel", not "the parcel". */
  anySubject: 0.6,
  own: 0.3,
} as const;

/** Of a word before "is"; `first`: where its phrase begins. */
export function subjectWeight(first: Word | undefined): number {
  if (first === undefined) return weights.subject;
  if (possessives.has(first.text)) return weights.own;
  return /^(?:an?|any|some)$/.test(first.text) ? weights.anySubject : weights.subject;
}

const possessives = new Set(['their', 'his', 'her', 'its', 'my', 'it', 'they', 'something']);

/** `modified`: the word that it says more about. */
export function weightOf({ kind, text }: Word, modified: Word | undefined): number {
  if (kind === 'plain' || lightNouns.has(text)) return weights.plain;
  if (text.length > 4 && text.endsWith('ly')) return weights.adverb;
  if (modified === undefined) return weights.head;
  return sensesOf(modified).some((sense) => general.has(sense)) ? weights.ofGeneral : weights.modifier;
}

/** "the status of a parcel" is about the parcel. */
const lightNouns = new Set(['status', 'state', 'progress', 'situation']);
const general = new Set((['time', 'price', 'number', 'duration'] as const).map(senseNamed));
