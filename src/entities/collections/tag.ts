/** What is stored of a tag. */
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';

export type TagFields = { readonly name: string };

export type Tag = Stored<TagFields>;

export const tagCollection: Collection<TagFields> = { name: 'tags', noun: 'tag', unique: ['name'] };
