/** What is stored of a customer. */
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';

export type CustomerFields = {
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Ids, also `agent:<agent id>`. */
  readonly tags: readonly string[];
};

export type Customer = Stored<CustomerFields>;

/** Who talks to agents and was not named. Always there. */
export const guestId = 'guest';

export const customerCollection: Collection<CustomerFields> = {
  name: 'customers',
  noun: 'customer',
  members: ['tags'],
  seeds: [{ id: guestId, fields: { name: 'Guest', metadata: {}, tags: [] } }],
};
