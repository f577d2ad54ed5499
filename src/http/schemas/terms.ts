/** Glossary terms on the wire: Parlant's shape. */
import { z } from 'zod';
import type { Term } from '../../entities/collections/term.ts';
import { text } from './common.ts';
import { chosenId, name, tagIds, tagPatchSchema } from './entities.ts';

const fields = {
  name: name({ max: 100 }),
  description: text({ max: 100_000 }),
  synonyms: z.array(name({ max: 1_000 })).max(1_000),
};

export const termSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    synonyms: z.array(z.string()),
    tags: z.array(z.string()),
  })
  .meta({ id: 'Term' });

export const termCreateSchema = z
  .object({
    id: chosenId.nullish(),
    name: fields.name,
    description: fields.description,
    synonyms: fields.synonyms.nullish(),
    tags: tagIds.nullish().meta({ description: 'Ids of tags, or `agent:<agent id>`.' }),
  })
  .meta({ id: 'TermCreate' });

export const termUpdateSchema = z
  .object({
    name: fields.name.nullish(),
    description: fields.description.nullish(),
    synonyms: fields.synonyms.nullish(),
    tags: tagPatchSchema.nullish(),
  })
  .meta({ id: 'TermUpdate', description: 'Absent or null: unchanged. An empty list or text empties.' });

/** As sent. */
export function toTermJson(term: Term): z.input<typeof termSchema> {
  const { id, name, description, synonyms, tags } = term;
  return { id, name, description, synonyms: [...synonyms], tags: [...tags] };
}
