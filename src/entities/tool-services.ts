/** Tool services as entities: where tools are that run on other servers. All of them are in memory; the tools themselves are not here. */
import type { Change, DocumentStore } from '../documents/document-store.ts';
import { InvalidDefinitionError, ServiceNotFoundError } from '../errors.ts';
import type { StoredToolServices } from '../tools/tool-directory.ts';
import type { ToolServiceConfig } from '../tools/tool-service.ts';
import { toolServiceCollection, type ToolServiceRecord } from './collections/tool-service.ts';

export interface ToolServices extends StoredToolServices {
  /** Creates it, or puts it in the place of the one with this name. `InvalidDefinitionError`: the name is the program's own. */
  put(serviceName: string, config: ToolServiceConfig): Promise<ToolServiceRecord>;
  /** Undefined: there is none. */
  get(serviceName: string): ToolServiceRecord | undefined;
  /** By creation. */
  list(): readonly ToolServiceRecord[];
  /** `ServiceNotFoundError`. */
  delete(serviceName: string): Promise<void>;
}

export type ToolServicesOptions = {
  readonly documents: DocumentStore;
  /** Names of the program's own services. */
  readonly taken: ReadonlySet<string>;
};

/** Reads them all. */
export async function openToolServices({ documents, taken }: ToolServicesOptions): Promise<ToolServices> {
  const stored = new Map<string, ToolServiceRecord>();
  const listeners: Parameters<StoredToolServices['watch']>[0][] = [];
  for (const service of (await documents.find(toolServiceCollection)).items) stored.set(service.id, service);
  documents.onCommitted((changes) => changes.filter(isOfServices).forEach(apply));

  function apply({ id, document }: Change): void {
    const service = document as ToolServiceRecord | undefined; // of the collection of services
    if (service) stored.set(id, service);
    else stored.delete(id);
    for (const listener of listeners) listener(id, service);
  }

  return {
    async put(serviceName, config) {
      if (taken.has(serviceName)) {
        const what = `the service "${serviceName}"`;
        throw new InvalidDefinitionError(what, 'the program has a service of its own with this name');
      }
      return documents.transaction(
        async (tx) =>
          (await tx.update(toolServiceCollection, serviceName, () => config)) ??
          tx.insert(toolServiceCollection, serviceName, config),
      );
    },

    get: (serviceName) => stored.get(serviceName),
    list: () => [...stored.values()],

    async delete(serviceName) {
      const isThere = await documents.delete(toolServiceCollection, serviceName);
      if (!isThere) throw new ServiceNotFoundError(serviceName);
    },

    watch(listener) {
      listeners.push(listener);
      for (const [name, service] of stored) listener(name, service);
    },
  };
}

function isOfServices({ collection }: Change): boolean {
  return collection === toolServiceCollection.name;
}
