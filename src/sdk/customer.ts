/** Customers a program knows beforehand. Everybody else becomes one by talking. */
import { z } from 'zod';
import { customerCollection, guestId } from '../entities/collections/customer.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { checkOptions, named } from './check-options.ts';
import { definedId, type Draft } from './draft.ts';
import { chosenId, name, textMap, things, toJson } from './options.ts';
import { toTagIds, type DefinedTag } from './tag.ts';

export type CustomerOptions = {
  /** At most 100 characters. */
  readonly name: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly DefinedTag[];
  /** As requests name the customer (`X-User-Id`, `sub`); default: made of the name. */
  readonly id?: string;
};

export type DefinedCustomer = {
  readonly kind: 'customer';
  readonly id: string;
  readonly name: string;
};

const schema = z.strictObject({
  name: name({ max: 100 }),
  metadata: textMap.optional(),
  tags: things.optional(),
  id: chosenId.optional(),
} satisfies Record<keyof CustomerOptions, z.ZodType>);

/** Throws `InvalidDefinitionError`. */
export function createCustomer(draft: Draft, options: CustomerOptions): DefinedCustomer {
  const what = named('customer', (options as Partial<CustomerOptions> | undefined)?.name); // not checked yet
  checkOptions(what, schema, options);
  const { name, metadata = {}, tags = [], id = definedId('customer', name) } = options;
  if (id === guestId)
    throw new InvalidDefinitionError(what, `"${guestId}" is who names nobody, and is there already`);
  draft.add(customerCollection, {
    id,
    what,
    fields: { name, metadata: toJson(metadata), tags: toTagIds(draft, tags, what) },
  });
  return draft.handle({ kind: 'customer', id, name });
}
