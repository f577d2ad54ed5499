/**
 * What the program says about a collection of documents: its name, its version and how older documents become new ones, what must
 * be unique and what is looked up often. Fields are named by their place in the document: `name`, `source.id`.
 */
import type { JsonObject } from '../event-log/event.ts';

/** A field of a document, or of an object in it. */
export type FieldPath<Fields> = Extract<keyof Fields, string> | `${Extract<keyof Fields, string>}.${string}`;

/** Makes a document of the next version; gets and returns its fields, without id and creation time. It must not throw. */
export type Migration = (fields: JsonObject) => JsonObject;

export type Collection<Fields extends object> = {
  /** Plural, lower case: `tags`. Never changed. */
  readonly name: string;
  /** What one document is called in errors: `tag`. */
  readonly noun: string;
  /** The n-th makes version n + 1 of version n, at opening. One that was published is never changed. */
  readonly migrations?: readonly Migration[];
  /** Fields of text that no two documents may share; null is shared freely. */
  readonly unique?: readonly FieldPath<Fields>[];
  /** Other fields with one value that are looked up often. */
  readonly indexed?: readonly FieldPath<Fields>[];
  /** Fields with an array of values that are looked up often. */
  readonly members?: readonly FieldPath<Fields>[];
  /** What is there from the beginning: inserted at opening where it is missing. */
  readonly seeds?: readonly { readonly id: string; readonly fields: Fields }[];
  /** For the compiler only: what a document holds. Never set. */
  readonly fields?: Fields;
};

/** A collection whatever it holds. */
export type AnyCollection = Omit<Collection<object>, 'unique' | 'indexed' | 'members'> & {
  readonly unique?: readonly string[];
  readonly indexed?: readonly string[];
  readonly members?: readonly string[];
};

/** The version its documents are written in. */
export function versionOf({ migrations = [] }: AnyCollection): number {
  return migrations.length + 1;
}
