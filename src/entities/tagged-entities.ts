/**
 * What terms, variables and capabilities have in common: documents that every agent knows, or, where they have tags, only some. What
 * is refused has changed nothing: writes are calls of one transaction.
 */
import type { Collection, FieldPath } from '../documents/collection.ts';
import { freeContentId } from '../documents/content-id.ts';
import type { DocumentReader, Documents, Stored } from '../documents/document-store.ts';
import type { DomainError } from '../errors.ts';
import type { Json } from '../event-log/event.ts';
import { patchTags, toTags, type SpecialTag, type TagPatch } from './tag-rules.ts';

type Tagged = { readonly [field: string]: Json; readonly tags: readonly string[] };

/** One kind of them. */
export type TaggedKind<Fields extends Tagged> = {
  readonly collection: Collection<Fields>;
  /** Which tags mean something by themselves. */
  readonly specialTags: SpecialTag;
  readonly notFound: (id: string) => DomainError;
};

/** What is absent stays as it is. */
export type TaggedPatch<Fields> = Partial<Omit<Fields, 'tags'>> & { readonly tags?: TagPatch };

export type TagFilter = {
  /** Only what has this tag. */
  readonly tagId?: string;
};

/** Without an id it gets one made of its content. `IdTakenError`, `TagNotFoundError`. */
export async function insertTagged<Fields extends Tagged>(
  tx: Documents,
  { collection, specialTags }: TaggedKind<Fields>,
  { id, fields: given }: { readonly id: string | undefined; readonly fields: Fields },
): Promise<Stored<Fields>> {
  const fields = { ...given, tags: await toTags(tx, given.tags, specialTags) };
  const isTaken = async (free: string) => (await tx.get(collection, free)) !== undefined;
  return tx.insert(collection, id ?? (await freeContentId([collection.noun, fields], isTaken)), fields);
}

/** Throws what `notFound` makes. */
export async function readTagged<Fields extends Tagged>(
  documents: DocumentReader,
  { collection, notFound }: TaggedKind<Fields>,
  id: string,
): Promise<Stored<Fields>> {
  const found = await documents.get(collection, id);
  if (!found) throw notFound(id);
  return found;
}

/** By creation. */
export async function listTagged<Fields extends Tagged>(
  documents: DocumentReader,
  { collection }: TaggedKind<Fields>,
  { tagId }: TagFilter = {},
): Promise<readonly Stored<Fields>[]> {
  if (tagId === undefined) return (await documents.find(collection)).items;
  const tags = 'tags' as FieldPath<Fields>; // every kind has them
  return (await documents.find(collection, { where: { field: tags, has: tagId } })).items;
}

/** As `readTagged`; `TagNotFoundError`, `TagNotAttachedError`. */
export async function updateTagged<Fields extends Tagged>(
  tx: Documents,
  { collection, specialTags, notFound }: TaggedKind<Fields>,
  { id, patch: { tags = {}, ...given } }: { readonly id: string; readonly patch: TaggedPatch<Fields> },
): Promise<Stored<Fields>> {
  await toTags(tx, tags.add ?? [], specialTags);
  const updated = await tx.update(collection, id, (current) => ({
    ...current,
    ...given,
    tags: patchTags(current.tags, tags, { noun: collection.noun, id }),
  }));
  if (!updated) throw notFound(id);
  return updated;
}
