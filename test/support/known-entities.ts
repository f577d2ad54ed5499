/** Everything agents know, over a real file, with a service `shop` of tools: for tests of what is made of it. `await using` closes it. */
import { createAgentDirectory } from '../../src/agents/agent-directory.ts';
import type { DocumentStore } from '../../src/documents/document-store.ts';
import { openEntities, type Entities } from '../../src/entities/entities.ts';
import type { ToolService } from '../../src/tools/tool-service.ts';
import { openEntityDocuments } from './entity-documents.ts';
import { createToolService } from './tool-service.ts';

export type KnownEntities = AsyncDisposable & {
  readonly documents: DocumentStore;
  readonly entities: Entities;
};

/** Default: the tools `shop:search` and `shop:buy`. */
export async function openKnownEntities(
  shop: ToolService = createToolService('search', 'buy'),
): Promise<KnownEntities> {
  const opened = await openEntityDocuments();
  const { documents } = opened;
  const entities = await openEntities({
    documents,
    configured: createAgentDirectory([]),
    ownServices: new Map([['shop', shop]]),
  });
  return { documents, entities, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
}
