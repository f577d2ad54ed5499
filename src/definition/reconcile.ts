/** What an entity becomes: what its program says, and what others have added to it since. */
import { contextValueCollection, type ContextValueFields } from '../entities/collections/context-variable.ts';
import type { Json, JsonObject } from '../event-log/event.ts';
import type { DefinedDocument } from './definition.ts';
import { mergeMetadata } from './merge-metadata.ts';

export type Reconciling = {
  readonly document: DefinedDocument;
  /** Without id and creation time; undefined: it is new. */
  readonly stored: object | undefined;
  /** What the program said last time, as `toSaid` put it. */
  readonly said: Json | undefined;
  /** ISO 8601, UTC. */
  readonly now: string;
};

export function reconcile({ document, stored, said, now }: Reconciling): object {
  if (document.collection.name === contextValueCollection.name) {
    return reconcileValue(document.fields, { stored, said, now });
  }
  const { metadata }: WithMetadata = document.fields;
  const { metadata: found }: WithMetadata = stored ?? {};
  if (!metadata || !found) return document.fields;
  const before = isObject(said) ? said : {};
  return { ...document.fields, metadata: mergeMetadata({ before, now: metadata, stored: found }) };
}

/** What is to be remembered of what a program said: of the fields others write, too. */
export function toSaid({ collection, fields }: DefinedDocument): Json {
  if (collection.name === contextValueCollection.name) return (fields as DefinedValue).data; // of that collection
  const { metadata }: WithMetadata = fields;
  return metadata && Object.keys(metadata).length > 0 ? metadata : null;
}

type WithMetadata = { readonly metadata?: JsonObject };

/** When it was written is known only when it is. */
export type DefinedValue = Omit<ContextValueFields, 'lastModified'>;

/** A value is there to be changed while the server runs (by its tool, by operators): it is set again only when the program says another. */
function reconcileValue(fields: object, { stored, said, now }: Omit<Reconciling, 'document'>): object {
  const defined = fields as DefinedValue; // of that collection
  const isSame = (other: Json | undefined) => JSON.stringify(other) === JSON.stringify(defined.data);
  const { data }: Partial<ContextValueFields> = stored ?? {};
  return stored && (isSame(said) || isSame(data)) ? stored : { ...defined, lastModified: now };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
