/**
 * The sections of a folder, prepared for search: MiniSearch ranks them by BM25 over title, other names, heading and body; beside
 * it stand the sets of terms that tell how much of a question a section covers, which a BM25 score alone does not.
 */
import MiniSearch from 'minisearch';
import { termsOf, wordsOf } from './english.ts';
import type { KnowledgeDocument, Section } from './markdown-document.ts';
import { stemEnglish } from '../../nlp/lexical/stem-english.ts';
import { intentsIn, type Intent } from './section-intent.ts';
import { createVocabulary, topicToken, type Concept, type Vocabulary } from './vocabulary.ts';

type Terms = ReadonlySet<string>;

export type IndexedSection = {
  readonly id: number;
  readonly section: Section;
  /** Its position in the document. */
  readonly position: number;
  readonly document: IndexedDocument;
  /** With the headings above it; empty for the text before the first heading. */
  readonly heading: Terms;
  readonly body: Terms;
  /** What its heading promises. */
  readonly intents: ReadonlySet<Intent>;
};

export type IndexedDocument = {
  readonly id: number;
  readonly document: KnowledgeDocument;
  readonly topic: string;
  readonly title: Terms;
  /** Title and aliases. */
  readonly names: Terms;
  readonly sections: IndexedSection[];
};

export type SectionIndex = {
  readonly vocabulary: Vocabulary;
  readonly documents: readonly IndexedDocument[];
  /** BM25 of every section that has a term of these, by section id. */
  score(terms: readonly (readonly [term: string, weight: number])[]): ReadonlyMap<number, number>;
};

const boosts = { title: 4, names: 3, heading: 2, body: 1 };

export function createSectionIndex(documents: readonly KnowledgeDocument[]): SectionIndex {
  const vocabulary = createVocabulary(documents, documents.flatMap(textsOf));
  const search = new MiniSearch<Record<string, unknown>>({
    fields: Object.keys(boosts),
    tokenize: (text) => text.split(' '),
    processTerm: (term) => term,
    searchOptions: { boost: boosts, combineWith: 'OR' },
  });
  const add: AddSection = (fields) => {
    const id = search.documentCount;
    const texts = Object.entries(fields).map(([field, terms]) => [field, terms.join(' ')]);
    search.add({ id, ...Object.fromEntries(texts) });
    return id;
  };
  return {
    vocabulary,
    documents: documents.map((document, id) => toIndexedDocument(document, id, vocabulary, add)),
    score(weighted) {
      const weights = new Map(weighted);
      const terms = [...weights.keys()];
      if (terms.length === 0) return new Map();
      const results = search.search(terms.join(' '), { boostTerm: (term) => weights.get(term) ?? 1 });
      return new Map(results.map((result) => [result.id as number, result.score]));
    },
  };
}

/** Makes a section findable and returns its id. */
type AddSection = (fields: Record<keyof typeof boosts, readonly string[]>) => number;

function toIndexedDocument(
  document: KnowledgeDocument,
  id: number,
  vocabulary: Vocabulary,
  add: AddSection,
): IndexedDocument {
  const title = vocabulary.expand(termsOf(document.title));
  const names = document.aliases.flatMap((alias) => vocabulary.expand(termsOf(alias)));
  const indexed: IndexedDocument = {
    id,
    document,
    topic: topicToken(id),
    title: new Set(title),
    names: new Set([...title, ...names]),
    sections: [],
  };
  for (const [position, section] of document.sections.entries()) {
    const headings = headingsOf(section, document);
    const heading = vocabulary.expand(termsOf(headings.join('. ')));
    const body = vocabulary.expand(termsOf(textOf(section)));
    indexed.sections.push({
      id: add({ title, names, heading, body }),
      section,
      position,
      document: indexed,
      heading: new Set(heading),
      body: new Set(body),
      intents: new Set(headings.flatMap(intentsOf)),
    });
  }
  return indexed;
}

function intentsOf(heading: string): readonly Intent[] {
  return intentsIn(wordsOf(heading).map(stemEnglish)).map(({ intent }) => intent);
}

/** The headings a reader sees above the text; none above a document's first words. */
function headingsOf(section: Section, { title }: KnowledgeDocument): readonly string[] {
  return section.heading === title ? [] : [...section.parents, section.heading];
}

function textsOf(document: KnowledgeDocument): readonly string[] {
  const names = [document.title, ...document.aliases].join('. ');
  return document.sections.map((section) => `${names}. ${section.heading}. ${textOf(section)}`);
}

function textOf(section: Section): string {
  return section.sentences.map((sentence) => sentence.text).join(' ');
}

/** How well a document is meant by a concept: 1 its own name, less where it is only spoken of, 0 not at all. */
export function coverage(concept: Concept, section: IndexedSection): number {
  const { document } = section;
  if (concept.groups.includes(document.topic)) return 1;
  const { names, sections } = document;
  if (has(names, concept) || has(section.heading, concept)) return 0.8;
  if (has(section.body, concept)) return 0.65;
  if (sections.some((other) => has(other.body, concept) || has(other.heading, concept))) return 0.5;
  if (concept.groups.length === 0 || concept.terms.length < 2) return 0;
  const found = concept.terms.filter((term) => names.has(term) || section.body.has(term)).length;
  return (0.2 * found) / concept.terms.length;
}

/** Whether all of it is in the terms, under this name or another one. */
export function has(terms: Terms, concept: Concept): boolean {
  return (
    concept.groups.some((group) => terms.has(group)) ||
    (concept.groups.length === 0 && concept.terms.every((term) => terms.has(term)))
  );
}
