/** Relationships of a draft: one for each kind, source and target, none to itself, none in a circle. */
import {
  relationshipCollection,
  type RelationshipFields,
  type RelationshipKind,
} from '../entities/collections/relationship.ts';
import { endKey, relationshipId } from '../entities/relationship-id.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { Draft } from './draft.ts';

/** What each kind says of its two ends. */
const sentences: Readonly<Record<RelationshipKind, (target: string) => string>> = {
  priority: (target) => `it goes before ${target}`,
  dependency: (target) => `it depends on ${target}`,
  dependency_any: (target) => `it depends on ${target}`,
  entailment: (target) => `it entails ${target}`,
  disambiguation: (target) => `it disambiguates ${target}`,
  reevaluation: (target) => `it is considered again after ${target}`,
  overlap: (target) => `it overlaps with ${target}`,
};

/** `what` and `target`: the ends, as their author knows them. Throws `InvalidDefinitionError`. The same once more is nothing new. */
export function addRelationship(
  draft: Draft,
  fields: RelationshipFields,
  { what, target }: { readonly what: string; readonly target: string },
): void {
  const says = sentences[fields.kind](target);
  if (endKey(fields.source) === endKey(fields.target)) {
    throw new InvalidDefinitionError(what, `${says}, which is itself`);
  }
  const id = relationshipId(fields);
  const known = draft.get(relationshipCollection, id);
  if (known && isSame(known, fields)) return;
  if (known) throw new InvalidDefinitionError(what, `${says} already, in another way`);
  if (draft.circles.wouldClose(fields)) {
    throw new InvalidDefinitionError(what, `${says}, and the other way round: that would be a circle`);
  }
  draft.add(relationshipCollection, { id, fields, what });
  draft.circles.add(fields);
}

function isSame(one: RelationshipFields, other: RelationshipFields): boolean {
  return (
    one.groupId === other.groupId &&
    one.source.type === other.source.type &&
    one.target.type === other.target.type
  );
}
