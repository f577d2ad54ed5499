/**
 * A collection in memory, kept in step with the store: for whoever asks with every message. It shows what is on disk, no sooner and no
 * later than the promise of whoever wrote it.
 */
import type { Collection } from '../documents/collection.ts';
import type { Change, DocumentStore, Stored } from '../documents/document-store.ts';

export interface LiveCollection<Fields extends object> {
  get(id: string): Stored<Fields> | undefined;
  /** By creation. The same array until something changes. */
  list(): readonly Stored<Fields>[];
  /** Grows with every change: what was made of an older version is out of date. */
  readonly version: number;
  /**
   * Called at once with every document there is, then with each that is new or changed, or without one that is gone: when all of its
   * commit can be seen here. It must not throw. Returns how to stop.
   */
  watch(listener: LiveListener<Fields>): () => void;
}

export type LiveListener<Fields> = (id: string, document: Stored<Fields> | undefined) => void;

/** Where the documents are. */
export type LiveSource = Pick<DocumentStore, 'find' | 'onCommitted'>;

/** Reads them all. It lives as long as the store. */
export async function openLiveCollection<Fields extends object>(
  documents: LiveSource,
  collection: Collection<Fields>,
): Promise<LiveCollection<Fields>> {
  const byId = new Map<string, Stored<Fields>>();
  const listeners = new Set<LiveListener<Fields>>();
  let ordered: readonly Stored<Fields>[] | undefined;
  let version = 0;

  // What is committed during the reading, and may or may not have been read, is done again upon it, in order.
  const meanwhile: Written<Fields>[] = [];
  let take = (changes: readonly Written<Fields>[]): void => void meanwhile.push(...changes);
  documents.onCommitted((changes) => take(changes.filter((change) => isOf(collection, change))));
  for (const document of (await documents.find(collection)).items) byId.set(document.id, document);
  take = apply;
  apply(meanwhile);

  function apply(changes: readonly Written<Fields>[]): void {
    if (changes.length === 0) return;
    for (const { id, document } of changes) {
      if (document) byId.set(id, document);
      else byId.delete(id);
    }
    version += changes.length;
    ordered = undefined;
    for (const { id, document } of changes) for (const listener of listeners) listener(id, document);
  }

  return {
    get: (id) => byId.get(id),
    list: () => (ordered ??= [...byId.values()].toSorted(byCreation)),
    get version() {
      return version;
    },
    watch(listener) {
      for (const [id, document] of byId) listener(id, document);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A change of this collection. */
type Written<Fields> = Change & { readonly document: Stored<Fields> | undefined };

function isOf<Fields extends object>(
  { name }: Collection<Fields>,
  change: Change,
): change is Written<Fields> {
  return change.collection === name;
}

function byCreation(a: Stored<object>, b: Stored<object>): number {
  if (a.creationUtc !== b.creationUtc) return a.creationUtc < b.creationUtc ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
