/** What is stored of a glossary term. */
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';

export type TermFields = {
  readonly name: string;
  readonly description: string;
  readonly synonyms: readonly string[];
  /** Ids, also `agent:<id>`. */
  readonly tags: readonly string[];
};

export type Term = Stored<TermFields>;

export const termCollection: Collection<TermFields> = { name: 'terms', noun: 'term', members: ['tags'] };
