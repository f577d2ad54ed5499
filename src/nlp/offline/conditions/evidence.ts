/** Pieces of evidence: sentences, ready to be compared with what conditions speak of. */
import type { Sentence, SentenceForm } from '../reading/sentence.ts';
import { indexWords, type WordIndex } from '../reading/word-index.ts';
import type { Glossary } from './glossary.ts';

/** Something a condition may be met by. */
export type Evidence = {
  readonly index: WordIndex;
  readonly form: SentenceForm;
  /** Terms of the glossary that are mentioned, by their places, and what was said for each. */
  readonly terms: ReadonlyMap<number, string>;
  readonly text: string;
  /** How much it counts, up to 1. */
  readonly factor: number;
  /** Of the latest words, not carried over from earlier ones. */
  readonly isDirect: boolean;
  /** Of the latest words alone: something of it must be met, or else nothing new is said. */
  readonly own?: WordIndex;
  /** What "it" may stand for: the words just before. */
  readonly meant?: WordIndex;
};

const forms: readonly SentenceForm[] = ['question', 'request', 'scrap', 'statement'];

/** Of several sentences the form of the one that wants most. */
export function toEvidence(
  sentences: readonly Sentence[],
  { factor, isDirect }: Pick<Evidence, 'factor' | 'isDirect'>,
  glossary: Glossary,
): Evidence {
  const mentioned = sentences.flatMap(({ text }) =>
    glossary.mentionsIn(text).map(({ term, from, to }) => [term, text.slice(from, to)] as const),
  );
  return {
    index: indexWords(sentences),
    form: forms.find((form) => sentences.some((sentence) => sentence.form === form)) ?? 'scrap',
    terms: new Map(mentioned),
    text: sentences.map(({ text }) => text).join('\n'),
    factor,
    isDirect,
  };
}
