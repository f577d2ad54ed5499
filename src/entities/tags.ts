/** Tags: names that are given to entities. Their names are unique. */
import { freeContentId } from '../documents/content-id.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import { TagNotFoundError } from '../errors.ts';
import { tagCollection, type Tag } from './collections/tag.ts';
import { removeTag } from './removal.ts';

export interface Tags {
  /** Rejects with `ValueTakenError` where the name is another tag's. */
  create(tag: { readonly name: string }): Promise<Tag>;
  /** `TagNotFoundError`. */
  read(tagId: string): Promise<Tag>;
  /** By creation. */
  list(filter?: { readonly name?: string }): Promise<readonly Tag[]>;
  /** `TagNotFoundError`, `ValueTakenError`. */
  rename(tagId: string, name: string): Promise<Tag>;
  /** Also takes it off what carries it, and out of relationships. `TagNotFoundError`. */
  delete(tagId: string): Promise<void>;
}

export type TagsOptions = { readonly documents: DocumentStore };

export function createTags({ documents }: TagsOptions): Tags {
  return {
    create: ({ name }) =>
      documents.transaction(async (tx) => {
        const isTaken = async (id: string) => (await tx.get(tagCollection, id)) !== undefined;
        return tx.insert(tagCollection, await freeContentId(['tag', name], isTaken), { name });
      }),

    async read(tagId) {
      return demandTag(await documents.get(tagCollection, tagId), tagId);
    },

    async list({ name } = {}) {
      const where = name === undefined ? {} : { where: { field: 'name', is: name } as const };
      return (await documents.find(tagCollection, where)).items;
    },

    async rename(tagId, name) {
      return demandTag(await documents.update(tagCollection, tagId, () => ({ name })), tagId);
    },

    delete: (tagId) =>
      documents.transaction(async (tx) => {
        if (!(await tx.delete(tagCollection, tagId))) throw new TagNotFoundError(tagId);
        await removeTag(tx, tagId);
      }),
  };
}

function demandTag(tag: Tag | undefined, tagId: string): Tag {
  if (!tag) throw new TagNotFoundError(tagId);
  return tag;
}
