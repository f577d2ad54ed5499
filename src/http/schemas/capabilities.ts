/** Capabilities on the wire: Parlant's shape. */
import { z } from 'zod';
import type { Capability } from '../../entities/collections/capability.ts';
import { text } from './common.ts';
import { name, tagIds, tagPatchSchema } from './entities.ts';

const fields = {
  title: name({ max: 100 }),
  description: text({ max: 100_000 }),
  signals: z.array(name({ max: 10_000 })).max(1_000),
};

export const capabilitySchema = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    signals: z.array(z.string()),
    tags: z.array(z.string()),
  })
  .meta({ id: 'Capability' });

export const capabilityCreateSchema = z
  .object({
    ...fields,
    tags: tagIds.nullish().meta({
      description: 'Ids of tags, `agent:<agent id>` or `journey:<journey id>`.',
    }),
  })
  .meta({ id: 'CapabilityCreate' });

export const capabilityUpdateSchema = z
  .object({
    title: fields.title.nullish(),
    description: fields.description.nullish(),
    signals: fields.signals.nullish(),
    tags: tagPatchSchema.nullish(),
  })
  .meta({ id: 'CapabilityUpdate', description: 'Absent or null: unchanged. An empty list or text empties.' });

/** As sent. */
export function toCapabilityJson(capability: Capability): z.input<typeof capabilitySchema> {
  const { id, title, description, signals, tags } = capability;
  return { id, title, description, signals: [...signals], tags: [...tags] };
}
