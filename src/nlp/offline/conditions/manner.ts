/** How what was said bears on a condition by its form: a question asks, a statement tells, and what is denied is not wanted. */
import { hasSense, senseNamed } from '../../lexical/senses.ts';
import type { FoundWord } from '../reading/word-index.ts';
import type { ClauseKind, Content, Slot } from './condition.ts';
import type { Evidence } from './evidence.ts';

export type Meeting = {
  readonly kind: ClauseKind;
  /** The clause as a whole is denied. */
  readonly isDenied: boolean;
  /** What is to be done need not be said. */
  readonly verbsAreOptional?: boolean;
};

const formFactors: Partial<Record<ClauseKind, Readonly<Record<Evidence['form'], number>>>> = {
  ask: { question: 1, request: 1, scrap: 0.95, statement: 0.5 },
  want: { question: 0.95, request: 1, scrap: 0.95, statement: 0.75 },
  say: { question: 0.85, request: 0.95, scrap: 1, statement: 1 },
  state: { question: 0.8, request: 0.9, scrap: 0.95, statement: 1 },
};
/** Who asks for the price of something does not want it done yet. */
const inquiring =
  /^(?:(?:and|but|so|ok|hi|hello|also|well)[\s,]+)*(?:what|which|who|when|where|why|how (?:much|long|many|old|far)|did|have|has|is|are|was|were)\b/i;

/** Up to 1. */
export function formFactor(kind: ClauseKind, { form, text, index }: Evidence, content: Content): number {
  const factor = formFactors[kind]?.[form] ?? 1;
  if (kind !== 'want' || !((form === 'question' && inquiring.test(text)) || explaining.test(text)))
    return factor;
  const isLooking = ({ words: [word] }: Slot) =>
    word !== undefined && looking.has(word.stem) && index.byStem.has(word.stem);
  if (content.slots.some(isLooking)) return factor;
  return content.slots.some(({ isVerb }) => isVerb) || /^to /i.test(content.text) ? 0.55 : 0.7;
}

/** Who wants a thing explained wants to know of it. */
const explaining =
  /^(?:(?:please|can you|could you|would you)\s+)*(?:explain|describe|define|tell me (?:more )?about)\b/i;

/** Who wants to see something asks for it. */
const looking = new Set(['see', 'view', 'check', 'know', 'find', 'look', 'hear', 'learn']);

/** The wrong way round: "I don't want to cancel". */
const contradicted = 0.2;

/** Whether what is denied in the one is denied in the other. */
export function polarity(
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
  // "I can't log in" is trouble with logging in.
  const isOfTrouble = content.slots.some(({ words }) =>
    words.some((word) => hasSense(word, senseNamed('problem'))),
  );
  return isDeniedThere && !isOfTrouble ? contradicted : 1;
}
