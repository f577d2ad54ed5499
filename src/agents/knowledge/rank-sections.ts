/**
 * Which sections answer a question, and whether any does. BM25 finds and orders; whether the best is an answer at all is decided
 * by coverage: how much of what the question says, weighted by how telling each word is, the section and its document speak of.
 * The document is chosen first, then the section in it.
 */
import { wordsOf } from './english.ts';
import type { ParsedQuestion, Wanted } from './question.ts';
import type { Intent } from './section-intent.ts';
import {
  coverage,
  has,
  type IndexedDocument,
  type IndexedSection,
  type SectionIndex,
} from './section-index.ts';
import { stemEnglish } from '../../nlp/lexical/stem-english.ts';
import type { Concept } from './vocabulary.ts';

export type RankedSection = {
  readonly section: IndexedSection;
  /** 0 to 1: how much of the question it covers. */
  readonly coverage: number;
};

/** The parts of a question that count here, after the conversation was taken into account. */
export type Search = Pick<ParsedQuestion, 'concepts' | 'wanted' | 'suggested'> & {
  /** The topic is this document, whether or not it is named. */
  readonly topic?: IndexedDocument | undefined;
  /** Preferred where nothing else decides. */
  readonly latest?: IndexedDocument | undefined;
};

/** How much of the question must be covered, depending on what the evidence is. Found by the questions in the tests. */
const needed = { named: 0.55, severalWords: 0.6, oneWord: 0.75 };
/** What a text speaks of, even in passing, is covered in full; elsewhere in its document, in part. */
const fullCoverage = 0.65;
/** The least `coverage` of what a name or a heading says, and of what the document says at all. */
const [inName, inPassing] = [0.8, 0.1];
/** An intent tells half as much as a topic. */
const intentFactor = 0.5;

type Candidate = RankedSection & { readonly inDocument: number; readonly amongDocuments: number };

/** Best first, one or more sections for every document that fits; empty: nothing does. */
export function rankSections(index: SectionIndex, search: Search): readonly RankedSection[] {
  const { concepts, wanted, topic } = search;
  if (concepts.length === 0 && !topic) return [];
  const scores = index.score(weightedTerms(concepts, wanted));
  const best = Math.max(1e-9, ...scores.values());
  const candidates = (topic ? [topic] : index.documents)
    .flatMap((document) => document.sections)
    .filter((section) => topic || scores.has(section.id))
    .flatMap((section) => toCandidate(index, section, search, (scores.get(section.id) ?? 0) / best));
  const documents = Map.groupBy(candidates, ({ section }) => section.document.id);
  return [...documents.values()]
    .sort((a, b) => highest(b) - highest(a))
    .flatMap((sections) => sections.sort((a, b) => b.inDocument - a.inDocument));
}

function highest(sections: readonly Candidate[]): number {
  return Math.max(...sections.map(({ amongDocuments }) => amongDocuments));
}

function weightedTerms(concepts: readonly Concept[], wanted: readonly Wanted[]) {
  return [
    ...wanted.flatMap(({ terms }) => terms.map((term) => [term, 0.5] as const)),
    ...concepts.flatMap(({ terms, groups }) => [
      ...terms.map((term) => [term, groups.length > 0 ? 0.5 : 1] as const),
      ...groups.map((group) => [group, 1] as const),
    ]),
  ];
}

/** One candidate, or none when too little of the question is covered. */
function toCandidate(
  index: SectionIndex,
  section: IndexedSection,
  search: Search,
  score: number,
): readonly Candidate[] {
  const { concepts, wanted, topic, latest } = search;
  const full = index.vocabulary.fullWeight;
  const strengths = concepts.map((concept) => coverage(concept, section));
  const said = sum(concepts, ({ weight }) => weight);
  const found = sum(concepts, ({ weight }, at) => weight * Math.min(1, strengths[at]! / fullCoverage));
  const strength = said > 0 ? sum(concepts, ({ weight }, at) => weight * strengths[at]!) / said : 1;
  const intents = [...Map.groupBy(wanted, ({ intent }) => intent).values()];
  const asked = intents.length * full * intentFactor;
  const told = sum(
    intents,
    (wants) => full * intentFactor * Math.max(...wants.map((want) => satisfaction(want, section))),
  );
  const given = topic ? full : 0;
  if (isOfSomethingElse(section, concepts)) return [];
  const isNamed = concepts.some(({ groups }) => groups.includes(section.document.topic));
  const total = (found + told + given) / (said + asked + given);
  const isAnswer =
    total >= needed.named &&
    (said > 0 ? found / said >= threshold(section, concepts) : asked === 0 || told > 0);
  if (!isAnswer) return [];
  return [
    {
      section,
      coverage: total,
      amongDocuments:
        total + strength + (isNamed ? 0.3 : 0) + 0.35 * score + (section.document === latest ? 0.25 : 0),
      inDocument: total + 0.35 * score + preference(section, search, full),
    },
  ];
}

/**
 * Whether a telling word that the document never says goes with its name: "stage 4 cancer" is not its "stage 4", however well the
 * rest fits. Where the document only speaks of "stages", "the stages of …" must be of what it is about, not of what it mentions as
 * well. A word before a name may be a verb ("raise potassium") and does not count; nor does another topic, of which a question may
 * name several.
 */
function isOfSomethingElse(section: IndexedSection, concepts: Search['concepts']): boolean {
  const { title, topic } = section.document;
  return concepts.some((concept, at) => {
    if (concept.isTopic || concept.weight <= 1) return false;
    const { phrase, of, narrows } = concept;
    const names = concepts
      .filter(
        (other, place) =>
          other.phrase === of || (other.phrase === phrase && (narrows ? place !== at : place < at)),
      )
      .filter((other) => (other.isTopic ? coverage(other, section) > 0 : has(title, other)));
    const isOwn = names.some(({ groups }) => groups.includes(topic));
    return names.length > 0 && coverage(concept, section) < (narrows && !isOwn ? inName : inPassing);
  });
}

function threshold({ document, heading, body }: IndexedSection, concepts: readonly Concept[]): number {
  const telling = concepts.filter((concept) => concept.weight > 1);
  if (telling.some((concept) => has(document.names, concept) || has(heading, concept))) return needed.named;
  return telling.filter((concept) => has(body, concept)).length > 1 ? needed.severalWords : needed.oneWord;
}

/** How well a section meets what is wanted: it is about it, it speaks of it, another section of the document does. */
const met = { inFull: 1, inPassing: 0.7, elsewhere: 0.5, notAtAll: 0 };
/** What that counts when a section of a document is chosen. */
const byHowWellMet = new Map([
  [met.inFull, 0.6],
  [met.inPassing, 0.3],
]);

function satisfaction({ intent, terms }: Wanted, section: IndexedSection): number {
  if (section.intents.has(intent)) return met.inFull;
  const { sections, names } = section.document;
  const words = [...terms, ...(evidence[intent] ?? [])];
  if (words.some((word) => section.body.has(word) || names.has(word))) return met.inPassing;
  const isElsewhere = sections.some(
    (other) => other.intents.has(intent) || terms.some((term) => other.body.has(term)),
  );
  return isElsewhere ? met.elsewhere : met.notAtAll;
}

/** Words by which a text without a fitting heading still answers. */
const evidence: Partial<Record<Intent, readonly string[]>> = {
  duration: stems('minutes hours days weeks months years'),
  cost: stems('cost costs price free pay money charge units'),
  diet: stems('eat food diet meal drink salt protein'),
  documents: stems('form certificate note letter'),
  application: stems('form ask send call'),
};

function stems(words: string): readonly string[] {
  return wordsOf(words).map(stemEnglish);
}

/** Which section of a document: the one with the fitting heading, else the one that has the words, else the first. */
function preference(section: IndexedSection, { concepts, wanted, suggested }: Search, full: number): number {
  const { title } = section.document;
  const isIn = (terms: ReadonlySet<string>, concept: Concept) =>
    concept.terms.every((term) => terms.has(term) || title.has(term)) ||
    (!concept.isTopic && has(terms, concept));
  const special = concepts.filter(({ terms }) => terms.some((term) => !title.has(term)));
  const inHeading = special.some((concept) => isIn(section.heading, concept));
  const inBody = special.filter((concept) => isIn(section.body, concept));
  return (
    sum(wanted, (want) => byHowWellMet.get(satisfaction(want, section)) ?? 0) +
    (inHeading ? 0.5 : 0) +
    Math.max(0, ...inBody.map(({ isTopic, weight }) => (isTopic ? 0.3 : weight / full))) +
    (suggested && section.intents.has(suggested) ? 0.3 : 0) +
    (section.position === 0 ? 0.2 : 0)
  );
}

function sum<Item>(items: readonly Item[], value: (item: Item, at: number) => number): number {
  return items.reduce((total, item, at) => total + value(item, at), 0);
}
