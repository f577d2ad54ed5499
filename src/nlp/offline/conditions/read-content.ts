/** What a clause speaks of, as slots: words that must be met, each with how much it tells. */
import { hasSense, senseNamed, sensesOf, type SenseName } from '../../lexical/senses.ts';
import { toWords, type Word } from '../../lexical/words.ts';
import type { Content, Slot } from './condition.ts';
import { frameKind, isDenier, isDeterminer } from './frames.ts';

export type ContentOptions = {
  /** A verb comes first, as behind "wants to". */
  readonly beginsWithVerb: boolean;
  /** The first word is what the customer does in general ("suspects"): it need not be said. */
  readonly beginsLightly?: boolean;
};

const weights = {
  head: 1,
  modifier: 0.7,
  /** Of a time, a price and the like: "opening hours" are hours. */
  ofGeneral: 0.4,
  plain: 0.35,
  adverb: 0.3,
  /** "sees", "suspects": nobody says so of themselves. */
  doing: 0.2,
  asked: 0.7,
  /** What "is urgent" is said of: often left out. */
  subject: 0.7,
  /** "a parcel", not "the parcel". */
  anySubject: 0.6,
  own: 0.3,
} as const;

/** Undefined: it tells nothing. */
export function readContent(
  text: string,
  { beginsWithVerb, beginsLightly = false }: ContentOptions,
): Content | undefined {
  const words = toWords(text);
  const telling = words.map((word, at) => ({ word, at })).filter(({ word }) => tells(word));
  const denied = words.findIndex(isDenier);
  const copula = words.findIndex((word, at) => at > 0 && isCopula(word));
  const slots = telling.map(({ word, at }, n): Slot => {
    const isFirstVerb = beginsWithVerb && n === 0 && word.kind === 'content';
    const isVerb = isFirstVerb && !isLight(word);
    const isLightVerb = (isFirstVerb && !isVerb) || (beginsLightly && n === 0);
    const next = telling[n + 1]?.word;
    const isModifier = !isFirstVerb && !isLightVerb && isBeside(text, word, next);
    const isSubject = at < copula && copula < words.length - 1;
    const before = subjectWeight(words.find(({ text }) => text !== 'whether' && text !== 'if'));
    return {
      words: [word],
      sense: undefined,
      weight:
        at > copula && copula > 0
          ? weights.head
          : isLightVerb
            ? beginsLightly
              ? weights.doing
              : weights.plain
            : weightOf(word, isModifier ? next : undefined) * (isSubject ? before : 1),
      isVerb,
      isDenied: denied >= 0 && denied < at,
      from: word.from,
      to: word.to,
    };
  });
  const all = mergeAlternatives(text, distinct([...slots, ...askedFor(text)]));
  return all.length === 0 ? undefined : { text, slots: all };
}

function subjectWeight(first: Word | undefined): number {
  if (first === undefined) return weights.subject;
  if (possessives.has(first.text)) return weights.own;
  return /^(?:an?|any|some)$/.test(first.text) ? weights.anySubject : weights.subject;
}

const possessives = new Set(['their', 'his', 'her', 'its', 'my', 'it', 'they', 'something']);

function tells(word: Word): boolean {
  return word.kind !== 'function' && !unsaid.has(word.text);
}

/** Who speaks is no part of what is spoken of; quantities asked for are slots of their own. */
const unsaid = new Set(['customer', 'customers', 'user', 'users', 'client', 'caller', 'much', 'many']);

function isCopula({ text }: Word): boolean {
  return text === 'is' || text === 'are' || text === 'was' || text === 'were';
}

/** `modified`: the word that it says more about. */
function weightOf({ kind, text }: Word, modified: Word | undefined): number {
  if (kind === 'plain' || lightNouns.has(text)) return weights.plain;
  if (text.length > 4 && text.endsWith('ly')) return weights.adverb;
  if (modified === undefined) return weights.head;
  return sensesOf(modified).some((sense) => general.has(sense)) ? weights.ofGeneral : weights.modifier;
}

/** "the status of a parcel" is about the parcel. */
const lightNouns = new Set(['status', 'state', 'progress', 'situation']);
const general = new Set((['time', 'price', 'number', 'duration'] as const).map(senseNamed));

/** "wants to report a loss", "wants to check the price": there are many ways to do that without saying so. */
function isLight(word: Word): boolean {
  return (
    hasSense(word, senseNamed('view')) || (frameKind(word) === 'say' && !hasSense(word, senseNamed('speak')))
  );
}

/** "opening" in "opening hours": the next word is what it is about. */
function isBeside(text: string, word: Word, next: Word | undefined): boolean {
  return (
    next !== undefined &&
    next.kind === 'content' &&
    !next.text.endsWith('ly') &&
    /^[\s-]*$/.test(text.slice(word.to, next.from))
  );
}

const asked: readonly (readonly [RegExp, SenseName])[] = [
  [/\bwhen\b/i, 'time'],
  [/\bwhere\b/i, 'place'],
  [/\bhow much\b/i, 'price'],
  [/\bhow long\b/i, 'duration'],
  [/\bhow many\b/i, 'number'],
];

/** "when the doors open" speaks of a time. */
function askedFor(text: string): readonly Slot[] {
  return asked.flatMap(([form, sense]) => {
    const match = form.exec(text);
    if (!match) return [];
    const to = match.index + match[0].length;
    return [
      {
        words: [],
        sense: senseNamed(sense),
        weight: weights.asked,
        isVerb: false,
        isDenied: false,
        from: match.index,
        to,
      },
    ];
  });
}

function distinct(slots: readonly Slot[]): readonly Slot[] {
  const seen = new Set<string>();
  return slots.filter(({ words: [word], sense }) => {
    const key = word?.stem ?? `sense ${sense}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** "cancel or change": either of them. */
function mergeAlternatives(text: string, slots: readonly Slot[]): readonly Slot[] {
  const merged: Slot[] = [];
  for (const slot of slots) {
    const last = merged.at(-1);
    if (last && isOr(text.slice(last.to, slot.from)))
      merged[merged.length - 1] = {
        ...last,
        words: [...last.words, ...slot.words],
        weight: Math.max(last.weight, slot.weight),
        to: slot.to,
      };
    else merged.push(slot);
  }
  return merged;
}

function isOr(between: string): boolean {
  const words = toWords(between).filter((word) => !isDeterminer(word) && !prepositions.has(word.text));
  if (words.some(({ text }) => text === 'or')) return words.every(({ kind }) => kind === 'function');
  return words.length === 0 && between.includes('/');
}

const prepositions = new Set(['to', 'for', 'with', 'about', 'of', 'on', 'in', 'a']);
