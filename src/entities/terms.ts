/** The glossary: what words mean where the agents are. */
import type { DocumentStore } from '../documents/document-store.ts';
import { TermNotFoundError } from '../errors.ts';
import { termCollection, type Term, type TermFields } from './collections/term.ts';
import type { SpecialTag } from './tag-rules.ts';
import {
  insertTagged,
  listTagged,
  readTagged,
  updateTagged,
  type TagFilter,
  type TaggedKind,
  type TaggedPatch,
} from './tagged-entities.ts';

export type NewTerm = Pick<TermFields, 'name' | 'description'> &
  Partial<TermFields> & {
    /** Default: made of the content. */
    readonly id?: string;
  };

export interface Terms {
  /** `IdTakenError`, `TagNotFoundError`. */
  create(term: NewTerm): Promise<Term>;
  /** `TermNotFoundError`. */
  read(termId: string): Promise<Term>;
  /** By creation. */
  list(filter?: TagFilter): Promise<readonly Term[]>;
  /** `TermNotFoundError`, `TagNotFoundError`, `TagNotAttachedError`. */
  update(termId: string, patch: TaggedPatch<TermFields>): Promise<Term>;
  /** `TermNotFoundError`. */
  delete(termId: string): Promise<void>;
}

export type TermsOptions = {
  readonly documents: DocumentStore;
  /** Which tags mean something by themselves. */
  readonly specialTags: SpecialTag;
};

export function createTerms({ documents, specialTags }: TermsOptions): Terms {
  const kind: TaggedKind<TermFields> = {
    collection: termCollection,
    specialTags,
    notFound: (termId) => new TermNotFoundError(termId),
  };
  return {
    create: ({ id, name, description, synonyms = [], tags = [] }) =>
      documents.transaction((tx) =>
        insertTagged(tx, kind, { id, fields: { name, description, synonyms, tags } }),
      ),
    read: (termId) => readTagged(documents, kind, termId),
    list: (filter) => listTagged(documents, kind, filter),
    update: (termId, patch) => documents.transaction((tx) => updateTagged(tx, kind, { id: termId, patch })),
    async delete(termId) {
      if (!(await documents.delete(termCollection, termId))) throw kind.notFound(termId);
    },
  };
}
