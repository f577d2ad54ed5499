/**
 * Retrieval over a folder of Markdown files: a question, and what was said before it, to passages. It knows nothing of agents and
 * writes no text, so that other engines can use it as their retriever. Deterministic; no model, no network.
 */
import { nothingSaid } from './conversation-context.ts';
import { termsOf } from './english.ts';
import { readKnowledgeFolder } from './knowledge-folder.ts';
import type { KnowledgeDocument, Sentence } from './markdown-document.ts';
import { parseQuestion, type ParsedQuestion } from './question.ts';
import { rankSections, type RankedSection } from './rank-sections.ts';
import { coverage, createSectionIndex, type IndexedDocument, type SectionIndex } from './section-index.ts';
import { shortened, understand, type Understanding } from './understand-question.ts';

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

/** Reads the folder once; the index is made when it is asked for the first time. Rejects with `KnowledgeError`. */
export async function openKnowledgeBase(folder: string): Promise<KnowledgeBase> {
  return createKnowledgeBase(await readKnowledgeFolder(folder));
}

export function createKnowledgeBase(documents: readonly KnowledgeDocument[]): KnowledgeBase {
  let made: SectionIndex | undefined;
  const indexed = () => (made ??= createSectionIndex(documents));
  return {
    search(question, { context = [], limit = 3 } = {}) {
      const index = indexed();
      const before = context
        .slice(-contextLimit)
        .reduce((said, text) => understand(index, text, said).context, nothingSaid);
      const understood = understand(index, question, before);
      return bestOf(index, understood, limit).map((found) => toPassage(found, understood.question));
    },
    topics: (question = '') => topicsOf(indexed(), question),
  };
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
    const others = question.concepts.filter(
      ({ isTopic, phrase, of }) => !isTopic && (phrase === concept.phrase || of === concept.phrase),
    );
    chosen.push(...rankSections(index, { ...question, concepts: [concept, ...others] }).slice(0, 1));
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
