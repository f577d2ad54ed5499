/** What relationships and their ends are known by. No two relationships have the same kind, source and target. */
import { contentId } from '../documents/content-id.ts';
import type { RelationshipEnd, RelationshipFields } from './collections/relationship.ts';

/** The same for the same entity: a tag is one, whether all or any of what carries it is meant. */
export function endKey({ type, id }: RelationshipEnd): string {
  return `${type === 'tag_all' || type === 'tag_any' ? 'tag' : type} ${id}`;
}

export function relationshipId({
  kind,
  source,
  target,
}: Pick<RelationshipFields, 'kind' | 'source' | 'target'>): string {
  return contentId(['relationship', kind, endKey(source), endKey(target)]);
}
