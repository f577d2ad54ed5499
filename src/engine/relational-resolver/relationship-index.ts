/**
 * Relationships by what they leave and what they reach. Built once from all that are stored and kept until one changes, so that a
 * turn only looks up. `tag_all` and `tag_any` are the same place here: what differs is how a dependency reads them.
 */
import type {
  Relationship,
  RelationshipEnd,
  RelationshipKind,
} from '../../entities/collections/relationship.ts';

/** A relationship as far as the engine goes: nobody asks here when it was made. */
export type Relation = Omit<Relationship, 'creationUtc'>;

/** Lists are in order of ids, whatever order the relationships were given in. */
export type RelationshipIndex = {
  /** Those that leave this place. */
  readonly from: (kind: RelationshipKind, end: RelationshipEnd) => readonly Relation[];
  /** Those that reach it. */
  readonly to: (kind: RelationshipKind, end: RelationshipEnd) => readonly Relation[];
};

export function indexRelationships(relationships: readonly Relation[]): RelationshipIndex {
  const sorted = relationships.toSorted((a, b) => compareIds(a.id, b.id));
  const from = byPlace(sorted, ({ source }) => source);
  const to = byPlace(sorted, ({ target }) => target);
  return {
    from: (kind, end) => from.get(kind)?.[toPlace(end)].get(end.id) ?? none,
    to: (kind, end) => to.get(kind)?.[toPlace(end)].get(end.id) ?? none,
  };
}

export function guidelineEnd(id: string): RelationshipEnd {
  return { type: 'guideline', id };
}

export function tagEnd(id: string): RelationshipEnd {
  return { type: 'tag_all', id };
}

/** By UTF-16 units, everywhere the same: never by the language of the machine. */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const none: readonly Relation[] = [];

/** Ids are unique among guidelines, among tags and among tools only. To join both to one key costs more than to look up twice. */
type ByPlace = Readonly<Record<Place, ReadonlyMap<string, readonly Relation[]>>>;
type Place = 'guideline' | 'tag' | 'tool';

function byPlace(
  relations: readonly Relation[],
  endOf: (relation: Relation) => RelationshipEnd,
): ReadonlyMap<RelationshipKind, ByPlace> {
  const kinds = Map.groupBy(relations, ({ kind }) => kind);
  return new Map([...kinds].map(([kind, ofKind]) => [kind, ofOneKind(ofKind)]));

  function ofOneKind(ofKind: readonly Relation[]): ByPlace {
    const at = (place: Place) =>
      Map.groupBy(
        ofKind.filter((relation) => toPlace(endOf(relation)) === place),
        (relation) => endOf(relation).id,
      );
    return { guideline: at('guideline'), tag: at('tag'), tool: at('tool') };
  }
}

function toPlace({ type }: RelationshipEnd): Place {
  return type === 'tag_all' || type === 'tag_any' ? 'tag' : type;
}
