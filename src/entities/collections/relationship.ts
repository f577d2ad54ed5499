/** What is stored of a relationship: what follows for one entity from another. */
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';

export const relationshipKinds = [
  /** Where both are active only the source stays. */
  'priority',
  /** The source stays only while the target is active; several targets are all needed. */
  'dependency',
  /** As `dependency`, and of the targets of one group one is enough. */
  'dependency_any',
  /** Where the source is active, the target is too. */
  'entailment',
  /** The source is an observation: the customer is asked which of the targets is meant. */
  'disambiguation',
  /** Two tools are considered together. */
  'overlap',
  /** The source is matched again when the target, a tool, was evaluated. */
  'reevaluation',
] as const;
export type RelationshipKind = (typeof relationshipKinds)[number];

/**
 * One side. A tag stands for everything that carries it: `tag_all` for all of it, `tag_any` for any of it. A journey is
 * `{ type: 'tag_all', id: 'journey:<id>' }`, a journey's node `{ type: 'tag_all', id: 'journey_node:<id>' }`, a tool has its
 * `service:tool` id.
 */
export type RelationshipEnd = {
  readonly type: 'guideline' | 'tag_all' | 'tag_any' | 'tool';
  readonly id: string;
};

export type RelationshipFields = {
  readonly kind: RelationshipKind;
  readonly source: RelationshipEnd;
  readonly target: RelationshipEnd;
  /** Of `dependency_any`. */
  readonly groupId: string | null;
};

/** No two have the same kind, source and target: the id is made of them. */
export type Relationship = Stored<RelationshipFields>;

export const relationshipCollection: Collection<RelationshipFields> = {
  name: 'relationships',
  noun: 'relationship',
  indexed: ['kind', 'source.id', 'target.id'],
};
