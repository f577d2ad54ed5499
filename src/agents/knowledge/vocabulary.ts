/**
 * The words of a folder: how much each tells, and which names mean the same. A name (a title, an alias, a synonym) may have several
 * words; wherever it occurs, in a document or a question, a token of its group stands beside the words. So "kidney failure" in a
 * question finds "end-stage disease" in a text, while "failure" alone does not.
 */
import SearchableMap from 'minisearch/SearchableMap';
import { isPlainWord, termsOf } from './english.ts';
import type { KnowledgeDocument } from './markdown-document.ts';

/** One thing a question speaks of: a name, or a single word. */
export type Concept = {
  readonly terms: readonly string[];
  /** Tokens of the groups the name belongs to; empty for a single word. */
  readonly groups: readonly string[];
  /** Whether it is a name of a document, and not only a word. */
  readonly isTopic: boolean;
  /** How much it tells: rare and unknown words much, everyday words little. */
  readonly weight: number;
};

/** A concept, and where: terms `from` up to, not including, `to`. */
export type FoundConcept = Concept & { readonly from: number; readonly to: number };

export interface Vocabulary {
  /** The terms, and the tokens of every name found in them. */
  expand(terms: readonly string[]): readonly string[];
  /**
   * The terms as concepts, at most `conceptLimit`, each once. Of a term that `isTaken` (it tells what is wanted, as "costs"
   * does) only names of several words are made ("medical costs"). A plain word that `isNoun` here weighs like any other.
   */
  conceptsOf(
    terms: readonly string[],
    isTaken?: (at: number) => boolean,
    isNoun?: (at: number) => boolean,
  ): readonly FoundConcept[];
  /** The weight of a concept nothing is more telling than. */
  readonly fullWeight: number;
}

const conceptLimit = 40;
/** Of a longer text only the beginning is looked at; its last sentences are tried by themselves. */
const termLimit = 120;
const plainFactor = 0.1;

type Name = { readonly terms: readonly string[]; readonly group: string };

/** The token of the names of the document at this position; like every token it has no space. */
export function topicToken(position: number): string {
  return `topic:${position}`;
}

/** `sectionTexts`: one for each section, with the names of its document; they tell how common a word is. */
export function createVocabulary(
  documents: readonly KnowledgeDocument[],
  sectionTexts: readonly string[],
): Vocabulary {
  const names = namesOf(documents);
  const byFirstTerm = Map.groupBy(names, (name) => name.terms[0]!);
  const expand = (terms: readonly string[]) => [
    ...terms,
    ...terms.flatMap((_, at) => namesAt(terms, at).map((name) => name.group)),
  ];
  const frequency = countSections(sectionTexts.map((text) => new Set(expand(termsOf(text)))));
  const fullWeight = inverseFrequency(sectionTexts.length, 0);
  const spelling = new SearchableMap<true>();
  for (const name of names) for (const term of name.terms) if (term.length > 3) spelling.set(term, true);

  function namesAt(terms: readonly string[], at: number): readonly Name[] {
    const candidates = byFirstTerm.get(terms[at]!) ?? [];
    return candidates.filter((name) => name.terms.every((term, index) => terms[at + index] === term));
  }

  /** The word of a name that was probably meant by an unknown word: its beginning, or with a typing error. */
  function corrected(term: string): string {
    if (term.length < 5 || frequency.has(term) || isPlainWord(term)) return term;
    const longer = [...spelling.atPrefix(term).keys()].sort()[0];
    if (longer !== undefined || term.length < 6) return longer ?? term;
    const near = [...spelling.fuzzyGet(term, term.length < 7 ? 1 : 2)]
      .filter(([word, [, distance]]) => word[0] === term[0] && (distance < 2 || isSurely(word, term)))
      .sort(([a, [, distanceA]], [b, [, distanceB]]) => distanceA - distanceB || (a < b ? -1 : 1));
    return near[0]?.[0] ?? term;
  }

  function toConcept(terms: readonly string[], found: readonly Name[], isNoun: boolean): Concept {
    const groups = [...new Set(found.map((name) => name.group))];
    const isTopic = groups.some((group) => group.startsWith('topic:'));
    const weight = isTopic ? fullWeight : weightOf([terms[0]!, ...groups], isNoun);
    return { terms, groups, isTopic, weight };
  }

  /** Of a word and its synonyms: what the commonest of them tells. A plain word with synonyms is none in this folder. */
  function weightOf(tokens: readonly string[], isNoun: boolean): number {
    const seen = Math.max(...tokens.map((token) => frequency.get(token) ?? 0));
    return (
      inverseFrequency(sectionTexts.length, seen) *
      (tokens.length === 1 && !isNoun && isPlain(tokens[0]!) ? plainFactor : 1)
    );
  }

  return {
    expand,
    fullWeight,
    conceptsOf(terms, isTaken = () => false, isNoun = () => false) {
      const within = terms.slice(0, termLimit);
      const corrections = new Map([...new Set(within)].map((term) => [term, corrected(term)]));
      const spelled = within.map((term, at) => (isTaken(at) ? term : corrections.get(term)!));
      const concepts = new Map<string, FoundConcept>();
      let from = 0;
      for (const length of bestCut(spelled, (at) => namesAt(spelled, at))) {
        if (concepts.size === conceptLimit) break;
        const to = from + length;
        const found = namesAt(spelled, from).filter((name) => name.terms.length === length);
        const concept = toConcept(spelled.slice(from, to), found, isNoun(from));
        if (length > 1 || !isTaken(from))
          concepts.set(concept.groups[0] ?? concept.terms[0]!, { ...concept, from, to });
        from = to;
      }
      return [...concepts.values()];
    },
  };
}

/**
 * Cuts the terms into names and single words, as lengths: so that names take up as much as possible, long ones before short
 * ones. "CKD stage 3b" is "CKD" and "stage 3b", though "CKD stage" is a name too.
 */
function bestCut(terms: readonly string[], namesAt: (at: number) => readonly Name[]): readonly number[] {
  const best: { value: number; length: number }[] = [];
  best[terms.length] = { value: 0, length: 0 };
  for (let at = terms.length - 1; at >= 0; at -= 1) {
    best[at] = { value: best[at + 1]!.value, length: 1 };
    for (const { terms: name } of namesAt(at)) {
      const value = name.length ** 1.5 + best[at + name.length]!.value;
      if (value > best[at]!.value) best[at] = { value, length: name.length };
    }
  }
  const lengths: number[] = [];
  for (let at = 0; at < terms.length; at += lengths.at(-1)!) lengths.push(best[at]!.length);
  return lengths;
}

function lettersOf(word: string): string {
  return Array.from(word).sort().join('');
}

/** A number that is part of no name is a value, of which no text can speak. */
function isPlain(term: string): boolean {
  return isPlainWord(term) || /^\d+$/.test(term);
}

/** Two letters may differ in a long word, or be swapped. */
function isSurely(word: string, term: string): boolean {
  return term.length > 8 || lettersOf(word) === lettersOf(term);
}

function namesOf(documents: readonly KnowledgeDocument[]): readonly Name[] {
  const names = documents.flatMap(({ title, aliases }, position) =>
    [title, ...aliases].map((name) => ({ terms: termsOf(name), group: topicToken(position) })),
  );
  const synonyms = documents
    .flatMap((document) => document.synonyms)
    .flatMap((group, index) => group.map((name) => ({ terms: termsOf(name), group: `same:${index}` })));
  return [
    ...names.filter(({ terms }) => terms.length > 1 || terms.some((term) => !isPlainWord(term))),
    ...synonyms.filter(({ terms }) => terms.length > 0),
  ];
}

function countSections(sections: readonly ReadonlySet<string>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const terms of sections) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** BM25's inverse document frequency. */
function inverseFrequency(sections: number, seen: number): number {
  return Math.log(1 + (sections - seen + 0.5) / (seen + 0.5));
}
