/** Documents of every collection of entities, in a folder of their own; `await using` closes both. */
import type { DocumentStore } from '../../src/documents/document-store.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import { entityCollections } from '../../src/entities/collections/all.ts';
import { createDataFolder } from './data-folder.ts';

export async function openEntityDocuments(): Promise<
  AsyncDisposable & { readonly documents: DocumentStore }
> {
  const folder = await createDataFolder();
  const documents = openSqliteDocuments({ folder: folder.path, collections: entityCollections });
  return {
    documents,
    async [Symbol.asyncDispose]() {
      await documents.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
