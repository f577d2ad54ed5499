/**
 * Which source owns what. A source deletes only its own, and claims nothing of another's. What it finds without an owner (REST made it)
 * is not its own either, except where there is nothing to choose: a tag is its name, a relationship its ends, a customer whoever came.
 */
import type { DocumentReader } from '../documents/document-store.ts';
import { contextValueCollection } from '../entities/collections/context-variable.ts';
import { customerCollection } from '../entities/collections/customer.ts';
import { toolAssociationCollection } from '../entities/collections/guideline.ts';
import { relationshipCollection } from '../entities/collections/relationship.ts';
import { tagCollection } from '../entities/collections/tag.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { Json } from '../event-log/event.ts';
import { definitionCollection, type DefinitionRecord } from './definition-record.ts';
import type { DefinedDocument, Definition } from './definition.ts';

type Key = Pick<DefinedDocument, 'collection' | 'id'>;

/** Taken over where it has no owner. */
const adopted: ReadonlySet<string> = new Set(
  [
    tagCollection,
    customerCollection,
    relationshipCollection,
    toolAssociationCollection,
    contextValueCollection,
  ].map(({ name }) => name),
);

/** May have several owners; the last one that gives it up deletes it. */
const shared: ReadonlySet<string> = new Set([tagCollection.name]);

export type Owned = { readonly collection: string; readonly id: string };

export type Ownership = {
  /** Undefined: it was never applied. */
  recordOf(source: string): DefinitionRecord | undefined;
  /** What the source said of this last time. */
  saidOf(source: string, key: Key): Json | undefined;
  /** What the definition no longer defines, and nobody else. */
  dropped(definition: Definition): readonly Owned[];
  /** Throws `InvalidDefinitionError` where the source may not have it. `isThere`: it is stored. */
  claim(definition: Definition, document: DefinedDocument, isThere: boolean): void;
};

/** As it was stored, for these definitions to be applied together: what one of them gives up another may take. */
export async function readOwnership(
  documents: DocumentReader,
  definitions: readonly Definition[],
): Promise<Ownership> {
  const records = new Map((await documents.find(definitionCollection)).items.map((each) => [each.id, each]));
  const defined = new Map(definitions.map((each) => [each.source, keysOf(each)]));

  function owners(key: string): readonly string[] {
    const found = [...records].filter(([, record]) => has(record, key)).map(([source]) => source);
    return found.filter((source) => defined.get(source)?.has(key) ?? true);
  }

  return {
    recordOf: (source) => records.get(source),

    saidOf(source, { collection, id }) {
      const said = records.get(source)?.owned[collection.name] ?? {};
      return Object.hasOwn(said, id) ? said[id] : undefined;
    },

    dropped({ source }) {
      return ownedBy(records.get(source)).filter(({ collection, id }) => {
        const key = keyOf(collection, id);
        return owners(key).length === 0 && ![...defined.values()].some((keys) => keys.has(key));
      });
    },

    claim({ source }, { collection: { name }, id, what }, isThere) {
      const key = keyOf(name, id);
      const others = owners(key).filter((owner) => owner !== source);
      const rivals = [...defined].filter(([other, keys]) => other !== source && keys.has(key));
      const [other = rivals[0]?.[0]] = others;
      if (other !== undefined && !shared.has(name)) {
        throw new InvalidDefinitionError(what, `its id "${id}" is taken, by the definition "${other}"`);
      }
      const wasOwned = [...records.values()].some((record) => has(record, key));
      if (!isThere || wasOwned || adopted.has(name)) return;
      throw new InvalidDefinitionError(what, `its id "${id}" is taken, by what no program defines`);
    },
  };
}

function keysOf({ documents }: Definition): ReadonlySet<string> {
  return new Set(documents.map(({ collection, id }) => keyOf(collection.name, id)));
}

function keyOf(collection: string, id: string): string {
  return `${collection} ${id}`;
}

function ownedBy(record: DefinitionRecord | undefined): readonly Owned[] {
  return Object.entries(record?.owned ?? {}).flatMap(([collection, ids]) =>
    Object.keys(ids).map((id) => ({ collection, id })),
  );
}

function has({ owned }: DefinitionRecord, key: string): boolean {
  const at = key.indexOf(' ');
  return Object.hasOwn(owned[key.slice(0, at)] ?? {}, key.slice(at + 1));
}
