/**
 * Values of context variables: one per variable and key, found by both at once, however many customers have one. A value goes with its
 * variable.
 */
import { contentId } from '../documents/content-id.ts';
import type { DocumentReader, Documents, DocumentStore } from '../documents/document-store.ts';
import { ContextValueNotFoundError, ContextVariableNotFoundError } from '../errors.ts';
import { toUtc } from '../event-log/utc.ts';
import {
  contextValueCollection,
  contextVariableCollection,
  type ContextValue,
} from './collections/context-variable.ts';

export interface ContextValues {
  /** By creation. `ContextVariableNotFoundError`. */
  list(variableId: string): Promise<readonly ContextValue[]>;
  /** `ContextVariableNotFoundError`, `ContextValueNotFoundError`. */
  read(variableId: string, key: string): Promise<ContextValue>;
  /** Those there are for these keys, by key; none for a variable that is not there. */
  find(variableId: string, keys: readonly string[]): Promise<ReadonlyMap<string, ContextValue>>;
  /** Creates or replaces it. `ContextVariableNotFoundError`. */
  put(value: Pick<ContextValue, 'variableId' | 'key' | 'data'>): Promise<ContextValue>;
  /** `ContextVariableNotFoundError`, `ContextValueNotFoundError`. */
  delete(variableId: string, key: string): Promise<void>;
}

export type ContextValuesOptions = {
  readonly documents: DocumentStore;
  /** Milliseconds since 1970; default: the machine's clock. */
  readonly now?: () => number;
};

export function createContextValues({ documents, now = Date.now }: ContextValuesOptions): ContextValues {
  return {
    async list(variableId) {
      await demandVariable(documents, variableId);
      return readAll(documents, variableId);
    },

    async read(variableId, key) {
      await demandVariable(documents, variableId);
      return demandValue(documents, variableId, key);
    },

    async find(variableId, keys) {
      const isIn = keys.map((key) => valueId(variableId, key));
      const { items } = await documents.find(contextValueCollection, { where: { field: 'id', isIn } });
      return new Map(
        items.filter((value) => value.variableId === variableId).map((value) => [value.key, value]),
      );
    },

    put: ({ variableId, key, data }) =>
      documents.transaction(async (tx) => {
        await demandVariable(tx, variableId);
        const value = { variableId, key, data, lastModified: toUtc(new Date(now()).toISOString()) };
        const id = valueId(variableId, key);
        const stored = await readValue(tx, variableId, key);
        return (
          (stored && (await tx.update(contextValueCollection, id, () => value))) ??
          tx.insert(contextValueCollection, id, value)
        );
      }),

    delete: (variableId, key) =>
      documents.transaction(async (tx) => {
        await demandVariable(tx, variableId);
        const { id } = await demandValue(tx, variableId, key);
        await tx.delete(contextValueCollection, id);
      }),
  };
}

/** All values of a variable that is deleted. */
export async function removeValues(tx: Documents, variableId: string): Promise<void> {
  for (const { id } of await readAll(tx, variableId)) await tx.delete(contextValueCollection, id);
}

/** Where the value of a variable for a key is stored. */
export function valueId(variableId: string, key: string): string {
  return contentId(['context value', variableId, key]);
}

/** An id is 60 bits of a digest: it says where to look, and not who is there. */
async function readValue(
  documents: DocumentReader,
  variableId: string,
  key: string,
): Promise<ContextValue | undefined> {
  const value = await documents.get(contextValueCollection, valueId(variableId, key));
  return value?.variableId === variableId && value.key === key ? value : undefined;
}

async function readAll(documents: DocumentReader, variableId: string): Promise<readonly ContextValue[]> {
  const where = { field: 'variableId', is: variableId } as const;
  return (await documents.find(contextValueCollection, { where })).items;
}

async function demandVariable(documents: DocumentReader, variableId: string): Promise<void> {
  const variable = await documents.get(contextVariableCollection, variableId);
  if (!variable) throw new ContextVariableNotFoundError(variableId);
}

async function demandValue(
  documents: DocumentReader,
  variableId: string,
  key: string,
): Promise<ContextValue> {
  const value = await readValue(documents, variableId, key);
  if (!value) throw new ContextValueNotFoundError(variableId, key);
  return value;
}
