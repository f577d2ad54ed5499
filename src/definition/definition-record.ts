/** What is remembered of a definition: what it owns, and what it said of the fields that it shares with others. */
import type { Collection } from '../documents/collection.ts';
import type { Stored } from '../documents/document-store.ts';
import type { Json } from '../event-log/event.ts';

export type DefinitionRecordFields = {
  /**
   * By collection and id. The value is what the program said, where others say something too: the metadata of an entity that has some,
   * the data of a context variable's value; else null.
   */
  readonly owned: Readonly<Record<string, Readonly<Record<string, Json>>>>;
};

/** The id is the source. */
export type DefinitionRecord = Stored<DefinitionRecordFields>;

export const definitionCollection: Collection<DefinitionRecordFields> = {
  name: 'definitions',
  noun: 'definition',
};
