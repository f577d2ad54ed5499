/** Canned responses on the wire: Parlant's shape, in which besides signals and field dependencies can be changed. */
import { z } from 'zod';
import type { CannedResponsePatch, NewCannedResponse } from '../../entities/canned-responses.ts';
import type { CannedResponse } from '../../entities/collections/canned-response.ts';
import { TEMPLATE_LIMIT } from '../../templates/parse-template.ts';
import { jsonObject, shownAs, text, timestamp } from './common.ts';
import { given, name, tagId, tagIds, tagPatchSchema } from './entities.ts';
import { metadataPatchSchema } from './patches.ts';

const responseFieldSchema = z
  .object({
    name: name({ max: 200 }),
    description: text({ max: 10_000 }),
    examples: z.array(text({ max: 10_000 })).max(100),
  })
  .meta({ id: 'CannedResponseField', description: 'What a field in the template means.' });

const fields = {
  value: name({ max: TEMPLATE_LIMIT }).meta({
    description: 'A template in Jinja’s syntax.',
    examples: ['Hello {{ std.customer.name }}!'],
  }),
  fields: z.array(responseFieldSchema).max(100),
  signals: z.array(name({ max: 10_000 })).max(1_000),
  field_dependencies: z
    .array(text({ min: 1, max: 200 }))
    .max(100)
    .meta({ description: 'Names of fields without which it is not sent, besides those in the template.' }),
};

export const cannedResponseSchema = z
  .object({
    id: z.string(),
    creation_utc: timestamp,
    value: z.string(),
    fields: z.array(responseFieldSchema),
    tags: z.array(z.string()),
    signals: z.array(z.string()),
    metadata: jsonObject,
    field_dependencies: z.array(z.string()),
  })
  .meta({ id: 'CannedResponse' });

export const cannedResponseCreateSchema = z
  .object({
    value: fields.value,
    fields: fields.fields,
    tags: tagIds.nullish().meta({
      description:
        'Ids of tags, `agent:…`, `journey:…`, `guideline:…`, `journey_node:…` with an id, or `__preamble__`.',
    }),
    signals: fields.signals.nullish(),
    metadata: jsonObject.nullish(),
    field_dependencies: fields.field_dependencies.nullish(),
  })
  .meta({ id: 'CannedResponseCreate' });

export const cannedResponseUpdateSchema = z
  .object({
    value: fields.value.nullish(),
    fields: fields.fields
      .nullish()
      .meta({ description: 'Only together with `value`, which else resets it.' }),
    tags: tagPatchSchema.nullish(),
    signals: fields.signals.nullish(),
    metadata: metadataPatchSchema.nullish(),
    field_dependencies: fields.field_dependencies.nullish(),
  })
  .refine(({ value, fields }) => !fields || value, { path: ['fields'], error: 'needs a value beside it' })
  .meta({ id: 'CannedResponseUpdate', description: 'Absent or null: unchanged. An empty list empties.' });

export const cannedResponseListQuery = z.object({
  tags: z
    .union([tagId.transform((one) => [one]), z.array(tagId).max(100)])
    .optional()
    .meta({
      description: 'Those that have one of these tags.',
      ...shownAs({ type: 'array', items: { type: 'string' } }),
    }),
});

export function toNewCannedResponse(body: z.output<typeof cannedResponseCreateSchema>): NewCannedResponse {
  const { field_dependencies: fieldDependencies, ...rest } = body;
  return given({ ...rest, fieldDependencies });
}

export function toCannedResponsePatch(
  body: z.output<typeof cannedResponseUpdateSchema>,
): CannedResponsePatch {
  const { value, fields, tags, signals, metadata, field_dependencies: fieldDependencies } = body;
  return {
    ...given({ signals, fieldDependencies }),
    ...(value && { template: { value, ...given({ fields }) } }),
    ...(metadata && { metadata: given(metadata) }),
    ...(tags && { tags: given(tags) }),
  };
}

/** As sent. */
export function toCannedResponseJson(response: CannedResponse): z.input<typeof cannedResponseSchema> {
  return {
    id: response.id,
    creation_utc: response.creationUtc,
    value: response.value,
    fields: response.fields.map(({ name, description, examples }) => ({
      name,
      description,
      examples: [...examples],
    })),
    tags: [...response.tags],
    signals: [...response.signals],
    metadata: response.metadata,
    field_dependencies: [...response.fieldDependencies],
  };
}
