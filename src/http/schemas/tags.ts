/** Tags on the wire: Parlant's shape. */
import { z } from 'zod';
import type { Tag } from '../../entities/collections/tag.ts';
import { name } from './entities.ts';

export const tagSchema = z.object({ id: z.string(), name: z.string() }).meta({ id: 'Tag' });

/** To create one and to rename one. */
export const tagNameSchema = z.object({ name: name({ max: 50 }) }).meta({ id: 'TagName' });

export const tagListQuery = z.object({
  name: z.string().optional().meta({ description: 'Only the tag with exactly this name.' }),
});

/** As sent. */
export function toTagJson({ id, name }: Tag): z.input<typeof tagSchema> {
  return { id, name };
}
