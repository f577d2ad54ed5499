/** The same documents with a check in front of every call. `demand` throws when a call must not go through. */
import type { DocumentReader, Documents } from './document-store.ts';

export function guardReader(reader: DocumentReader, demand: () => void): DocumentReader {
  return {
    async get(collection, id) {
      demand();
      return reader.get(collection, id);
    },
    async find(collection, query) {
      demand();
      return reader.find(collection, query);
    },
  };
}

/** As `guardReader`, for writes too. Each call waits for `pause` first. */
export function guardDocuments(
  documents: Documents,
  { demand, pause }: { readonly demand: () => void; readonly pause: () => Promise<void> },
): Documents {
  // Between the check and the call nothing may come.
  return {
    async get(collection, id) {
      await pause();
      demand();
      return documents.get(collection, id);
    },
    async find(collection, query) {
      await pause();
      demand();
      return documents.find(collection, query);
    },
    async insert(collection, id, fields) {
      await pause();
      demand();
      return documents.insert(collection, id, fields);
    },
    async update(collection, id, change) {
      await pause();
      demand();
      return documents.update(collection, id, change);
    },
    async delete(collection, id) {
      await pause();
      demand();
      return documents.delete(collection, id);
    },
  };
}
