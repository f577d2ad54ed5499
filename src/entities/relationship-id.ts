/** The id of a relationship: made of its kind and both its ends, so that no two say the same. */
import { contentId } from '../documents/content-id.ts';
import type { RelationshipFields } from './collections/relationship.ts';

export function relationshipId({
  kind,
  source,
  target,
}: Pick<RelationshipFields, 'kind' | 'source' | 'target'>): string {
  return contentId(['relationship', kind, source.type, source.id, target.type, target.id]);
}
