/** What a relationship must keep to, whoever makes it, and how one is stored as part of a transaction: of an import, say. */
import type { Documents } from '../documents/document-store.ts';
import { InvalidRelationshipError } from '../errors.ts';
import { journeyNodeTag, journeyTag } from './collections/journey.ts';
import {
  relationshipCollection,
  type Relationship,
  type RelationshipEnd,
  type RelationshipFields,
} from './collections/relationship.ts';
import { demandNoCycle } from './relationship-graph.ts';
import { relationshipId } from './relationship-id.ts';

/**
 * Stores it, in the place of one with the same kind, source and target. That its ends exist was checked. Throws
 * `InvalidRelationshipError`, `RelationshipCycleError`.
 */
export async function putRelationship(
  documents: Documents,
  given: RelationshipFields,
): Promise<Relationship> {
  const fields = checkRelationship(given);
  const id = relationshipId(fields);
  const replaced = await documents.update(relationshipCollection, id, () => fields);
  if (replaced) return replaced;
  await demandNoCycle(documents, fields);
  return documents.insert(relationshipCollection, id, fields);
}

/** As it is stored. Throws `InvalidRelationshipError` where it could never mean anything. */
export function checkRelationship({ kind, source, target, groupId }: RelationshipFields): RelationshipFields {
  const tools = [source, target].filter(({ type }) => type === 'tool').length;
  if (kind === 'overlap' && tools < 2) refuse('overlap is between two tools');
  if (kind === 'reevaluation' && source.type === 'tool') refuse('no tool is matched again');
  if (kind !== 'overlap' && kind !== 'reevaluation' && tools > 0) refuse(`${kind} is not about tools`);
  if (groupId !== null && kind !== 'dependency_any') refuse(`only dependency_any has groups, not ${kind}`);
  return { kind, source: toEnd(source), target: toEnd(target), groupId };
}

/** A journey or a node is one thing: there is no difference between all and any of it. */
function toEnd({ type, id }: RelationshipEnd): RelationshipEnd {
  const isOne = id.startsWith(journeyTag('')) || id.startsWith(journeyNodeTag(''));
  return { type: type === 'tag_any' && isOne ? 'tag_all' : type, id };
}

function refuse(reason: string): never {
  throw new InvalidRelationshipError(reason);
}
