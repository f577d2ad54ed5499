/**
 * The port of documents: entities (agents, customers, tags …) as JSON in collections. They are few and change rarely, sessions are
 * elsewhere. What has resolved is on disk; what was refused has changed nothing.
 */
import type { AnyCollection, Collection, FieldPath } from './collection.ts';

/** A document: its fields, and what the store adds. */
export type Stored<Fields> = Readonly<Fields> & {
  readonly id: string;
  /** ISO 8601, UTC, six fractional digits; no two are equal. */
  readonly creationUtc: string;
};

export type Scalar = string | number | boolean | null;

/**
 * Plain data. `field` may also be `id`; an absent field is null. What asks for an order matches only a value of the bound's own type:
 * numbers by size, texts by code points; null, true and false have none.
 */
export type Filter<Fields> =
  | { readonly field: FieldPath<Fields> | 'id'; readonly is: Scalar }
  | { readonly field: FieldPath<Fields> | 'id'; readonly isNot: Scalar }
  | { readonly field: FieldPath<Fields> | 'id'; readonly isIn: readonly (string | number)[] }
  /** Also null, and what has another type. */
  | { readonly field: FieldPath<Fields> | 'id'; readonly isNotIn: readonly (string | number)[] }
  | { readonly field: FieldPath<Fields> | 'id'; readonly above: string | number }
  | { readonly field: FieldPath<Fields> | 'id'; readonly atLeast: string | number }
  | { readonly field: FieldPath<Fields> | 'id'; readonly below: string | number }
  | { readonly field: FieldPath<Fields> | 'id'; readonly atMost: string | number }
  /** An array has this value. */
  | { readonly field: FieldPath<Fields>; readonly has: string | number }
  /** None: matches everything. */
  | { readonly all: readonly Filter<Fields>[] }
  /** None: matches nothing. */
  | { readonly any: readonly Filter<Fields>[] };

/** Where a document stands in a list. */
export type Position = { readonly creationUtc: string; readonly id: string };

export type Query<Fields> = {
  readonly where?: Filter<Fields>;
  /** By creation, then id; default `asc`. */
  readonly sort?: 'asc' | 'desc';
  /** Default: all. 0: only count. */
  readonly limit?: number;
  /** What stands behind this in the order asked for. It need not exist. */
  readonly after?: Position;
};

export type Page<Fields> = {
  readonly items: readonly Stored<Fields>[];
  /** How many match behind `after`. */
  readonly totalCount: number;
  /** Of the last item, if there are more behind it. */
  readonly next: Position | null;
};

export interface DocumentReader {
  get<Fields extends object>(collection: Collection<Fields>, id: string): Promise<Stored<Fields> | undefined>;
  find<Fields extends object>(collection: Collection<Fields>, query?: Query<Fields>): Promise<Page<Fields>>;
}

/** Every method rejects with `DocumentsUnavailableError` when nothing can be stored. */
export interface Documents extends DocumentReader {
  /** `IdTakenError`, `ValueTakenError` (a unique field). */
  insert<Fields extends object>(
    collection: Collection<Fields>,
    id: string,
    fields: Fields,
  ): Promise<Stored<Fields>>;
  /** Nothing comes between reading and writing. `change` returns all fields. Undefined: there is none. `ValueTakenError`. */
  update<Fields extends object>(
    collection: Collection<Fields>,
    id: string,
    change: (current: Stored<Fields>) => Fields,
  ): Promise<Stored<Fields> | undefined>;
  /** Whether there was one. */
  delete(collection: AnyCollection, id: string): Promise<boolean>;
}

/** What a commit did to one document; `document` is undefined when it is gone. */
export type Change = {
  readonly collection: string;
  readonly id: string;
  readonly document: Stored<object> | undefined;
};

export interface DocumentStore extends Documents {
  /**
   * All of it or nothing: what `work` throws, undoes it. Transactions are one after the other, and each sees what the one before it
   * left. `work` awaits nothing but what it is given here, and does nothing else: it may be run again.
   */
  transaction<Result>(work: (documents: Documents) => Promise<Result>): Promise<Result>;
  /** Called with what is on disk now, in order, before the promises resolve. Returns how to stop. */
  onCommitted(listener: (changes: readonly Change[]) => void): () => void;
  /** What was begun is finished first. */
  close(): Promise<void>;
}
