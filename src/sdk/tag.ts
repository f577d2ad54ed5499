/** Tags, as programs write them: a name for several entities, which can then be related to together. */
import { z } from 'zod';
import { preambleTag } from '../entities/collections/canned-response.ts';
import { tagCollection } from '../entities/collections/tag.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { checkOptions, named, shown } from './check-options.ts';
import { definedId, demandHandles, type Draft } from './draft.ts';
import { chosenId, name } from './options.ts';
import { createReevaluating, createRelating, type Reevaluating, type Relating } from './relating.ts';

export type TagOptions = {
  /** At most 50 characters; no two tags have the same. */
  readonly name: string;
  /** Default: made of the name. */
  readonly id?: string;
};

/** What it relates, it relates all at once that carry it. */
export type DefinedTag = Relating &
  Reevaluating & {
    readonly kind: 'tag';
    readonly id: string;
    readonly name: string;
  };

/** For `dependOn`: all, or any, of what carries the tag. The tag by itself means all. */
export type TagGroup = {
  readonly kind: 'tagGroup';
  readonly type: 'tag_all' | 'tag_any';
  readonly tag: DefinedTag;
};

export function anyOf(tag: DefinedTag): TagGroup {
  return Object.freeze({ kind: 'tagGroup', type: 'tag_any', tag });
}

export function allOf(tag: DefinedTag): TagGroup {
  return Object.freeze({ kind: 'tagGroup', type: 'tag_all', tag });
}

/** Among the tags of a canned response: it is sent while the agent is still thinking. */
export const PREAMBLE = Object.freeze({ kind: 'preamble', id: preambleTag } as const);

const schema = z.strictObject({
  name: name({ max: 50 }),
  id: chosenId.optional(),
} satisfies Record<keyof TagOptions, z.ZodType>);

/** Throws `InvalidDefinitionError`. A name alone is enough. */
export function createTag(draft: Draft, given: TagOptions | string): DefinedTag {
  const options = typeof given === 'string' ? { name: given } : given;
  const what = named('tag', (options as Partial<TagOptions> | undefined)?.name); // not checked yet
  checkOptions(what, schema, options);
  const { name, id = definedId('tag', name) } = options;
  if (id.includes(':') || id === preambleTag) {
    throw new InvalidDefinitionError(what, `the id ${shown(id)} means something by itself`);
  }
  draft.add(tagCollection, { id, what, fields: { name } });
  const source = { what, source: { type: 'tag_all', id } } as const;
  return draft.handle({
    kind: 'tag',
    id,
    name,
    ...createRelating(draft, source),
    ...createReevaluating(draft, source),
  });
}

/** Ids, each once. Throws `InvalidDefinitionError` for what is no tag of this server. */
export function toTagIds(draft: Draft, given: readonly unknown[], what: string): readonly string[] {
  const tags = demandHandles<DefinedTag>(draft, given, { kinds: ['tag'], wanted: 'a tag', what });
  return [...new Set(tags.map(({ id }) => id))];
}
