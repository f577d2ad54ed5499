/** Collections to try the documents with. */
import type { Collection } from '../../src/documents/collection.ts';

export type Fruit = {
  readonly name: string;
  readonly weight?: number;
  readonly isRipe?: boolean;
  readonly colours: readonly string[];
  readonly marks?: readonly (string | number)[];
  readonly origin?: { readonly country: string | null };
};

export const fruits: Collection<Fruit> = {
  name: 'fruits',
  noun: 'fruit',
  unique: ['name'],
  indexed: ['origin.country'],
  members: ['colours'],
};

/** The same fields, of which nothing is declared. */
export const stones: Collection<Fruit> = { name: 'stones', noun: 'stone' };

export const testCollections = [fruits, stones];
