/** A store for definitions in a folder of its own, told by what was committed to it; `await using` closes both. */
import { applyDefinitions } from '../../src/definition/apply-definitions.ts';
import { definitionCollection } from '../../src/definition/definition-record.ts';
import type { Definition } from '../../src/definition/definition.ts';
import type { AnyCollection, Collection } from '../../src/documents/collection.ts';
import type { DocumentStore } from '../../src/documents/document-store.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import { entityCollections } from '../../src/entities/collections/all.ts';
import { createServer, type DefinedServer } from '../../src/sdk/server.ts';
import { createDataFolder } from '../support/data-folder.ts';

export const allCollections: readonly AnyCollection[] = [...entityCollections, definitionCollection];

export async function openStore() {
  const folder = await createDataFolder();
  const documents = openSqliteDocuments({ folder: folder.path, collections: allCollections });
  const commits: number[] = [];
  documents.onCommitted((changes) => commits.push(changes.length));
  return {
    documents,
    /** How many documents each commit has changed. */
    commits,
    apply: (...definitions: readonly Definition[]) => applyDefinitions({ documents, definitions }),
    everything: () => readEverything(documents),
    async [Symbol.asyncDispose]() {
      await documents.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** By collection, as it is stored. */
export async function readEverything(documents: DocumentStore): Promise<Record<string, readonly object[]>> {
  const found: Record<string, readonly object[]> = {};
  for (const collection of allCollections) {
    found[collection.name] = (await documents.find(collection as Collection<object>)).items; // whatever it holds
  }
  return found;
}

/** What a program that writes this defines. */
export function define(
  write: (server: DefinedServer) => void,
  { source }: { readonly source?: string } = {},
): Definition {
  const server = createServer(source === undefined ? {} : { source });
  write(server);
  return server.define();
}
