/**
 * A message within its conversation: which ways there are to read it, and the sections the first of them finds that finds any. The
 * context goes in and comes out as a value, so that a conversation can be replayed from its messages alone.
 */
import { afterAnswer, type ConversationContext } from './conversation-context.ts';
import { askingClauseOf } from './asking-clause.ts';
import { parseQuestion, type ParsedQuestion } from './question.ts';
import { rankSections, type RankedSection, type Search } from './rank-sections.ts';
import {
  coverage,
  has,
  type IndexedDocument,
  type IndexedSection,
  type SectionIndex,
} from './section-index.ts';
import { nameOfIntent } from './section-intent.ts';
import type { Concept } from './vocabulary.ts';

const textLimit = 4_000;
const sentenceLimit = 4;

export type Understanding = {
  readonly ranked: readonly RankedSection[];
  readonly question: ParsedQuestion;
  readonly context: ConversationContext;
};

/**
 * A message of several sentences is tried as a whole, then sentence by sentence, the earlier ones as context of the later. So is a
 * sentence of which only one clause asks.
 */
export function understand(
  index: SectionIndex,
  message: string,
  context: ConversationContext,
): Understanding {
  const text = shortened(message);
  const sentences = text.split(/(?<=[.!?])\s+|\n+/).filter((sentence) => sentence.trim() !== '');
  if (sentences.length < 2) return answerSentence(index, text, context);
  const whole = answer(index, text, context);
  if (whole.ranked.length > 0) return whole;
  let last = whole;
  for (const sentence of sentences.slice(-sentenceLimit))
    last = answerSentence(index, sentence, last.context);
  return last;
}

/**
 * "I feel dizzy, am I entitled to sick pay?": what is told may help to find the answer, but neither prevents one nor makes one to
 * another question. A clause that asks of "it", or of nothing by name, is read with the whole sentence only.
 */
function answerSentence(index: SectionIndex, text: string, context: ConversationContext): Understanding {
  const whole = answer(index, text, context);
  const clauses = askingClauseOf(text);
  if (!clauses) return whole;
  const { concepts } = parseQuestion(clauses.asks, index.vocabulary);
  if (!concepts.some(({ weight }) => weight > 1)) return whole;
  const asked = answer(index, clauses.asks, answer(index, clauses.tells, context).context);
  const isOfSame = asked.ranked[0]?.section.document === whole.ranked[0]?.section.document;
  return whole.ranked.length > 0 && isOfSame ? whole : asked;
}

/** The beginning and the end of a long message. */
export function shortened(text: string): string {
  if (text.length <= textLimit) return text;
  return `${text.slice(0, textLimit / 2)}\n${text.slice(-textLimit / 2)}`;
}

function answer(index: SectionIndex, text: string, context: ConversationContext): Understanding {
  const question = parseQuestion(text, index.vocabulary);
  for (const search of [...searchesFor(index, question, context), ofFirstTopic(question)]) {
    const ranked = 'section' in search ? [search] : rankSections(index, search);
    if (ranked.length === 0) continue;
    const { section } = ranked[0]!;
    const said = {
      document: section.document.id,
      section: section.position,
      intents: wantedOf(question, context).map(({ intent }) => intent),
    };
    return { ranked, question, context: afterAnswer(context, said) };
  }
  return { ranked: [], question, context };
}

/** The ways to read a question, the likeliest first. */
function searchesFor(
  index: SectionIndex,
  question: ParsedQuestion,
  context: ConversationContext,
): readonly (Search | RankedSection)[] {
  const { concepts, suggested } = question;
  const wanted = wantedOf(question, context);
  const latest = context.topics[0] === undefined ? undefined : index.documents[context.topics[0]];
  const alone: Search = { concepts, wanted, suggested, latest };
  if (!latest) return concepts.length > 0 ? [alone] : [asTopics(index, question)];
  if (question.returns) {
    const meant = topicMeant(index, concepts, context);
    const rest = concepts.filter((concept) => !has(meant.names, concept));
    return [
      { concepts: rest, wanted, suggested, topic: meant },
      { concepts: [], wanted, suggested, topic: meant },
    ];
  }
  if (question.wantsMore) return [nextSection(latest, context)];
  const inContext: Search = { concepts, wanted, suggested, topic: latest };
  if (concepts.length === 0)
    return wanted.length > 0 || question.asks ? [inContext, asTopics(index, question)] : [];
  const others = concepts.filter((concept) => concept.isTopic);
  const isOfLatest = others.every((concept) => latest.sections.some((section) => speaksOf(section, concept)));
  return others.length === 0 || (question.refersBack && isOfLatest) ? [inContext, alone] : [alone, inContext];
}

/** Of a question that names several topics, the first: no one text need speak of all ("Is haemodialysis like …?"). */
function ofFirstTopic({ concepts, wanted, suggested }: ParsedQuestion): Search {
  const [first, ...others] = concepts.filter((concept) => concept.isTopic);
  return { concepts: concepts.filter((concept) => first && !others.includes(concept)), wanted, suggested };
}

function speaksOf({ heading, body }: IndexedSection, concept: Concept): boolean {
  return has(heading, concept) || has(body, concept);
}

/** "and stage 5?" after "What are the symptoms of stage 3?" asks for symptoms. */
function wantedOf({ wanted, repeatsIntent }: ParsedQuestion, { intents }: ConversationContext) {
  return wanted.length > 0 || !repeatsIntent ? wanted : intents.map((intent) => ({ intent, terms: [] }));
}

/** "How to apply?" without a topic may be a topic itself. */
function asTopics({ vocabulary }: SectionIndex, question: ParsedQuestion): Search {
  const terms = question.wanted.flatMap((want) => [...want.terms, nameOfIntent(want.intent)]);
  const concepts = vocabulary
    .conceptsOf(terms)
    .filter((concept) => concept.isTopic)
    .map((concept, phrase) => ({ ...concept, phrase, of: undefined, narrows: false }));
  return { concepts, wanted: [], suggested: undefined };
}

/** Which earlier topic "back to …" means: the one its words fit best; without words the one before the latest, or the first. */
function topicMeant(index: SectionIndex, concepts: readonly Concept[], { topics }: ConversationContext) {
  const documents = topics.map((topic) => index.documents[topic]!);
  const fit = (document: IndexedDocument) =>
    concepts.reduce(
      (total, concept) =>
        total + concept.weight * Math.max(...document.sections.map((section) => coverage(concept, section))),
      0,
    );
  const [latest, ...earlier] = documents;
  const candidates = concepts.length > 0 ? [...earlier, latest!] : [earlier.at(-1) ?? latest!];
  return candidates.reduce((best, candidate) => (fit(candidate) > fit(best) ? candidate : best));
}

/** What follows the section told last; after the end, the beginning. */
function nextSection({ sections }: IndexedDocument, { section = -1 }: ConversationContext): RankedSection {
  return { section: sections[(section + 1) % sections.length]!, coverage: 1 };
}
