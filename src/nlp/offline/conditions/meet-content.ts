/** How well something that was said meets what a condition speaks of, by words alone. */
import type { FoundWord } from '../reading/word-index.ts';
import type { Content, Slot } from './condition.ts';
import { findSlot, withMeant } from './find-slot.ts';
import { impliedVerb } from './implied-verb.ts';
import { formFactor, polarity, type Meeting } from './manner.ts';
import type { Evidence } from './evidence.ts';
import { isAskedOfOther, looseness, otherWords } from './other-words.ts';
import type { Scene } from './scene.ts';
import { nothing, type Verdict } from './verdict.ts';

const impliedNearness = 0.8;
/** Without the verb, or without anything but everyday words, a condition is not met. */
const cap = 0.5;

export function meetContent(content: Content, evidence: Evidence, meeting: Meeting, scene: Scene): Verdict {
  const said = content.slots
    .filter((slot) => !isCustomerHere(slot, scene) && !isSelf(slot, content, scene))
    .map((slot) => ({ slot, found: findSlot(slot, content, evidence, scene) }));
  if (said.every(({ found }) => found === undefined)) return nothing;
  const met = withMeant(said, evidence);
  const weightOf = weighing(content, scene);
  const total = met.reduce((sum, { slot }) => sum + weightOf(slot), 0);
  if (total === 0) return nothing;
  const found = met.flatMap(({ slot, found }) => (found ? [{ slot, found }] : []));
  const implied = impliedVerb(met, evidence);
  const reached = found.reduce((sum, { slot, found }) => sum + weightOf(slot) * found.nearness, 0);
  const covered = (reached + (implied ? weightOf(implied) * impliedNearness : 0)) / total;
  const score = isVerbAlone(found, evidence) ? Math.max(covered, verbAlone) : covered;
  const isPart = found.length < met.length;
  const isWhole =
    !(isPart && isAskedOfOther(found, evidence)) &&
    met.every(({ slot, found }) => !slot.isVerb || found || slot === implied || meeting.verbsAreOptional);
  const isNew = isSaidNow(content, found, evidence, scene);
  const factor =
    evidence.factor *
    (isPart ? looseness(found, evidence) : 1) *
    formFactor(meeting.kind, implied ? { ...evidence, form: 'request' } : evidence, content) *
    polarity(content, found, evidence, meeting);
  return {
    score: (isWhole ? score : Math.min(score, cap)) * factor * (isNew ? 1 : cap),
    isDirect: evidence.isDirect,
    words: found.map(({ found }) => found.text),
  };
}

/** "What about parking?" changes the subject; "what about Oslo?" asks the same of something else. */
function isSaidNow(
  content: Content,
  found: readonly { readonly slot: Slot }[],
  evidence: Evidence,
  scene: Scene,
): boolean {
  const { own } = evidence;
  if (own === undefined) return true;
  if (found.some(({ slot }) => findSlot(slot, content, { ...evidence, index: own, terms: new Map() }, scene)))
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

const verbAlone = 0.65;
/** "A cancellation" is a thing of which something else may be wanted. */
const noun = /(?:ment|tion|sion|ance)s?$/;

/** "I want to cancel": what, is left open. */
function isVerbAlone(
  found: readonly { readonly slot: Slot; readonly found: FoundWord }[],
  evidence: Evidence,
): boolean {
  const { form, isDirect } = evidence;
  const verb = found.find(({ slot }) => slot.isVerb);
  if (!verb || !isDirect || form === 'statement' || found.length > 1) return false;
  if (noun.test(verb.found.text)) return false;
  return otherWords(evidence, found).length === 0;
}
