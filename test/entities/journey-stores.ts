/** The stores of journeys over a real file, and a look at everything that is in it; `await using` closes both. */
import type { AnyCollection, Collection } from '../../src/documents/collection.ts';
import type { DocumentStore } from '../../src/documents/document-store.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import { entityCollections } from '../../src/entities/collections/all.ts';
import { relationshipCollection } from '../../src/entities/collections/relationship.ts';
import { createJourneyEdges, type JourneyEdges } from '../../src/entities/journey-edges.ts';
import { createJourneyNodes, type JourneyNodes } from '../../src/entities/journey-nodes.ts';
import { createJourneys, type Journeys } from '../../src/entities/journeys.ts';
import { createSpecialTags } from '../../src/entities/special-tags.ts';
import { createDataFolder } from '../support/data-folder.ts';

export type JourneyStores = AsyncDisposable & {
  readonly documents: DocumentStore;
  readonly journeys: Journeys;
  readonly nodes: JourneyNodes;
  readonly edges: JourneyEdges;
  /** Every document by the name of its collection, but the guest. */
  everything(): Promise<Readonly<Record<string, readonly { readonly id: string }[]>>>;
  /** Ids of tools by the ids of nodes that are matched again after them. */
  reevaluations(): Promise<readonly (readonly [nodeTag: string, toolId: string])[]>;
};

/** The tools there are: `shop:search`, `shop:buy` and `bank:pay`. The agent there is: `echo`. */
export async function openJourneys(): Promise<JourneyStores> {
  const folder = await createDataFolder();
  const documents = openSqliteDocuments({ folder: folder.path, collections: entityCollections });
  const { ofAgents } = createSpecialTags({ configured: { get: (id) => (id === 'echo' ? echo : undefined) } });
  const tools = { has: async (toolId: string) => ['shop:search', 'shop:buy', 'bank:pay'].includes(toolId) };
  return {
    documents,
    journeys: createJourneys({ documents, specialTags: ofAgents }),
    nodes: createJourneyNodes({ documents, tools }),
    edges: createJourneyEdges({ documents }),
    async everything() {
      const read = async (collection: AnyCollection) => {
        const { items } = await documents.find(collection as Collection<object>); // only listed
        return [collection.name, items.filter(({ id }) => id !== 'guest')] as const;
      };
      const all = await Promise.all(entityCollections.map(read));
      return Object.fromEntries(all.filter(([, items]) => items.length > 0));
    },
    async reevaluations() {
      const { items } = await documents.find(relationshipCollection, {
        where: { field: 'kind', is: 'reevaluation' },
      });
      return items.map(({ source, target }) => [source.id, target.id] as const);
    },
    async [Symbol.asyncDispose]() {
      await documents.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const echo = {
  id: 'echo',
  name: 'Echo',
  description: null,
  interruption: 'interrupt',
  runner: { run: async () => {} },
} as const;
