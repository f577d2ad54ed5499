/**
 * What goes with an entity: all that names it and says nothing without it. Each is part of the transaction that removes the entity,
 * so that no relationship, association or trigger is ever left whose end is gone.
 */
import type { Documents } from '../documents/document-store.ts';
import { guidelineCollection, guidelineTag, toolAssociationCollection } from './collections/guideline.ts';
import { journeyCollection } from './collections/journey.ts';
import { relationshipCollection, type RelationshipEnd } from './collections/relationship.ts';
import { detachTag } from './tag-rules.ts';

/** Whether there was one. */
export async function removeGuideline(documents: Documents, guidelineId: string): Promise<boolean> {
  if (!(await documents.delete(guidelineCollection, guidelineId))) return false;
  await removeAssociations(documents, guidelineId);
  await removeTrigger(documents, guidelineId);
  await removeRelationships(documents, { of: 'guideline', ids: [guidelineId] });
  await detachTag(documents, guidelineTag(guidelineId));
  return true;
}

/** Of a tag, or what a tag stands for, that is gone: takes it off what has it, as far as `detachTag` does, and out of relationships. */
export async function removeTag(documents: Documents, tagId: string): Promise<void> {
  await detachTag(documents, tagId);
  await removeRelationships(documents, { of: 'tag', ids: [tagId] });
}

export type RemovedEnds = { readonly of: 'guideline' | 'tag' | 'tool'; readonly ids: readonly string[] };

/** Deletes the relationships that begin or end there. */
export async function removeRelationships(documents: Documents, { of, ids }: RemovedEnds): Promise<void> {
  const { items } = await documents.find(relationshipCollection, {
    where: {
      any: [
        { field: 'source.id', isIn: ids },
        { field: 'target.id', isIn: ids },
      ],
    },
  });
  // A guideline and a tag may have the same id.
  const removed = new Set(ids);
  const isRemoved = (end: RelationshipEnd) => kindOf(end) === of && removed.has(end.id);
  for (const { id, source, target } of items) {
    if (isRemoved(source) || isRemoved(target)) await documents.delete(relationshipCollection, id);
  }
}

function kindOf({ type }: RelationshipEnd): RemovedEnds['of'] {
  return type === 'tag_all' || type === 'tag_any' ? 'tag' : type;
}

async function removeAssociations(documents: Documents, guidelineId: string): Promise<void> {
  const { items } = await documents.find(toolAssociationCollection, {
    where: { field: 'guidelineId', is: guidelineId },
  });
  for (const { id } of items) await documents.delete(toolAssociationCollection, id);
}

async function removeTrigger(documents: Documents, guidelineId: string): Promise<void> {
  const { items } = await documents.find(journeyCollection, {
    where: { field: 'triggers', has: guidelineId },
  });
  for (const { id } of items) {
    await documents.update(journeyCollection, id, (journey) => ({
      ...journey,
      triggers: journey.triggers.filter((each) => each !== guidelineId),
    }));
  }
}
