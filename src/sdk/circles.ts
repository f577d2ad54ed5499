/** Whether a relationship would close a circle of its kind. Kept up with every one that is made, so that the call that closes it is told. */
import type { RelationshipFields, RelationshipKind } from '../entities/collections/relationship.ts';
import { endKey } from '../entities/relationship-id.ts';

type Edge = Pick<RelationshipFields, 'kind' | 'source' | 'target'>;

export type Circles = {
  wouldClose(edge: Edge): boolean;
  add(edge: Edge): void;
};

export function createCircles(): Circles {
  const exits = new Map<RelationshipKind, Map<string, string[]>>();
  return {
    wouldClose: ({ kind, source, target }) =>
      kindsOfWayBack(kind).some((each) => hasWay(exits.get(each), endKey(target), endKey(source))),
    add({ kind, source, target }) {
      const ofKind = exits.get(kind) ?? new Map<string, string[]>();
      exits.set(kind, ofKind);
      const known = ofKind.get(endKey(source));
      if (known) known.push(endKey(target));
      else ofKind.set(endKey(source), [endKey(target)]);
    },
  };
}

/** As for stored ones (`../entities/relationship-graph.ts`). */
function kindsOfWayBack(kind: RelationshipKind): readonly RelationshipKind[] {
  return kind === 'dependency' || kind === 'dependency_any' ? ['dependency', 'dependency_any'] : [kind];
}

function hasWay(
  exits: ReadonlyMap<string, readonly string[]> | undefined,
  from: string,
  to: string,
): boolean {
  const seen = new Set([from]);
  // A set is walked to its end, and grows while it is.
  for (const place of seen) {
    if (place === to) return true;
    for (const next of exits?.get(place) ?? []) seen.add(next);
  }
  return false;
}
