/** The frame of a clause: who it is about, what kind of thing they do, and where what it speaks of begins. */
import type { Word } from '../../lexical/words.ts';
import type { Clause, ClauseKind } from './condition.ts';
import { frameKind, isAgent, isCustomer, isDenier, isDeterminer } from './frames.ts';

export type Frame = {
  readonly kind: ClauseKind;
  readonly about: Clause['about'];
  readonly isDenied: boolean;
  /** Where what it speaks of begins: the number of a word. */
  readonly rest: number;
  /** With a verb that need not be said. */
  readonly beginsLightly?: boolean;
};

/** As far into a clause as its frame may begin. */
const frameLimit = 10;

/** `words`: of the text. */
export function frameOf(words: readonly Word[], text: string): Frame {
  const first = words.slice(0, frameLimit).findIndex((_, at) => isFrameVerb(words, at, text));
  const head = words.slice(0, first < 0 ? 0 : first);
  if (first < 0 || head.filter((word) => isSubjectNoun(word)).length > 2) return withoutFrame(words);
  const about = head.some(isAgent) && !head.some(isCustomer) ? 'agent' : 'customer';
  let [at, kind] = [first, frameKind(words[first]!)!];
  for (
    let next = nextFrame(words, at, text, kind);
    next !== undefined;
    next = nextFrame(words, at, text, kind)
  )
    [at, kind] = next;
  return { kind, about, isDenied: words.slice(0, at).some(isDenier), rest: at + 1 };
}

function isFrameVerb(words: readonly Word[], at: number, text: string): boolean {
  const [word, before] = [words[at]!, words[at - 1]];
  if (frameKind(word) === undefined) return false;
  if (before === undefined) return true;
  const isOwned = isDeterminer(before) || /'s?\s$/.test(text.slice(0, word.from).slice(-3));
  return !isOwned;
}

function isSubjectNoun(word: Word): boolean {
  return word.kind === 'content' && !isCustomer(word) && !/(?:ly|ed)$/.test(word.text);
}

/** "says they want", "wants to know": the inner verb tells what it is. */
function nextFrame(
  words: readonly Word[],
  at: number,
  text: string,
  outer: ClauseKind,
): [number, ClauseKind] | undefined {
  for (let next = at + 1; next < Math.min(words.length, at + 6); next += 1) {
    const word = words[next]!;
    if (learning.has(word.text) && outer === 'want') return [next, 'ask'];
    if (asNoun.has(word.text) && words[next + 1] && topical.has(words[next + 1]!.text)) return [next, 'ask'];
    const kind = frameKind(word);
    const isInner =
      kind === 'want' || kind === 'ask' || (outer === 'say' && kind !== undefined && kind !== 'say');
    if (isInner && isFrameVerb(words, next, text) && next < words.length - 1 && !isTo(words, next, outer))
      return [next, kind];
    if (word.kind === 'content' || (word.kind === 'plain' && !light.has(word.text))) return undefined;
  }
  return undefined;
}

/** "wants to request a quote" is about requesting; only "wants to ask" and "wants to know" are frames. */
function isTo(words: readonly Word[], at: number, outer: ClauseKind): boolean {
  return outer === 'want' && words[at - 1]?.text === 'to' && frameKind(words[at]!) !== 'ask';
}

const learning = new Set(['know', 'learn', 'hear', 'understand', 'find']);
const asNoun = new Set([
  'question',
  'questions',
  'inquiry',
  'query',
  'information',
  'info',
  'details',
  'clarification',
]);
const topical = new Set(['about', 'on', 'regarding', 'concerning', 'of']);
const light = new Set([
  'more',
  'some',
  'get',
  'new',
  'several',
  'question',
  'questions',
  'information',
  'details',
  'specific',
  'general',
]);

/** "The parcel is late", "The customer is a member", "has a question about …". */
function withoutFrame(words: readonly Word[]): Frame {
  const verb = words.findIndex(({ text }) =>
    ['is', 'are', 'was', 'were', 'has', 'have', 'had'].includes(text),
  );
  const subject = words.slice(0, 3).findLastIndex(isCustomer) + 1;
  const head = words.slice(0, verb >= 0 ? verb : subject || 3);
  const about = head.some(isAgent) ? 'agent' : isOnlyCustomer(head) ? 'customer' : 'world';
  const question = words.findIndex(
    ({ text }, at) => asNoun.has(text) && topical.has(words[at + 1]?.text ?? ''),
  );
  if (about !== 'world' && question > 0)
    return { kind: 'ask', about, isDenied: words.slice(0, question).some(isDenier), rest: question + 1 };
  const rest = about !== 'customer' ? 0 : verb > 0 ? verb : subject;
  return { kind: 'state', about, isDenied: false, rest, beginsLightly: about === 'customer' && verb < 0 };
}

/** "The parcel of the customer is late" is about the parcel. */
function isOnlyCustomer(head: readonly Word[]): boolean {
  return head.some(isCustomer) && head.every((word) => word.kind !== 'content' || isCustomer(word));
}
