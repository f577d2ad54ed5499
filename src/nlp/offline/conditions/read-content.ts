/** What a clause speaks of, as slots: words that must be met, each with how much it tells. */
import { hasSense, senseNamed, type SenseName } from '../../lexical/senses.ts';
import { toWords, type Word } from '../../lexical/words.ts';
import type { Content, Slot } from './condition.ts';
import { frameKind, isDenier, isDeterminer } from './frames.ts';
import { subjectWeight, weightOf, weights } from './slot-weights.ts';

export type ContentOptions = {
  /** A verb comes first, as behind "wants to". */
  readonly beginsWithVerb: boolean;
  /** The first word is what the customer does in general ("fears"): it need not be said. */
  readonly beginsLightly?: boolean;
};

/** Undefined: it tells nothing. */
export function readContent(text: string, options: ContentOptions): Content | undefined {
  const words = toWords(text);
  const clause: Reading = {
    text,
    words,
    telling: words.filter(tells),
    denied: words.findIndex(isDenier),
    copula: words.findIndex((word, at) => at > 0 && isCopula(word)),
    ...options,
  };
  const slots = clause.telling.map((word, n) => toSlot(word, n, clause));
  const all = mergeAlternatives(text, distinct([...slots, ...askedFor(text)]));
  return all.length === 0 ? undefined : { text, slots: all };
}

type Reading = ContentOptions & {
  readonly text: string;
  readonly words: readonly Word[];
  readonly telling: readonly Word[];
  /** Where it is denied, and where "is" stands; negative: nowhere. */
  readonly denied: number;
  readonly copula: number;
};

function toSlot(word: Word, n: number, clause: Reading): Slot {
  const at = clause.words.indexOf(word);
  const role = roleOf(word, n, clause);
  return {
    words: [word],
    sense: undefined,
    weight: weigh(word, role, clause),
    isVerb: role === 'verb',
    isDenied: clause.denied >= 0 && clause.denied < at,
    from: word.from,
    to: word.to,
  };
}

/** `light`: a verb that need not be said. */
type Role = 'verb' | 'light' | 'modifier' | 'thing';

function roleOf(word: Word, n: number, { text, telling, beginsWithVerb, beginsLightly }: Reading): Role {
  if (n === 0 && beginsLightly) return 'light';
  if (n === 0 && beginsWithVerb && word.kind === 'content') return isLight(word) ? 'light' : 'verb';
  return isBeside(text, word, telling[n + 1]) ? 'modifier' : 'thing';
}

function weigh(word: Word, role: Role, { words, telling, copula, beginsLightly }: Reading): number {
  const at = words.indexOf(word);
  if (copula > 0 && at > copula) return weights.head;
  if (role === 'light') return beginsLightly ? weights.doing : weights.plain;
  const modified = role === 'modifier' ? telling[telling.indexOf(word) + 1] : undefined;
  const isSubject = at < copula && copula < words.length - 1;
  const begin = words.find(({ text }) => text !== 'whether' && text !== 'if');
  return weightOf(word, modified) * (isSubject ? subjectWeight(begin) : 1);
}

function tells(word: Word): boolean {
  return word.kind !== 'function' && !unsaid.has(word.text);
}

/** Who speaks is no part of what is spoken of; quantities asked for are slots of their own. */
const unsaid = new Set(['customer', 'customers', 'user', 'users', 'client', 'caller', 'much', 'many']);

function isCopula({ text }: Word): boolean {
  return text === 'is' || text === 'are' || text === 'was' || text === 'were';
}

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
