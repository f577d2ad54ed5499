/** How an entity goes that its program defines no more: with all that names it, as when an operator deletes it. Part of a transaction. */
import type { AnyCollection } from '../documents/collection.ts';
import type { Documents } from '../documents/document-store.ts';
import { agentCollection, agentTag } from '../entities/collections/agent.ts';
import { contextVariableCollection } from '../entities/collections/context-variable.ts';
import { guidelineCollection } from '../entities/collections/guideline.ts';
import { journeyCollection, journeyNodeCollection } from '../entities/collections/journey.ts';
import { tagCollection } from '../entities/collections/tag.ts';
import { removeValues } from '../entities/context-values.ts';
import { removeJourney, removeNode } from '../entities/journey-removal.ts';
import { removeGuideline, removeTag } from '../entities/removal.ts';

type Removal = (documents: Documents, id: string) => Promise<boolean>;

/** Whether there was one. `collection`: its name. */
export async function removeEntity(documents: Documents, collection: string, id: string): Promise<boolean> {
  return (removals.get(collection) ?? removing({ name: collection, noun: collection }))(documents, id);
}

const removals: ReadonlyMap<string, Removal> = new Map([
  [guidelineCollection.name, removeGuideline],
  [agentCollection.name, removing(agentCollection, (documents, id) => removeTag(documents, agentTag(id)))],
  [tagCollection.name, removing(tagCollection, removeTag)],
  [contextVariableCollection.name, removing(contextVariableCollection, removeValues)],
  [
    journeyCollection.name,
    async (documents, id) => {
      const journey = await documents.get(journeyCollection, id);
      if (journey) await removeJourney(documents, journey);
      return journey !== undefined;
    },
  ],
  [
    journeyNodeCollection.name,
    async (documents, id) => {
      const node = await documents.get(journeyNodeCollection, id);
      if (node) await removeNode(documents, node);
      return node !== undefined;
    },
  ],
]);

function removing(
  collection: AnyCollection,
  removeRest: (documents: Documents, id: string) => Promise<void> = async () => {},
): Removal {
  return async (documents, id) => {
    if (!(await documents.delete(collection, id))) return false;
    await removeRest(documents, id);
    return true;
  };
}
