/** How well something that was said meets what a condition speaks of, by words alone. */
import { hasSense, senseNamed, sensesOf } from '../../lexical/senses.ts';
import { toWords } from '../../lexical/words.ts';
import { findWord, nearnessOfMeaning, type FoundWord } from '../reading/word-index.ts';
import type { ClauseKind, Content, Slot } from './condition.ts';
import type { Evidence, Scene } from './scene.ts';
import { nothing, type Verdict } from './verdict.ts';

export type Meeting = {
  readonly kind: ClauseKind;
  /** The clause as a whole is denied. */
  readonly isDenied: boolean;
  /** What is to be done need not be said. */
  readonly verbsAreOptional?: boolean;
};

/** Without the verb, or without anything but everyday words, a condition is not met. */
const cap = 0.5;
/** The wrong way round: "I don't want to cancel". */
const contradicted = 0.2;
const quantifiedNearness = 0.95;

export function meetContent(content: Content, evidence: Evidence, meeting: Meeting, scene: Scene): Verdict {
  const said = content.slots
    .filter((slot) => !isCustomerHere(slot, scene) && !isSelf(slot, content, scene))
    .map((slot) => ({ slot, found: findSlot(slot, content, evidence, scene) }));
  const met = withMeant(said, evidence);
  const weightOf = weighing(content, scene);
  const total = met.reduce((sum, { slot }) => sum + weightOf(slot), 0);
  if (total === 0) return nothing;
  const found = met.flatMap(({ slot, found }) => (found ? [{ slot, found }] : []));
  const implied = impliedVerb(met, evidence);
  const reached = found.reduce((sum, { slot, found }) => sum + weightOf(slot) * found.nearness, 0);
  const covered = (reached + (implied ? weightOf(implied) * impliedNearness : 0)) / total;
  const score = isVerbAlone(found, evidence) ? Math.max(covered, verbAlone) : covered;
  const isWhole = met.every(
    ({ slot, found }) => !slot.isVerb || found || slot === implied || meeting.verbsAreOptional,
  );
  const isNew = isSaidNow(content, found, evidence, scene);
  const factor =
    evidence.factor *
    formFactor(meeting.kind, evidence, content) *
    polarity(content, found, evidence, meeting);
  return {
    score: (isWhole ? score : Math.min(score, cap)) * factor * (isNew ? 1 : cap),
    isDirect: evidence.isDirect,
    words: found.map(({ found }) => found.text),
  };
}

/** "What about parking?" changes the subject; "what about Harbor?" asks the same of something else. */
function isSaidNow(
  content: Content,
  found: readonly { readonly slot: Slot }[],
  evidence: Evidence,
  scene: Scene,
): boolean {
  const { own } = evidence;
  if (own === undefined) return true;
  if (found.some(({ slot }) => findSlot(slot, content, { ...evidence, index: own, terms: new Set() }, scene)))
    return true;
  const hasContent = [...own.byStem.values()].some(({ word }) => word.kind === 'content');
  return hasContent && scene.isSameSubject();
}

function isCustomerHere({ words }: Slot, { vocabulary }: Scene): boolean {
  const [word, ...others] = words;
  return word !== undefined && others.length === 0 && vocabulary.customers.has(word.stem);
}

/** Nobody need name whom they talk to, unless that is all there is. */
function isSelf({ words: [word] }: Slot, { slots }: Content, { vocabulary }: Scene): boolean {
  return word !== undefined && slots.length > 1 && vocabulary.self.has(word.stem);
}

/** What tells a thing from others of its name must be said. */
const telling = 1.2;

function weighing({ slots }: Content, { vocabulary }: Scene): (slot: Slot) => number {
  return ({ weight, words: [word] }) => {
    if (word === undefined) return weight;
    const isTelling = slots.some(
      ({ words: [thing] }) => thing && vocabulary.contrasts.get(thing.stem)?.has(word.stem),
    );
    return isTelling ? telling : weight * vocabulary.rarity(word.stem);
  };
}

function findSlot(slot: Slot, content: Content, evidence: Evidence, scene: Scene): FoundWord | undefined {
  const words = slot.words.flatMap((word) => findWord(evidence.index, word) ?? []);
  if (
    words.length === 0 &&
    content.slots.length > 1 &&
    evidence.index.hasDenial &&
    slot.words.some((word) => hasSense(word, senseNamed('problem')))
  )
    return { text: 'not', isDenied: false, nearness: 0.8 };
  const best = words.reduce<FoundWord | undefined>(
    (best, each) => (best && best.nearness >= each.nearness ? best : each),
    undefined,
  );
  if (best?.nearness === 1) return best;
  const mention = mentionOf(slot, content, evidence, scene);
  if (mention) return mention;
  if (best) return best;
  const meant = slot.sense === undefined ? undefined : evidence.index.bySense.get(slot.sense);
  return meant && { text: meant.text, isDenied: meant.isDenied, nearness: nearnessOfMeaning(meant) };
}

type Met = { readonly slot: Slot; readonly found: FoundWord | undefined };

/** Where something else is said that tells, "it" may stand for the rest. */
function withMeant(said: readonly Met[], evidence: Evidence): readonly Met[] {
  const tells = said.some(({ slot, found }) => found !== undefined && slot.weight >= 0.5);
  if (!tells || evidence.meant === undefined) return said;
  return said.map(({ slot, found }) => ({ slot, found: found ?? standsFor(slot, evidence) }));
}

/** "When will it come?" after the parcel was spoken of is about the parcel. What is done must be said. */
function standsFor({ words: [word], isVerb, weight }: Slot, { meant }: Evidence): FoundWord | undefined {
  if (word === undefined || isVerb || weight < 1 || meant === undefined || word.kind !== 'content')
    return undefined;
  const found = meant.byStem.get(word.stem);
  return found && { text: 'it', isDenied: false, nearness: 0.7 };
}

/** The words belong to a term that is spoken of under another name. */
function mentionOf(
  { from, to }: Slot,
  { text }: Content,
  { terms }: Evidence,
  { glossary }: Scene,
): FoundWord | undefined {
  if (terms.size === 0) return undefined;
  const mention = glossary
    .mentionsIn(text)
    .find((each) => each.from <= from && each.to >= to && terms.has(each.term));
  const name = mention && glossary.terms[mention.term]?.name;
  return name === undefined ? undefined : { text: name, isDenied: false, nearness: quantifiedNearness };
}

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
const impliedNearness = 0.8;
const quantity =
  '(?:someone|somebody|an?|another|some|any|one|two|three|four|five|\\d+|the (?:next|earliest|first)|new)';
const wanting = new RegExp(
  `\\b(?:need|want|like|love|looking for|get|have|after|give|send|bring)\\s+(?:me |us )?(?:to (?:get|have|make|request)\\s+)?${quantity}\\b|^${quantity}\\b`,
  'i',
);
const spare = /\b(?:free|available|open|left|vacant)\b/i;
const gettingHow = /\bhow (?:do|can|could|would|should) (?:i|we) (?:get|have|obtain|ask for)\b/i;
const having = /\b(?:do you have|have you got|is there|are there|got)\b/i;

/** "I need a table for two" wants one reserved, or bought, or whatever one does to have one. */
function impliedVerb(
  met: readonly { readonly slot: Slot; readonly found: FoundWord | undefined }[],
  { form, text, index }: Evidence,
): Slot | undefined {
  const missing = met.find(({ slot, found }) => slot.isVerb && !found)?.slot;
  if (!missing || !missing.words.some(acquires) || met.length < 2) return undefined;
  if (!met.every(({ slot, found }) => slot === missing || (found && found.nearness >= 0.8))) return undefined;
  const hasTime = index.bySense.has(senseNamed('time'));
  const isAskedFor =
    form === 'request' ||
    (form === 'scrap' && beginsWithIt(met, text)) ||
    gettingHow.test(text) ||
    ((hasTime || spare.test(text)) && having.test(text));
  const isOther = [...index.bySense].some(
    ([sense, { text: said }]) => otherDoings.has(sense) && said !== 'free',
  );
  const isWanted = wanting.test(text) || form === 'scrap' || hasTime;
  return isAskedFor && isWanted && !isOther ? missing : undefined;
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

const verbAlone = 0.65;

/** "I want to cancel": what, is left open. */
function isVerbAlone(
  found: readonly { readonly slot: Slot; readonly found: FoundWord }[],
  { form, index, isDirect }: Evidence,
): boolean {
  const verb = found.find(({ slot }) => slot.isVerb);
  if (!verb || !isDirect || form === 'statement' || found.length > 1) return false;
  const content = [...index.byStem.values()].filter(({ word }) => word.kind === 'content');
  return content.length === 1;
}

const formFactors: Partial<Record<ClauseKind, Readonly<Record<Evidence['form'], number>>>> = {
  ask: { question: 1, request: 1, scrap: 0.95, statement: 0.5 },
  want: { question: 0.95, request: 1, scrap: 0.95, statement: 0.75 },
  say: { question: 0.85, request: 0.95, scrap: 1, statement: 1 },
  state: { question: 0.8, request: 0.9, scrap: 0.95, statement: 1 },
};
/** Who asks for the price of something does not want it done yet. */
const inquiring =
  /^(?:(?:and|but|so|ok|hi|hello|also|well)[\s,]+)*(?:what|which|who|when|where|why|how (?:much|long|many|old|far)|did|have|has|is|are|was|were)\b/i;

function formFactor(kind: ClauseKind, { form, text }: Evidence, { slots }: Content): number {
  const factor = formFactors[kind]?.[form] ?? 1;
  if (kind !== 'want' || form !== 'question' || !inquiring.test(text)) return factor;
  if (slots.some(({ words: [word] }) => word !== undefined && looking.has(word.stem))) return factor;
  return slots.some(({ isVerb }) => isVerb) ? 0.55 : 0.7;
}

/** Who wants to see something asks for it. */
const looking = new Set(['see', 'view', 'check', 'know', 'find', 'look', 'hear', 'learn']);

/** Whether what is denied in the one is denied in the other. */
function polarity(
  content: Content,
  found: readonly { readonly slot: Slot; readonly found: FoundWord }[],
  { form, index }: Evidence,
  { kind, isDenied }: Meeting,
): number {
  const isDeniedThere = found.some(({ found }) => found.isDenied);
  const wantsDenied = isDenied || content.slots.some((slot) => slot.isDenied);
  if (kind === 'ask' && !wantsDenied) return isDeniedThere && form === 'statement' ? contradicted : 1;
  if (wantsDenied) {
    const fails = index.bySense.has(senseNamed('problem')) || index.bySense.has(senseNamed('damage'));
    return isDeniedThere || (!isDenied && (fails || index.hasDenial)) ? 1 : contradicted;
  }
  // "I can't breathe" is trouble with breathing.
  const isOfTrouble = content.slots.some(({ words }) =>
    words.some((word) => hasSense(word, senseNamed('problem'))),
  );
  return isDeniedThere && !isOfTrouble ? contradicted : 1;
}
