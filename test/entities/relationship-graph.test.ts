import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Documents } from '../../src/documents/document-store.ts';
import type { RelationshipEnd, RelationshipKind } from '../../src/entities/collections/relationship.ts';
import { reachedFrom } from '../../src/entities/relationship-graph.ts';
import { endKey } from '../../src/entities/relationship-id.ts';
import { putRelationship } from '../../src/entities/relationship-rules.ts';
import { RelationshipCycleError } from '../../src/errors.ts';
import { openEntityDocuments } from '../support/entity-documents.ts';

type Edge = {
  readonly kind: RelationshipKind;
  readonly source: RelationshipEnd;
  readonly target: RelationshipEnd;
};

/** Few, so that they meet; a guideline and a tag have the same id. */
const end = fc.constantFrom<RelationshipEnd>(
  { type: 'guideline', id: 'a' },
  { type: 'guideline', id: 'b' },
  { type: 'guideline', id: 'c' },
  { type: 'guideline', id: 'd' },
  { type: 'tag_all', id: 'a' },
  { type: 'tag_any', id: 'a' },
  { type: 'tag_all', id: 'journey:j' },
);
const kind = fc.constantFrom<RelationshipKind>('dependency', 'dependency_any', 'priority');
const edges = fc.array(fc.record({ kind, source: end, target: end }), { maxLength: 25 });

const back = new Error('the transaction is taken back');

/** Whether edges of that kind lead from the one to the other: by asking them all, again and again. */
function leads(all: readonly Edge[], kind: RelationshipKind, from: string, to: string): boolean {
  return reachable(all, kind, from).has(to);
}

function reachable(all: readonly Edge[], kind: RelationshipKind, from: string): Set<string> {
  const reached = new Set<string>();
  let size = -1;
  while (reached.size > size) {
    size = reached.size;
    for (const edge of all) {
      const source = endKey(edge.source);
      if (edge.kind === kind && (source === from || reached.has(source))) reached.add(endKey(edge.target));
    }
  }
  return reached;
}

function isRefused(stored: readonly Edge[], { kind, source, target }: Edge): boolean {
  const [from, to] = [endKey(source), endKey(target)];
  const isThere = stored.some(
    (edge) => edge.kind === kind && endKey(edge.source) === from && endKey(edge.target) === to,
  );
  if (isThere || from === to) return false;
  const kinds = kind === 'priority' ? [kind] : (['dependency', 'dependency_any'] as const);
  return kinds.some((each) => leads(stored, each, to, from));
}

async function put(tx: Documents, edge: Edge): Promise<boolean> {
  try {
    await putRelationship(tx, { ...edge, groupId: null });
    return true;
  } catch (error) {
    if (error instanceof RelationshipCycleError) return false;
    throw error;
  }
}

describe('the graphs of relationships', () => {
  it('never have a circle, refuse nothing else, and are read as far as they lead', async () => {
    await using at = await openEntityDocuments();
    const check = async (tx: Documents, wanted: readonly Edge[]) => {
      const stored: Edge[] = [];
      for (const edge of wanted) {
        const isExpected = !isRefused(stored, edge);
        expect(await put(tx, edge)).toBe(isExpected);
        if (isExpected) stored.push(edge);
      }
      for (const { kind, source } of stored) {
        const reached = await reachedFrom(tx, source, { near: 'source', kind });
        const expected = reachable(stored, kind, endKey(source));
        expected.delete(endKey(source)); // one to itself
        expect(reached.map(({ target }) => endKey(target)).toSorted()).toEqual([...expected].toSorted());
      }
      throw back;
    };
    await fc.assert(
      fc.asyncProperty(edges, async (wanted) => {
        await expect(at.documents.transaction((tx) => check(tx, wanted))).rejects.toBe(back);
      }),
      { numRuns: 100 },
    );
  });
});
