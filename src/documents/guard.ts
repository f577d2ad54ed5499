/** The same documents with a check in front of every call. */
import type { DocumentReader, Documents } from './document-store.ts';

/** `demand` throws when a call must not go through. */
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

/** As `guardReader`, for writes too. */
export function guardDocuments(documents: Documents, demand: () => void): Documents {
  return {
    ...guardReader(documents, demand),
    async insert(collection, id, fields) {
      demand();
      return documents.insert(collection, id, fields);
    },
    async update(collection, id, change) {
      demand();
      return documents.update(collection, id, change);
    },
    async delete(collection, id) {
      demand();
      return documents.delete(collection, id);
    },
  };
}
