/** Conditions read: what their frames say, and what is left to compare. The same text is read once. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { stemOf, toWords, type Word } from '../../lexical/words.ts';
import type { Clause, ClauseKind, Condition, Content } from './condition.ts';
import { frameKind, isAgent, isCustomer, isDenier, isDeterminer } from './frames.ts';
import { readContent } from './read-content.ts';
import { enumeration, splitCondition, type RawClause } from './split-condition.ts';

const always =
  /^(?:always|true|match_always|continuously|constantly|at all times|all the time|at any (?:time|point)|any ?time|in (?:all|any|every) (?:cases?|situations?|circumstances?|messages?|responses?|conversations?|interactions?)|(?:in )?every (?:message|response|reply|time|turn|conversation|interaction)|whenever|in general|generally|throughout(?: .*)?|under (?:all|any) circumstances|for (?:all|every|any) (?:messages?|responses?|conversations?|interactions?|customers?)|(?:the )?(?:agent|assistant|you) (?:is|are)? ?(?:responds?|responding|repl(?:y|ies|ying)|speaks?|speaking|answers?)(?: to .*)?)$/i;

export const readCondition = rememberTexts(
  (text: string): Condition => {
    const plain = text.trim().replace(/[.!]+$/, '');
    if (plain === '' || always.test(plain)) return { isAlways: true, anyOf: [] };
    const anyOf = splitCondition(plain).map((clauses) => clauses.map(readClause));
    return { isAlways: anyOf.every((clauses) => clauses.every(isEmpty)), anyOf };
  },
  { kept: 10_000 },
);

/** "The customer says something": whatever is said. */
function isEmpty({ kind, contents, isDenied }: Clause): boolean {
  const tellsByItself = !['ask', 'want', 'say', 'state'].includes(kind);
  return !tellsByItself && contents.length === 0 && !isDenied;
}

const special: readonly (readonly [ClauseKind, RegExp])[] = [
  [
    'unclear',
    /\b(?:not|isn't|is not) (?:\w+ )?(?:clear|obvious|certain)\b|\bunclear\b|\b(?:it|this|that) (?:may|might|could) (?:be|mean|refer)\b|\bambiguous\b|\bvague\b|\bunspecified\b/i,
  ],
  [
    'offTopic',
    /\b(?:unrelated|irrelevant|off[- ]topic|out of scope|outside (?:of )?(?:the|your|our)|nothing to do with|not (?:directly )?(?:related|relevant)|beyond (?:the|your|our) scope)\b/i,
  ],
  [
    'otherwise',
    /^(?:otherwise|else|in (?:any|all) other cases?|none of the (?:above|others)|anything else|default)\b/i,
  ],
  [
    'leave',
    /\b(?:says? (?:good ?bye|bye)|good ?bye|farewell|ends? the (?:conversation|chat)|leav(?:es|ing) the (?:chat|conversation)|end the (?:conversation|chat)|(?:conversation|chat) (?:is )?(?:over|ends|ending))\b/i,
  ],
  [
    'begin',
    /\b(?:conversation|chat|session|interaction)\b.*\b(?:begins?|starts?|started|begun|opens?|new|beginning)\b|\b(?:begin|start|open|initiat)\w*\b.*\b(?:conversation|chat|session|interaction)\b|\bfirst (?:message|contact|interaction|response|reply|turn)\b|\bvery beginning\b/i,
  ],
  ['greet', /\bgreet|\bsays? (?:hello|hi)\b/i],
  ['thank', /\bthank|\bgratitude\b|\bappreciat/i],
  ['reject', /^(?:none|neither|nothing)\b.*\b(?:works?|fits?|suits?|likes?|convenient)\b/i],
  [
    'confirm',
    /\b(?:works?|is fine|is ok|is okay) for (?:the|them|him|her)\b|\bsays? yes\b|\bsatisfied with\b/i,
  ],
];

function readClause(raw: RawClause): Clause {
  const kind = special.find(([, form]) => form.test(raw.text))?.[0];
  if (kind === undefined) return readFramed(raw);
  const isDenied = kind === 'confirm' && /\b(?:not|doesn't|don't|isn't)\b/i.test(raw.text);
  return {
    kind,
    about: 'customer',
    isDenied,
    isPast: false,
    contents: [],
    excluded: toContents(raw.excluded),
  };
}

/** "The customer complains": nothing but the verb tells what is spoken of. "The customer says something" tells nothing. */
function ofVerbAlone(verb: Word | undefined): readonly Content[] {
  if (verb === undefined || speaking.has(verb.stem)) return [];
  return toContents([verb.text]);
}

const speaking = new Set(
  ['say', 'tell', 'speak', 'talk', 'write', 'respond', 'reply', 'call', 'contact', 'raise', 'bring'].map(
    stemOf,
  ),
);

type Frame = {
  readonly kind: ClauseKind;
  readonly about: Clause['about'];
  readonly isDenied: boolean;
  /** Where what it speaks of begins: the number of a word. */
  readonly rest: number;
  /** With a verb that need not be said. */
  readonly beginsLightly?: boolean;
};

function readFramed(raw: RawClause): Clause {
  const words = toWords(raw.text);
  const { kind, about, isDenied, rest, beginsLightly = false } = frameOf(words, raw.text);
  const text = raw.text.slice(words[rest]?.from ?? raw.text.length);
  const told = [...contentsOf(text, kind, beginsLightly), ...toContents(raw.examples)];
  const contents = told.length > 0 || kind !== 'say' ? told : ofVerbAlone(words[rest - 1]);
  const isPast = /\b(?:has|have|had|did|already|hasn't|haven't|didn't)\b/i.test(raw.text);
  return { kind, about, isDenied, isPast, contents, excluded: toContents(raw.excluded) };
}

/** As far into a clause as its frame may begin. */
const frameLimit = 10;

function frameOf(words: readonly Word[], text: string): Frame {
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

/** What is spoken of, or several things any of which may be. */
function contentsOf(text: string, kind: ClauseKind, beginsLightly: boolean): readonly Content[] {
  const beginsWithVerb = /^(?:\w+ ){0,3}?(?:how |whether |if )?to /i.test(text) && kind !== 'state';
  const contents = waysOf(text, kind).flatMap((way) => {
    const isVerbFirst = beginsWithVerb || (kind === 'want' && /^(?:cancel|get|have) /i.test(way));
    return readContent(way, { beginsWithVerb: isVerbFirst, beginsLightly }) ?? [];
  });
  // Beside others, everyday words alone tell nothing.
  const telling = contents.filter(({ slots }) =>
    slots.some(({ words, sense }) => sense !== undefined || words.some((word) => word.kind === 'content')),
  );
  return telling.length > 0 ? telling : contents;
}

function waysOf(text: string, kind: ClauseKind): readonly string[] {
  const isTopics =
    (kind === 'ask' || kind === 'say') && /^(?:about|regarding|concerning|for|on|of|with)\b/i.test(text);
  if (kind === 'ask' || kind === 'say') {
    const questions = text.split(/(?:,?\s+or|,)\s+(?=(?:what|which|when|where|why|how|who|whether|if)\b)/i);
    if (questions.length > 1)
      return questions.flatMap((each, at) => withThing(waysOf(each, kind), questions[at - 1]));
    if (/^(?:what|which|when|where|why|how|who|whether|if)\b/i.test(text)) return [text];
  }
  if (isTopics) return enumeration(text.replace(/^\w+\s+/, ''));
  if (kind === 'state') return [text];
  const [left, right, ...more] = text.split(/,?\s+or\s+/i);
  const areWhole =
    right !== undefined &&
    more.length === 0 &&
    isPhrase(left!) &&
    /^(?!a |an |the |their |his |her |some |any )\S+ .*\b(?:a|an|the|their|some|any|to)\b/i.test(right);
  return areWhole ? [left!, /^to /i.test(text) && !/^to /i.test(right) ? `to ${right}` : right] : [text];
}

/** "about a parcel, or why it is late" is about the parcel both times. */
function withThing(ways: readonly string[], before: string | undefined): readonly string[] {
  const thing =
    before &&
    /\b(?:(?:about|regarding|for|of|with) )?((?:(?:an?|the|their|his|her) \p{L}+(?: \p{L}+)?)|(?<=(?:about|regarding|for|of|with) )\p{L}+(?: \p{L}+)?)$/iu.exec(
      before,
    )?.[1];
  if (!thing) return ways;
  return ways.map((way) => way.replace(/\b(?:it|they|ones?)\b(?! of)/i, thing));
}

function isPhrase(text: string): boolean {
  return /\b(?:a|an|the|their|his|her|some|any)\b/i.test(text);
}

function toContents(texts: readonly string[]): readonly Content[] {
  return texts.flatMap((text) => readContent(text, { beginsWithVerb: false }) ?? []);
}
