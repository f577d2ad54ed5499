/**
 * Relationships as graphs, one for each kind: the way from one entity to another, and what is reached from one. Read level by level,
 * one query each, so that it can be asked of any transaction and costs what is reached, not what there is.
 */
import { setImmediate } from 'node:timers/promises';
import type { DocumentReader } from '../documents/document-store.ts';
import { RelationshipCycleError } from '../errors.ts';
import {
  relationshipCollection,
  relationshipKinds,
  type Relationship,
  type RelationshipEnd,
  type RelationshipFields,
  type RelationshipKind,
} from './collections/relationship.ts';
import { endKey } from './relationship-id.ts';

type Side = 'source' | 'target';
type Edge = Pick<RelationshipFields, 'kind' | 'source' | 'target'>;

/**
 * Throws `RelationshipCycleError` where a new relationship would close a circle of its kind. Of the two kinds of dependency a way back
 * by the other kind alone counts too; one that changes between both is not noticed. One to itself is allowed and closes nothing.
 */
export async function demandNoCycle(
  documents: DocumentReader,
  { kind, source, target }: Edge,
): Promise<void> {
  if (endKey(source) === endKey(target)) return;
  for (const each of kindsOfWayBack(kind)) {
    if (await hasWay(documents, { kind: each, from: target, to: source })) {
      throw new RelationshipCycleError(kind, source.id, target.id);
    }
  }
}

function kindsOfWayBack(kind: RelationshipKind): readonly RelationshipKind[] {
  return kind === 'dependency' || kind === 'dependency_any' ? ['dependency', 'dependency_any'] : [kind];
}

type Way = { readonly kind: RelationshipKind; readonly from: RelationshipEnd; readonly to: RelationshipEnd };

/** Searched from both ends, always where less is to be read: most new relationships have nothing behind one of their ends. */
async function hasWay(documents: DocumentReader, { kind, from, to }: Way): Promise<boolean> {
  const forwards = beginSearch('source', from);
  const backwards = beginSearch('target', to);
  while (forwards.border.length > 0 && backwards.border.length > 0) {
    const isForwards = forwards.border.length <= backwards.border.length;
    const [search, other] = isForwards ? [forwards, backwards] : [backwards, forwards];
    const relationships = await findAt(documents, search.near, search.border);
    const reached = relationships.filter((each) => each.kind === kind).map((each) => each[search.far]);
    if (reached.some((end) => other.seen.has(endKey(end)))) return true;
    advance(search, reached);
  }
  return false;
}

type Search = {
  readonly near: Side;
  readonly far: Side;
  readonly seen: Set<string>;
  /** What was reached last. */
  border: readonly RelationshipEnd[];
};

function beginSearch(near: Side, end: RelationshipEnd): Search {
  const far = near === 'source' ? 'target' : 'source';
  return { near, far, seen: new Set([endKey(end)]), border: [end] };
}

function advance(search: Search, reached: readonly RelationshipEnd[]): void {
  const border: RelationshipEnd[] = [];
  for (const end of reached) {
    if (search.seen.has(endKey(end))) continue;
    search.seen.add(endKey(end));
    border.push(end);
  }
  search.border = border;
}

/**
 * For reading, outside of transactions. Breadth first from one entity, forwards (`source`) or backwards (`target`), in the graph of each kind: one relationship for each
 * entity that is newly reached.
 */
export async function reachedFrom(
  documents: DocumentReader,
  start: RelationshipEnd,
  { near, kind }: { readonly near: Side; readonly kind?: RelationshipKind | undefined },
): Promise<readonly Relationship[]> {
  const far = near === 'source' ? 'target' : 'source';
  const kinds = kind === undefined ? relationshipKinds : [kind];
  const found: Relationship[] = [];
  let border = new Map(kinds.map((each) => [placeIn(each, start), start]));
  const seen = new Set(border.keys());
  for (let level = 1; border.size > 0; level += 1) {
    if (level % levelsInARow === 0) await setImmediate();
    const relationships = await findAt(documents, near, [...border.values()]);
    const byPlace = Map.groupBy(relationships, (each) => placeIn(each.kind, each[near]));
    const next = new Map<string, RelationshipEnd>();
    for (const relationship of [...border.keys()].flatMap((place) => byPlace.get(place) ?? [])) {
      const place = placeIn(relationship.kind, relationship[far]);
      if (seen.has(place)) continue;
      seen.add(place);
      next.set(place, relationship[far]);
      found.push(relationship);
    }
    border = next;
  }
  return found;
}

/** So many (some ms) go without letting others run: a chain may be as long as there are relationships. */
const levelsInARow = 50;

/** An entity in the graph of one kind. */
function placeIn(kind: RelationshipKind, end: RelationshipEnd): string {
  return `${kind} ${endKey(end)}`;
}

/** Those that have one of these ends on that side, by creation. */
export async function findAt(
  documents: DocumentReader,
  side: Side,
  ends: readonly RelationshipEnd[],
): Promise<readonly Relationship[]> {
  const wanted = new Set(ends.map(endKey));
  const ids = [...new Set(ends.map(({ id }) => id))];
  const { items } = await documents.find(relationshipCollection, {
    where: { field: `${side}.id`, isIn: ids },
  });
  // A guideline and a tag may have the same id.
  return items.filter((each) => wanted.has(endKey(each[side])));
}
