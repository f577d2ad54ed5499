/** What was said for one thing that a condition speaks of: the word itself, one of its family, its meaning, another name, or "it". */
import { hasSense, senseNamed } from '../../lexical/senses.ts';
import { findWord, nearnessOfMeaning, type FoundWord } from '../reading/word-index.ts';
import type { Content, Slot } from './condition.ts';
import type { Evidence } from './evidence.ts';
import type { Scene } from './scene.ts';

/** A slot, and what was said for it; undefined: nothing. */
export type Met = { readonly slot: Slot; readonly found: FoundWord | undefined };

const ofTerm = 0.95;

/** The nearest word or meaning of one piece of evidence. */
export function findSlot(
  slot: Slot,
  content: Content,
  evidence: Evidence,
  scene: Scene,
): FoundWord | undefined {
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

/** Where something else is said that tells, "it" may stand for the rest. */
export function withMeant(said: readonly Met[], evidence: Evidence): readonly Met[] {
  const tells = said.some(({ slot, found }) => found !== undefined && slot.weight >= 0.5);
  if (!tells || said.every(({ found }) => found !== undefined)) return said;
  const any = anythingSuch(said, evidence);
  return said.map(({ slot, found }) => ({ slot, found: found ?? any(slot) ?? standsFor(slot, evidence) }));
}

/** "Have you anything smaller?" asks for a smaller one of what the condition names. */
function anythingSuch(said: readonly Met[], { text }: Evidence): (slot: Slot) => FoundWord | undefined {
  const [, such] = /\b(?:anything|something)\s+(?:\w+ly\s+)?(\p{L}+)/iu.exec(text) ?? [];
  const isSuch = said.some(
    ({ slot, found }) => slot.weight < 1 && such !== undefined && found?.text === such.toLowerCase(),
  );
  return ({ weight, isVerb }) =>
    isSuch && weight >= 1 && !isVerb ? { text: 'anything', isDenied: false, nearness: 0.75 } : undefined;
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
  { from, to, words }: Slot,
  { text }: Content,
  { terms }: Evidence,
  { glossary }: Scene,
): FoundWord | undefined {
  if (terms.size === 0) return undefined;
  const mention = glossary.mentionsIn(text).find((each) => {
    const isPart = words.length > 1 && each.from >= from && each.to <= to;
    return terms.has(each.term) && (isPart || (each.from <= from && each.to >= to));
  });
  const said = mention && terms.get(mention.term);
  return said === undefined ? undefined : { text: said, isDenied: false, nearness: ofTerm };
}
