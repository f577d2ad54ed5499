/** Customers on the wire: Parlant's shape. */
import { z } from 'zod';
import type { Customer } from '../../entities/collections/customer.ts';
import type { CustomerPatch, NewCustomer } from '../../entities/customers.ts';
import { timestamp, wholeNumber } from './common.ts';
import { chosenId, given, name, tagIds, tagPatchSchema, textMap } from './entities.ts';

export const customerSchema = z
  .object({
    id: z.string(),
    creation_utc: timestamp,
    name: z.string(),
    metadata: textMap,
    tags: z.array(z.string()),
  })
  .meta({ id: 'Customer' });

export const customerPageSchema = z
  .object({
    items: z.array(customerSchema),
    total_count: z.int().meta({ description: 'How many remain after the cursor.' }),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'CustomerPage' });

const customerName = name({ max: 100 });

export const customerCreateSchema = z
  .object({
    id: chosenId.nullish(),
    name: customerName,
    metadata: textMap.nullish(),
    tags: tagIds.nullish().meta({ description: 'Ids of tags, or `agent:<agent id>`.' }),
  })
  .meta({ id: 'CustomerCreate' });

export const customerUpdateSchema = z
  .object({
    name: customerName.nullish(),
    metadata: z.object({ set: textMap.nullish(), unset: z.array(z.string()).max(100).nullish() }).nullish(),
    tags: tagPatchSchema.nullish(),
  })
  .meta({ id: 'CustomerUpdate', description: 'Absent or null: unchanged.' });

export const customerListQuery = z.object({
  limit: wholeNumber({ min: 1, max: 100 })
    .optional()
    .meta({ description: 'With it the answer is a page, without it an array of all.' }),
  cursor: z.string().optional(),
  sort: z.enum(['asc', 'desc']).optional(),
});

export function toNewCustomer(body: z.output<typeof customerCreateSchema>): NewCustomer {
  return { ...given(body), name: body.name };
}

export function toCustomerPatch(body: z.output<typeof customerUpdateSchema>): CustomerPatch {
  return {
    ...(body.name && { name: body.name }),
    ...(body.metadata && { metadata: given(body.metadata) }),
    ...(body.tags && { tags: given(body.tags) }),
  };
}

/** As sent. */
export function toCustomerJson(customer: Customer): z.input<typeof customerSchema> {
  return {
    id: customer.id,
    creation_utc: customer.creationUtc,
    name: customer.name,
    metadata: customer.metadata,
    tags: [...customer.tags],
  };
}
