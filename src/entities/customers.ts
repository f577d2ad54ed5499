/** Customers: who talks to agents. Who is not known yet is made a customer on first use; the guest is always there. */
import { freeContentId } from '../documents/content-id.ts';
import type { Documents, DocumentStore, Position } from '../documents/document-store.ts';
import { parseCursor, toCursor } from '../documents/position.ts';
import { CustomerNotFoundError, GuestCustomerError } from '../errors.ts';
import { customerCollection, guestId, type Customer, type CustomerFields } from './collections/customer.ts';
import { patchTags, toTags, type SpecialTag, type TagPatch } from './tag-rules.ts';

export type NewCustomer = {
  /** Default: made of the content. */
  readonly id?: string;
  readonly name: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
};

/** What is absent stays as it is. */
export type CustomerPatch = {
  readonly name?: string;
  /** First what is set, then what is unset. */
  readonly metadata?: {
    readonly set?: Readonly<Record<string, string>>;
    readonly unset?: readonly string[];
  };
  readonly tags?: TagPatch;
};

export type CustomerQuery = {
  /** At least 1; default: all. */
  readonly limit?: number;
  /** One that is none is as no cursor. */
  readonly cursor?: string;
  /** By creation; default `asc`. */
  readonly sort?: 'asc' | 'desc';
};

export type CustomerPage = {
  readonly items: readonly Customer[];
  /** How many there are behind the cursor. */
  readonly totalCount: number;
  readonly nextCursor: string | null;
};

export interface Customers {
  /** `IdTakenError`, `TagNotFoundError`. */
  create(customer: NewCustomer): Promise<Customer>;
  /** `CustomerNotFoundError`. */
  read(customerId: string): Promise<Customer>;
  /** The guest is first on the first page, however the rest is sorted. */
  list(query?: CustomerQuery): Promise<CustomerPage>;
  /** `CustomerNotFoundError`, `TagNotFoundError`, `TagNotAttachedError`. */
  update(customerId: string, patch: CustomerPatch): Promise<Customer>;
  /** `CustomerNotFoundError`; `GuestCustomerError` for the guest. Sessions stay. */
  delete(customerId: string): Promise<void>;
  /** What a customer is called in messages: the name, or the id of one that is not known. */
  nameOf(customerId: string): Promise<string>;
  /** Makes a customer of that id and name if there is none. */
  ensure(customerId: string): Promise<void>;
}

export type CustomersOptions = {
  readonly documents: DocumentStore;
  /** Which tags mean something by themselves. */
  readonly specialTags: SpecialTag;
};

export function createCustomers({ documents, specialTags }: CustomersOptions): Customers {
  /** Names in use, asked for with every message. */
  const names = new Map<string, string>();

  return {
    create: ({ id, name, metadata = {}, tags = [] }) =>
      documents.transaction(async (tx) => {
        const fields = { name, metadata, tags: await toTags(tx, tags, specialTags) };
        return tx.insert(customerCollection, id ?? (await newCustomerId(tx, fields)), fields);
      }),

    async read(customerId) {
      return demandCustomer(await documents.get(customerCollection, customerId), customerId);
    },

    list: (query = {}) => listCustomers(documents, query),

    async update(customerId, patch) {
      const customer = await documents.transaction(async (tx) => {
        await toTags(tx, patch.tags?.add ?? [], specialTags);
        const updated = await tx.update(customerCollection, customerId, (current) => ({
          name: patch.name ?? current.name,
          metadata: patchMetadata(current.metadata, patch.metadata),
          tags: patchTags(current.tags, patch.tags ?? {}, { noun: customerCollection.noun, id: customerId }),
        }));
        return demandCustomer(updated, customerId);
      });
      names.delete(customerId);
      return customer;
    },

    async delete(customerId) {
      if (customerId === guestId) throw new GuestCustomerError();
      if (!(await documents.delete(customerCollection, customerId)))
        throw new CustomerNotFoundError(customerId);
      names.delete(customerId);
    },

    async nameOf(customerId) {
      const known = names.get(customerId);
      if (known !== undefined) return known;
      const customer = await documents.get(customerCollection, customerId);
      if (!customer) return customerId;
      if (names.size >= namesKept) names.clear();
      names.set(customerId, customer.name);
      return customer.name;
    },

    async ensure(customerId) {
      if (await documents.get(customerCollection, customerId)) return;
      await documents.transaction(async (tx) => {
        if (await tx.get(customerCollection, customerId)) return;
        const name = Array.from(customerId).slice(0, nameLimit).join('');
        await tx.insert(customerCollection, customerId, { name, metadata: {}, tags: [] });
      });
    },
  };
}

/** How many names are remembered; then it begins anew. */
const namesKept = 10_000;

/** Characters of a name. */
const nameLimit = 100;

function newCustomerId(tx: Documents, { name, metadata, tags }: CustomerFields): Promise<string> {
  const isTaken = async (id: string) => (await tx.get(customerCollection, id)) !== undefined;
  return freeContentId(['customer', name, metadata, tags], isTaken);
}

/** Where the first page ends that holds nobody but the guest. */
const behindGuest: Readonly<Record<'asc' | 'desc', Position>> = {
  asc: { creationUtc: '0000-01-01T00:00:00.000000Z', id: guestId },
  desc: { creationUtc: '9999-12-31T23:59:59.999999Z', id: guestId },
};

async function listCustomers(
  documents: DocumentStore,
  { limit, cursor, sort = 'asc' }: CustomerQuery,
): Promise<CustomerPage> {
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  const where = { field: 'id', isNot: guestId } as const;
  if (after) {
    const { items, totalCount, next } = await documents.find(customerCollection, {
      where,
      sort,
      after,
      ...(limit !== undefined && { limit }),
    });
    return { items, totalCount, nextCursor: next && toCursor(next) };
  }
  const guest = await documents.get(customerCollection, guestId);
  const others = await documents.find(customerCollection, {
    where,
    sort,
    ...(limit !== undefined && { limit: limit - 1 }),
  });
  const isMore = others.totalCount > others.items.length;
  const last = others.items.at(-1) ?? behindGuest[sort];
  return {
    items: [...(guest ? [guest] : []), ...others.items],
    totalCount: others.totalCount + 1,
    nextCursor: isMore ? toCursor(last) : null,
  };
}

function patchMetadata(
  metadata: CustomerFields['metadata'],
  { set = {}, unset = [] }: NonNullable<CustomerPatch['metadata']> = {},
): CustomerFields['metadata'] {
  const entries = Object.entries({ ...metadata, ...set }).filter(([key]) => !unset.includes(key));
  return Object.fromEntries(entries);
}

function demandCustomer(customer: Customer | undefined, customerId: string): Customer {
  if (!customer) throw new CustomerNotFoundError(customerId);
  return customer;
}
