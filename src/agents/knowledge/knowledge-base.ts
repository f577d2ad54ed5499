/**
 * Retrieval over a folder of Markdown files: a question, and what was said before it, to passages. It knows nothing of agents and
 * writes no text, so that other engines can use it as their retriever. Deterministic; no model, no network.
 */
import { afterAnswer, nothingSaid, type ConversationContext } from './conversation-context.ts';
import { termsOf } from './english.ts';
import { readKnowledgeFolder } from './knowledge-folder.ts';
import type { KnowledgeDocument, Sentence } from './markdown-document.ts';
import { nameOfIntent } from './section-intent.ts';
import { parseQuestion, type ParsedQuestion } from './question.ts';
import { rankSections, type RankedSection, type Search } from './rank-sections.ts';
import type { Concept } from './vocabulary.ts';
import {
  coverage,
  createSectionIndex,
  has,
  type IndexedDocument,
  type SectionIndex,
} from './section-index.ts';

/** A section that answers a question. */
export type Passage = {
  /** Relative to the folder. */
  readonly file: string;
  /** Of the document. */
  readonly title: string;
  readonly section: string;
  /** What kind of source the document is. */
  readonly kind: string;
  readonly note: string;
  /** 0 to 1: how much of the question it covers. */
  readonly score: number;
  /** Whole sentences in order; `relevance` grows with what a sentence says of the question's own words. */
  readonly sentences: readonly (Sentence & { readonly relevance: number })[];
  /** The other headings of the document. */
  readonly otherSections: readonly string[];
};

export type SearchOptions = {
  /** What the customer said before, oldest first; the newest eight count. */
  readonly context?: readonly string[];
  /** At most so many passages; default 3. */
  readonly limit?: number;
};

export interface KnowledgeBase {
  /** Best first. Empty: nothing here answers the question. */
  search(question: string, options?: SearchOptions): readonly Passage[];
  /** Titles of all documents that fit a question at least a little, best first, then the others. */
  topics(question?: string): readonly string[];
}

const contextLimit = 8;
const textLimit = 4_000;
const sentenceLimit = 4;

/** Reads the folder once. Rejects with `KnowledgeError`. */
export async function openKnowledgeBase(folder: string): Promise<KnowledgeBase> {
  return createKnowledgeBase(await readKnowledgeFolder(folder));
}

export function createKnowledgeBase(documents: readonly KnowledgeDocument[]): KnowledgeBase {
  const index = createSectionIndex(documents);
  return {
    search(question, { context = [], limit = 3 } = {}) {
      const before = context
        .slice(-contextLimit)
        .reduce((said, text) => understand(index, text, said).context, nothingSaid);
      const understood = understand(index, question, before);
      return bestOf(index, understood, limit).map((found) => toPassage(found, understood.question));
    },
    topics: (question = '') => topicsOf(index, question),
  };
}

type Understanding = {
  readonly ranked: readonly RankedSection[];
  readonly question: ParsedQuestion;
  readonly context: ConversationContext;
};

/** A message of several sentences is tried as a whole, then sentence by sentence, the earlier ones as context of the later. */
function understand(index: SectionIndex, message: string, context: ConversationContext): Understanding {
  const text = shortened(message);
  const whole = answer(index, text, context);
  if (whole.ranked.length > 0) return whole;
  const sentences = text.split(/(?<=[.!?])\s+|\n+/).filter((sentence) => sentence.trim() !== '');
  if (sentences.length < 2) return whole;
  let last = whole;
  for (const sentence of sentences.slice(-sentenceLimit)) last = answer(index, sentence, last.context);
  return last;
}

/** The beginning and the end of a long message. */
function shortened(text: string): string {
  if (text.length <= textLimit) return text;
  return `${text.slice(0, textLimit / 2)}\n${text.slice(-textLimit / 2)}`;
}

function answer(index: SectionIndex, text: string, context: ConversationContext): Understanding {
  const question = parseQuestion(text, index.vocabulary);
  for (const search of searchesFor(index, question, context)) {
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
  const { concepts, suggested, leansBack } = question;
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
  if (concepts.some((concept) => concept.isTopic)) return [alone, inContext];
  return leansBack || concepts.every((concept) => concept.weight < 1)
    ? [inContext, alone]
    : [alone, inContext];
}

/** "and stage 5?" after "What are the symptoms of stage 3?" asks for symptoms. */
function wantedOf({ wanted, repeatsIntent }: ParsedQuestion, { intents }: ConversationContext) {
  return wanted.length > 0 || !repeatsIntent ? wanted : intents.map((intent) => ({ intent, terms: [] }));
}

/** "How to apply?" without a topic may be a topic itself. */
function asTopics({ vocabulary }: SectionIndex, question: ParsedQuestion): Search {
  const terms = question.wanted.flatMap((want) => [...want.terms, nameOfIntent(want.intent)]);
  const concepts = vocabulary.conceptsOf(terms).filter((concept) => concept.isTopic);
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

/** The best; then what other topics the question names ("dialysis or a transplant?"), if the best does not speak of them. */
function bestOf(
  index: SectionIndex,
  { ranked, question }: Understanding,
  limit: number,
): readonly RankedSection[] {
  const chosen = ranked.slice(0, 1);
  for (const concept of question.concepts) {
    const isToldOf = chosen.some(({ section }) => coverage(concept, section) >= 0.8);
    if (chosen.length === 0 || chosen.length >= limit || isToldOf || !concept.isTopic) continue;
    chosen.push(...rankSections(index, { ...question, concepts: [concept] }).slice(0, 1));
  }
  return chosen;
}

function toPassage({ section, coverage: score }: RankedSection, { concepts }: ParsedQuestion): Passage {
  const { document, sections } = section.document;
  return {
    file: document.file,
    title: document.title,
    section: section.section.heading,
    kind: document.kind,
    note: document.note,
    score: Math.round(score * 1000) / 1000,
    sentences: section.section.sentences.map((sentence) => {
      const terms = new Set(termsOf(sentence.text));
      const relevance = concepts
        .filter((concept) => concept.terms.every((term) => terms.has(term)))
        .reduce((total, concept) => total + concept.weight, 0);
      return { ...sentence, relevance };
    }),
    otherSections: sections
      .filter((other) => other !== section && other.position > 0)
      .map((other) => other.section.heading),
  };
}

function topicsOf(index: SectionIndex, question: string): readonly string[] {
  const { concepts } = parseQuestion(shortened(question), index.vocabulary);
  const fit = (document: IndexedDocument) =>
    concepts.reduce((total, concept) => {
      const best = Math.max(...document.sections.map((section) => coverage(concept, section)));
      return total + (best > 0.65 ? concept.weight * best : 0);
    }, 0);
  return index.documents
    .map((document) => ({ title: document.document.title, fit: fit(document) }))
    .sort((a, b) => b.fit - a.fit)
    .map(({ title }) => title);
}
