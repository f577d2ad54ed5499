/** A message taken apart: what it speaks of, what it wants to know of it, and how it leans on what was said before. */
import { stemEnglish } from '../../nlp/lexical/stem-english.ts';
import { isStopWord, wordsOf } from './english.ts';
import { intentsIn, type Intent } from './section-intent.ts';
import { placesOf } from './noun-phrases.ts';
import type { Concept, Vocabulary } from './vocabulary.ts';

export type Wanted = { readonly intent: Intent; readonly terms: readonly string[] };

/** A concept as it stands in a question. */
export type SpokenConcept = Concept & {
  /** The number of its noun phrase: in "stage 4 cancer" both have the same. */
  readonly phrase: number;
  /** The noun phrase it belongs to by "of". */
  readonly of: number | undefined;
  /** It says of which kind what stands beside it is: "sleep" in "stages of sleep" and "the sleep stages". */
  readonly narrows: boolean;
};

export type ParsedQuestion = {
  /** What it speaks of, the words of its intents left out. */
  readonly concepts: readonly SpokenConcept[];
  readonly wanted: readonly Wanted[];
  /** What its form suggests ("how do I …"), without a word that says so. */
  readonly suggested: Intent | undefined;
  /** "it", "them", "this": something said before is meant. */
  readonly refersBack: boolean;
  /** "what about …", "and …": wants to know the same of something else. */
  readonly repeatsIntent: boolean;
  /** "back to …", "the first one": an earlier topic is meant. */
  readonly returns: boolean;
  /** "tell me more". */
  readonly wantsMore: boolean;
  /** It asks something, if only "why?". */
  readonly asks: boolean;
};

const wordLimit = 1_000;
/** After these a word before a name is no verb. */
const introducing: ReadonlySet<string> = new Set('a an the is are about explain describe'.split(' '));

export function parseQuestion(text: string, vocabulary: Vocabulary): ParsedQuestion {
  const words = wordsOf(text).slice(0, wordLimit);
  const stems = words.map(stemEnglish);
  const sentence = ` ${words.join(' ')} `;
  const returns = returnCue.test(sentence);
  const found = intentsIn(stems);
  const informative = [...words.keys()].filter(
    (at) => !isStopWord(words[at]!) && !(returns && returnWords.has(words[at]!)),
  );
  const isTaken = (at: number) => found.some(({ from, to }) => at >= from && at < to);
  const places = placesOf(words);
  const concepts = vocabulary.conceptsOf(
    informative.map((at) => stems[at]!),
    (place) => isTaken(informative[place]!),
    (place) => places[informative[place]!]!.isNoun,
  );
  // A name of several words wins over an intent it overlaps: "disability assessment".
  const named = new Set(concepts.flatMap(({ from, to }) => informative.slice(from, to)));
  const intents = found.filter(
    ({ from, to }) => !informative.some((at) => at >= from && at < to && named.has(at)),
  );
  return {
    concepts: concepts.map((concept, number) => {
      const at = informative[concept.from]!;
      const next = concepts[number + 1];
      const isBeforeName =
        next?.isTopic && informative[next.from] === at + 1 && introducing.has(words[at - 1]!);
      const { phrase, of } = places[at]!;
      return { ...concept, phrase, of, narrows: of !== undefined || isBeforeName === true };
    }),
    wanted: intents.map(({ intent, from, to }) => ({
      intent,
      terms: stems.slice(from, to).filter((_, at) => !isStopWord(words[from + at]!)),
    })),
    suggested: intents.length > 0 ? undefined : suggestions.find(([form]) => form.test(sentence))?.[1],
    refersBack: anaphor.test(sentence),
    repeatsIntent: ellipsis.test(sentence),
    returns,
    wantsMore: informative.length === 0 && moreCue.test(sentence),
    asks: text.includes('?') || questionWord.test(sentence),
  };
}

// All of these meet lower-case words, each with one space on both sides, and cannot backtrack over more than a few words.
const anaphor = / (it|its|they|them|their|this|these|those) | that $/;
const ellipsis = /^ (and|or|but|also|then|so|what about|how about|what if)(?= )/;
const returnCue =
  / (back to|return to|returning to|go back|going back|earlier|previous|(the|that|my) first (one|topic|question|thing)|the other one) /;
const returnWords: ReadonlySet<string> = new Set(
  'back return returning earlier previous first topic subject question'.split(' '),
);
const moreCue = / (more|else|further|continue|go on|details|next|elaborate) /;
const questionWord = / (what|why|how|who|whom|whose|where|when|which|tell|explain|describe|show) /;
const suggestions: readonly (readonly [RegExp, Intent])[] = [
  [/ how (do|can|could|should|would|must) (i|we|you|one) | how to /, 'application'],
  [/ why /, 'causes'],
  [/ how many /, 'quantity'],
  [/ who (can|may|is|gets) | can (i|we) (get|have|use) /, 'eligibility'],
];
