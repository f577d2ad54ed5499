/** How labels and metadata are given and changed on the wire: Parlant's shapes. */
import { z } from 'zod';
import { jsonObject, text } from './common.ts';

/** A set: what is there twice counts once. */
export const labels = z.array(text({ min: 1, max: 200 })).max(100);

export const labelPatchSchema = z.object({ upsert: labels.nullish(), remove: labels.nullish() });

export const metadataPatchSchema = z.object({
  set: jsonObject.nullish(),
  unset: z.array(z.string()).max(100).nullish(),
});
