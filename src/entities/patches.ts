/** How labels and metadata of entities are changed. What is absent stays; what is not there need not be taken away. */
import type { JsonObject } from '../event-log/event.ts';

/** First what is added, then what is removed. */
export type LabelPatch = { readonly upsert?: readonly string[]; readonly remove?: readonly string[] };

/** First what is set, then what is unset. */
export type MetadataPatch = { readonly set?: JsonObject; readonly unset?: readonly string[] };

/** Each once, in the order given. */
export function patchLabels(labels: readonly string[], patch: LabelPatch = {}): readonly string[] {
  const { upsert = [], remove = [] } = patch;
  const removed = new Set(remove);
  return [...new Set([...labels, ...upsert])].filter((label) => !removed.has(label));
}

export function patchMetadata(
  metadata: JsonObject,
  { set = {}, unset = [] }: MetadataPatch = {},
): JsonObject {
  const removed = new Set(unset);
  return Object.fromEntries(Object.entries({ ...metadata, ...set }).filter(([key]) => !removed.has(key)));
}
