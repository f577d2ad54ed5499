/**
 * Relationships: what follows for one entity from another. There is one of each kind between two entities, and no circle of a kind. What
 * they are about exists: who deletes an entity deletes them too (`removal.ts`).
 */
import type { DocumentReader, DocumentStore } from '../documents/document-store.ts';
import {
  GuidelineNotFoundError,
  RelationshipNotFoundError,
  TagNotFoundError,
  ToolNotFoundError,
} from '../errors.ts';
import type { ToolDirectory } from '../tools/tool-service.ts';
import { guidelineCollection } from './collections/guideline.ts';
import {
  relationshipCollection,
  type Relationship,
  type RelationshipEnd,
  type RelationshipFields,
  type RelationshipKind,
} from './collections/relationship.ts';
import { findAt, reachedFrom } from './relationship-graph.ts';
import { checkRelationship, putRelationship } from './relationship-rules.ts';
import { createShowRelationships, type ShowRelationships } from './shown-relationships.ts';
import type { TagNames } from './tag-names.ts';

export type NewRelationship = Omit<RelationshipFields, 'groupId'> & {
  /** Of `dependency_any`: one target of a group is enough. */
  readonly groupId?: string;
};

export type RelationshipQuery = {
  readonly kind?: RelationshipKind;
  /** With both: what has the one there, and what has the other there. */
  readonly source?: RelationshipEnd;
  readonly target?: RelationshipEnd;
  /** Also what is reached further on: forwards from a source, backwards from a target, one for each entity. */
  readonly isIndirect?: boolean;
};

export interface Relationships {
  /**
   * Creating it again puts it in the place of the old one. `InvalidRelationshipError`, `RelationshipCycleError`; of its ends
   * `GuidelineNotFoundError`, `TagNotFoundError`, `ToolNotFoundError`.
   */
  create(relationship: NewRelationship): Promise<Relationship>;
  /** `RelationshipNotFoundError`. */
  read(relationshipId: string): Promise<Relationship>;
  /** By creation; without an end: all. */
  list(query?: RelationshipQuery): Promise<readonly Relationship[]>;
  /** As `list`, of what begins or ends there. `GuidelineNotFoundError`, `TagNotFoundError`, `ToolNotFoundError`. */
  listOf(
    end: RelationshipEnd,
    query?: Omit<RelationshipQuery, 'source' | 'target'>,
  ): Promise<readonly Relationship[]>;
  /** With what is at their ends. */
  readonly show: ShowRelationships;
  /** `RelationshipNotFoundError`. */
  delete(relationshipId: string): Promise<void>;
}

export type RelationshipsOptions = {
  readonly documents: DocumentStore;
  readonly tagNames: TagNames;
  readonly tools: Pick<ToolDirectory, 'has' | 'service'>;
};

export function createRelationships({ documents, tagNames, tools }: RelationshipsOptions): Relationships {
  const demandTool = async ({ type, id }: RelationshipEnd) => {
    if (type === 'tool' && !(await tools.has(id))) throw new ToolNotFoundError(id);
  };

  async function demandStored(reader: DocumentReader, { type, id }: RelationshipEnd): Promise<void> {
    if (type === 'tool') return;
    if (type === 'guideline') {
      if (!(await reader.get(guidelineCollection, id))) throw new GuidelineNotFoundError(id);
    } else if (!(await tagNames(reader, [id])).has(id)) throw new TagNotFoundError(id);
  }

  return {
    async create({ groupId = null, ...ends }) {
      const fields = checkRelationship({ ...ends, groupId });
      const { source, target } = fields;
      // Other servers may have to be asked: nothing a transaction waits for.
      await Promise.all([demandTool(source), demandTool(target)]);
      return documents.transaction(async (tx) => {
        await demandStored(tx, source);
        await demandStored(tx, target);
        return putRelationship(tx, fields);
      });
    },

    async read(id) {
      const relationship = await documents.get(relationshipCollection, id);
      if (!relationship) throw new RelationshipNotFoundError(id);
      return relationship;
    },

    list: (query = {}) => listRelationships(documents, query),

    async listOf(end, query = {}) {
      await demandStored(documents, end);
      const found = await listRelationships(documents, { ...query, source: end, target: end });
      // What a relationship names was there once; its server need not be asked.
      if (found.length === 0) await demandTool(end);
      return found;
    },

    show: createShowRelationships({ documents, tagNames, tools }),

    async delete(id) {
      if (!(await documents.delete(relationshipCollection, id))) throw new RelationshipNotFoundError(id);
    },
  };
}

async function listRelationships(
  documents: DocumentReader,
  { kind, source, target, isIndirect = false }: RelationshipQuery,
): Promise<readonly Relationship[]> {
  if (!source && !target) {
    const where = kind === undefined ? {} : { where: { field: 'kind', is: kind } as const };
    return (await documents.find(relationshipCollection, where)).items;
  }
  const read = (near: 'source' | 'target', end: RelationshipEnd) =>
    isIndirect ? reachedFrom(documents, end, { near, kind }) : findAt(documents, near, [end]);
  const found = [
    ...(source ? await read('source', source) : []),
    ...(target ? await read('target', target) : []),
  ].filter((each) => kind === undefined || each.kind === kind);
  const each = new Map(found.map((relationship) => [relationship.id, relationship]));
  return [...each.values()].sort((a, b) => (a.creationUtc < b.creationUtc ? -1 : 1));
}
