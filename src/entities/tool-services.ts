/** Tool services as entities: where tools are that run on other servers. All of them are in memory; the tools themselves are not here. */
import type { DocumentStore } from '../documents/document-store.ts';
import { InvalidDefinitionError, ServiceNotFoundError } from '../errors.ts';
import type { StoredToolServices } from '../tools/tool-directory.ts';
import type { ToolServiceConfig } from '../tools/tool-service.ts';
import { toolServiceCollection, type ToolServiceRecord } from './collections/tool-service.ts';
import { openLiveCollection } from './live-collection.ts';

export interface ToolServices extends StoredToolServices {
  /** Creates it, or puts it in the place of the one with this name. `InvalidDefinitionError`: the name is the program's own. */
  put(serviceName: string, config: ToolServiceConfig): Promise<ToolServiceRecord>;
  /** Undefined: there is none. */
  get(serviceName: string): ToolServiceRecord | undefined;
  /** By creation. */
  list(): readonly ToolServiceRecord[];
  /** `ServiceNotFoundError`. What uses its tools stays, and finds none. */
  delete(serviceName: string): Promise<void>;
}

export type ToolServicesOptions = {
  readonly documents: DocumentStore;
  /** Names of the program's own services. A stored one with such a name is not seen. */
  readonly taken: ReadonlySet<string>;
};

/** Reads them all. */
export async function openToolServices({ documents, taken }: ToolServicesOptions): Promise<ToolServices> {
  const services = await openLiveCollection(documents, toolServiceCollection);
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

    get: (serviceName) => (taken.has(serviceName) ? undefined : services.get(serviceName)),
    list: () => services.list().filter(({ id }) => !taken.has(id)),

    async delete(serviceName) {
      const isThere = !taken.has(serviceName) && (await documents.delete(toolServiceCollection, serviceName));
      if (!isThere) throw new ServiceNotFoundError(serviceName);
    },

    watch: (listener) => void services.watch(listener),
  };
}
