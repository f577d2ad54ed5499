/**
 * Stores what programs define, in one transaction: all of it or nothing. What is new is inserted, what differs is updated in place, what a
 * source defined earlier and defines no more is deleted. The same definitions once more write nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { AnyCollection, Collection } from '../documents/collection.ts';
import type { Documents, DocumentStore, Stored } from '../documents/document-store.ts';
import { agentCollection } from '../entities/collections/agent.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { Json } from '../event-log/event.ts';
import { toUtc } from '../event-log/utc.ts';
import { checkDefinitions, type DefinedDocument, type Definition } from './definition.ts';
import { definitionCollection } from './definition-record.ts';
import { createExitOrder } from './exit-order.ts';
import { readOwnership, type Ownership } from './ownership.ts';
import { reconcile, toSaid } from './reconcile.ts';
import { removeEntity } from './remove-entity.ts';
import { createRules, type Rules } from './rules.ts';

export type ApplyOptions = {
  /** Opened with `entityCollections` and `definitionCollection`. */
  readonly documents: DocumentStore;
  readonly definitions: readonly Definition[];
  /** Ids of agents that a definition may not have. */
  readonly configuredAgents?: readonly string[];
  /** Milliseconds since 1970; default: the machine's clock. */
  readonly now?: () => number;
};

/** How many entities a source has changed. */
export type DefinitionChanges = {
  readonly source: string;
  inserted: number;
  updated: number;
  deleted: number;
};

export function hasChanges({ inserted, updated, deleted }: DefinitionChanges): boolean {
  return inserted + updated + deleted > 0;
}

/** Throws `InvalidDefinitionError` and what the rules of entities say; nothing is stored then. In the order of the definitions. */
export async function applyDefinitions(options: ApplyOptions): Promise<readonly DefinitionChanges[]> {
  const { documents, definitions, configuredAgents = [], now = Date.now } = options;
  if (definitions.length === 0) return [];
  checkDefinitions(definitions);
  checkAgents(definitions, configuredAgents);
  const time = toUtc(new Date(now()).toISOString());
  return documents.transaction(async (tx) => {
    const ownership = await readOwnership(tx, definitions);
    const rules = createRules(tx);
    const changes = definitions.map(({ source }) => ({ source, inserted: 0, updated: 0, deleted: 0 }));
    const each = definitions.map((definition, at) => ({ definition, counted: changes[at]! })); // of the same length
    for (const { definition, counted } of each)
      counted.deleted = await removeDropped(tx, definition, ownership);
    for (const { definition, counted } of each) {
      await storeDocuments(tx, { definition, ownership, rules, counted, time });
      await storeRecord(tx, definition, ownership);
    }
    await rules.after();
    return changes;
  });
}

function checkAgents(definitions: readonly Definition[], configured: readonly string[]): void {
  for (const { collection, id, what } of definitions.flatMap(({ documents }) => documents)) {
    if (collection.name === agentCollection.name && configured.includes(id)) {
      throw new InvalidDefinitionError(what, `the configuration has an agent of the id "${id}"`);
    }
  }
}

async function removeDropped(tx: Documents, definition: Definition, ownership: Ownership): Promise<number> {
  let deleted = 0;
  for (const { collection, id } of ownership.dropped(definition)) {
    if (await removeEntity(tx, collection, id)) deleted += 1;
  }
  return deleted;
}

type Storing = {
  readonly definition: Definition;
  readonly ownership: Ownership;
  readonly rules: Rules;
  readonly counted: DefinitionChanges;
  readonly time: string;
};

async function storeDocuments(tx: Documents, storing: Storing): Promise<void> {
  const { definition, ownership, rules, counted, time } = storing;
  const found = await readStored(tx, definition.documents);
  const exits = createExitOrder();
  for (const document of definition.documents) {
    const stored = found(document);
    ownership.claim(definition, document, stored !== undefined);
    const said = ownership.saidOf(definition.source, document);
    const fields = reconcile({ document, stored, said, now: time });
    const isNew = stored === undefined;
    const isMoved = exits.mustMove(document, isNew);
    if (!isNew && !isMoved && isDeepStrictEqual(stored, fields)) continue;
    await rules.before(document, isNew);
    await store(tx, document, { fields, isNew, isMoved });
    if (isNew) counted.inserted += 1;
    else counted.updated += 1;
  }
}

type Change = { readonly fields: object; readonly isNew: boolean; readonly isMoved: boolean };

async function store(tx: Documents, { collection, id }: DefinedDocument, { fields, isNew, isMoved }: Change) {
  const target = untyped(collection);
  if (isMoved) await tx.delete(target, id);
  if (isNew || isMoved) await tx.insert(target, id, fields);
  else await tx.update(target, id, () => fields);
}

/** All at once: one by one, ten thousand would be ten thousand queries. */
async function readStored(tx: Documents, defined: readonly DefinedDocument[]) {
  const found = new Map<string, ReadonlyMap<string, object>>();
  for (const [collection, documents] of Map.groupBy(defined, (each) => each.collection)) {
    const ids = documents.map(({ id }) => id);
    const { items } = await tx.find(untyped(collection), { where: { field: 'id', isIn: ids } });
    found.set(collection.name, new Map(items.map((item) => [item.id, toFields(item)])));
  }
  return ({ collection, id }: DefinedDocument) => found.get(collection.name)?.get(id);
}

function toFields({ id: _, creationUtc: __, ...fields }: Stored<object>): object {
  return fields;
}

async function storeRecord(tx: Documents, { source, documents }: Definition, ownership: Ownership) {
  const stored = ownership.recordOf(source);
  if (documents.length === 0) {
    if (stored) await tx.delete(definitionCollection, source);
    return;
  }
  const fields = { owned: toOwned(documents) };
  if (!stored) await tx.insert(definitionCollection, source, fields);
  else if (!isDeepStrictEqual(toFields(stored), fields)) {
    await tx.update(definitionCollection, source, () => fields);
  }
}

function toOwned(documents: readonly DefinedDocument[]): Record<string, Record<string, Json>> {
  const byCollection = Map.groupBy(documents, ({ collection }) => collection.name);
  return Object.fromEntries(
    [...byCollection].map(([name, ofIt]) => [
      name,
      Object.fromEntries(ofIt.map((each) => [each.id, toSaid(each)])),
    ]),
  );
}

/** What its documents hold is the definition's business: it was checked when it was written. */
function untyped(collection: AnyCollection): Collection<object> {
  return collection as Collection<object>;
}
