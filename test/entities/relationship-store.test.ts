import { describe, expect, it } from 'vitest';
import type { DocumentStore } from '../../src/documents/document-store.ts';
import { guidelineCollection, guidelineDefaults } from '../../src/entities/collections/guideline.ts';
import type { RelationshipEnd, RelationshipKind } from '../../src/entities/collections/relationship.ts';
import { tagCollection } from '../../src/entities/collections/tag.ts';
import { createRelationships } from '../../src/entities/relationships.ts';
import { createTagNames } from '../../src/entities/tag-names.ts';
import { RelationshipCycleError } from '../../src/errors.ts';
import { openEntityDocuments } from '../support/entity-documents.ts';
import { readVectors } from '../support/vectors.ts';

type Creation = {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly kind: RelationshipKind;
  readonly group?: string;
};
type Case = {
  readonly operations: readonly (Creation | { readonly delete: string })[];
  readonly queries: readonly {
    readonly kind?: RelationshipKind;
    readonly source?: string;
    readonly target?: string;
    readonly indirect?: boolean;
  }[];
  readonly expected: {
    readonly operations: readonly string[];
    readonly queries: readonly (readonly string[])[];
  };
};

describe('relationships, as recorded', () => {
  it.each(readVectors<Case>('persistence', 'relationship-store'))(
    '$id $title',
    async ({ operations, queries, expected }) => {
      await using at = await openEntityDocuments();
      const { documents } = at;
      await insertEnds(documents, operations);
      const relationships = createRelationships({
        documents,
        tagNames: createTagNames({ configured: { get: () => undefined } }),
        tools: { has: async () => false, service: () => undefined },
      });
      /** The vector's names of what is stored. */
      const names = new Map<string, string>();

      const outcomes: string[] = [];
      for (const operation of operations) {
        if ('delete' in operation) {
          const [id = ''] = [...names].find(([, name]) => name === operation.delete) ?? [];
          await relationships.delete(id);
          outcomes.push('ok');
        } else outcomes.push(await create(operation));
      }
      expect(outcomes).toEqual(expected.operations);

      const found: string[][] = [];
      for (const { kind, source, target, indirect } of queries) {
        const listed = await relationships.list({
          ...(kind && { kind }),
          ...(source !== undefined && { source: toEnd(source) }),
          ...(target !== undefined && { target: toEnd(target) }),
          ...(indirect !== undefined && { isIndirect: indirect }),
        });
        found.push(listed.map(({ id }) => names.get(id) ?? id).toSorted());
      }
      expect(found).toEqual(expected.queries.map((ids) => [...ids].toSorted()));

      async function create({ id, kind, source, target, group }: Creation): Promise<string> {
        const ends = { source: toEnd(source), target: toEnd(target) };
        try {
          const made = await relationships.create({ kind, ...ends, ...(group && { groupId: group }) });
          names.set(made.id, id);
          return 'ok';
        } catch (error) {
          if (error instanceof RelationshipCycleError) return 'cycle';
          throw error;
        }
      }
    },
  );
});

async function insertEnds(documents: DocumentStore, operations: Case['operations']): Promise<void> {
  const ends = operations.flatMap((each) => ('delete' in each ? [] : [each.source, each.target]));
  for (const id of new Set(ends)) {
    if (toEnd(id).type === 'guideline') {
      await documents.insert(guidelineCollection, id, { ...guidelineDefaults, condition: id });
    } else await documents.insert(tagCollection, id, { name: id });
  }
}

function toEnd(id: string): RelationshipEnd {
  return { type: id.startsWith('t') ? 'tag_all' : 'guideline', id };
}
