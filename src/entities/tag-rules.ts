/**
 * Tags on entities: ids of stored tags, and where an entity takes them ids that mean something by themselves (`agent:<agent id>`).
 * What is added must exist; what is removed must be attached; a tag that is deleted is taken off, but never so that what only some
 * agents knew is known to all.
 */
import type { AnyCollection, Collection } from '../documents/collection.ts';
import type { DocumentReader, Documents } from '../documents/document-store.ts';
import { TagNotAttachedError, TagNotFoundError } from '../errors.ts';
import { agentCollection } from './collections/agent.ts';
import { cannedResponseCollection, preambleTag } from './collections/canned-response.ts';
import { capabilityCollection } from './collections/capability.ts';
import { contextVariableCollection } from './collections/context-variable.ts';
import { customerCollection } from './collections/customer.ts';
import { guidelineCollection } from './collections/guideline.ts';
import { journeyCollection } from './collections/journey.ts';
import { tagCollection } from './collections/tag.ts';
import { termCollection } from './collections/term.ts';

/** First what is added, then what is removed. */
export type TagPatch = { readonly add?: readonly string[]; readonly remove?: readonly string[] };

type Tagged = { readonly tags: readonly string[] };

/** Whether an id means something by itself, and that something exists. Undefined: it is an ordinary tag. */
export type SpecialTag = (documents: DocumentReader, tagId: string) => Promise<boolean | undefined>;

/** Accepts no special tags. */
export const ordinaryTagsOnly: SpecialTag = async () => undefined;

/** Each once, in the order given. Throws `TagNotFoundError`. */
export async function toTags(
  documents: DocumentReader,
  tagIds: readonly string[],
  special: SpecialTag,
): Promise<readonly string[]> {
  for (const tagId of tagIds) {
    const exists =
      (await special(documents, tagId)) ?? (await documents.get(tagCollection, tagId)) !== undefined;
    if (!exists) throw new TagNotFoundError(tagId);
  }
  return [...new Set(tagIds)];
}

/** Throws `TagNotAttachedError`. What is to be added was checked by `toTags`. `of`: named in the error. */
export function patchTags(
  tags: readonly string[],
  { add = [], remove = [] }: TagPatch,
  of: { readonly noun: string; readonly id: string },
): readonly string[] {
  const patched = new Set([...tags, ...add]);
  for (const tagId of remove) {
    if (!patched.has(tagId)) throw new TagNotAttachedError(of.noun, of.id, tagId);
  }
  for (const tagId of remove) patched.delete(tagId);
  return [...patched];
}

/** Whose documents every agent knows that have no tag. */
const knowledge: readonly AnyCollection[] = [
  guidelineCollection,
  journeyCollection,
  termCollection,
  contextVariableCollection,
  capabilityCollection,
  cannedResponseCollection,
];

/** Whose tags say who or what somebody is. */
const carriers: readonly AnyCollection[] = [agentCollection, customerCollection, ...knowledge];

/**
 * Takes a tag that names nothing any more off everything. Only from what agents know it is not taken as the last one: without a tag
 * every agent would know it.
 */
export async function detachTag(documents: Documents, tagId: string): Promise<void> {
  for (const carrier of carriers as readonly Collection<Tagged>[]) {
    const { items } = await documents.find(carrier, { where: { field: 'tags', has: tagId } });
    for (const { id, tags } of items) {
      const rest = tags.filter((each) => each !== tagId);
      if (knowledge.includes(carrier) && !limits(rest)) continue;
      await documents.update(carrier, id, (current) => ({ ...current, tags: rest }));
    }
  }
}

/** Whether agents with this tag would know something by it. */
export async function isOfKnowledge(documents: DocumentReader, tagId: string): Promise<boolean> {
  for (const collection of knowledge as readonly Collection<Tagged>[]) {
    const { items } = await documents.find(collection, { where: { field: 'tags', has: tagId }, limit: 1 });
    if (items.length > 0) return true;
  }
  return false;
}

/** Whether these tags say which agents know something: that it is a preamble says nothing of that. */
function limits(tags: readonly string[]): boolean {
  return tags.some((tagId) => tagId !== preambleTag);
}
