/** Conditions read: what their frames say, and what is left to compare. The same text is read once. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { stemOf, toWords, type Word } from '../../lexical/words.ts';
import type { Clause, ClauseKind, Condition, Content } from './condition.ts';
import { readContent } from './read-content.ts';
import { frameOf } from './read-frame.ts';
import { splitCondition, type RawClause } from './split-condition.ts';
import { waysOf } from './ways.ts';

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
    /^(?:otherwise|else|in (?:any|all) other cases?|none of the (?:above|others)|anything else|default)\b|^(?:(?:if )?(?:it|that|this) (?:(?:is|was|has|did|does|can|could|will|would) not|(?:is|was|has|did|does|could|would)n't|cannot|can't|won't))$/i,
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

function readFramed(raw: RawClause): Clause {
  const words = toWords(raw.text);
  const { kind, about, isDenied, rest, beginsLightly = false } = frameOf(words, raw.text);
  const text = raw.text.slice(words[rest]?.from ?? raw.text.length);
  const told = [...contentsOf(text, kind, beginsLightly), ...toContents(raw.examples)];
  const contents = told.length > 0 || kind !== 'say' ? told : ofVerbAlone(words[rest - 1]);
  const isPast = /\b(?:has|have|had|did|already|hasn't|haven't|didn't)\b/i.test(raw.text);
  return { kind, about, isDenied, isPast, contents, excluded: toContents(raw.excluded) };
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

function toContents(texts: readonly string[]): readonly Content[] {
  return texts.flatMap((text) => readContent(text, { beginsWithVerb: false }) ?? []);
}
