/**
 * What has to hold between what a program defines and what operators have added to it since. What the program says by itself was checked
 * where it was written.
 */
import type { Documents } from '../documents/document-store.ts';
import { journeyEdgeCollection, type JourneyEdgeFields } from '../entities/collections/journey.ts';
import { relationshipCollection, type RelationshipFields } from '../entities/collections/relationship.ts';
import { readGraph } from '../entities/journey-graph.ts';
import { checkGraph } from '../entities/journey-rules.ts';
import { demandNoCycle } from '../entities/relationship-graph.ts';
import { InvalidDefinitionError, RelationshipCycleError } from '../errors.ts';
import type { DefinedDocument } from './definition.ts';

export type Rules = {
  /** Of a document that is about to be stored. Throws `InvalidDefinitionError`. */
  before(document: DefinedDocument, isNew: boolean): Promise<void>;
  /** Of all that was stored. Throws `InvalidJourneyError`, `JourneyNodeNotFoundError`. */
  after(): Promise<void>;
};

export function createRules(tx: Documents): Rules {
  /** Ids of journeys whose graph has changed. */
  const journeys = new Set<string>();
  return {
    async before({ collection, fields, what }, isNew) {
      if (collection.name === journeyEdgeCollection.name) {
        journeys.add((fields as JourneyEdgeFields).journeyId); // of that collection
      }
      if (collection.name === relationshipCollection.name && isNew) {
        await checkCircle(tx, fields as RelationshipFields, what); // of that collection
      }
    },

    async after() {
      for (const journeyId of journeys) {
        const { journey, nodes, edges } = await readGraph(tx, journeyId);
        const nodeIds = new Set(nodes.map(({ id }) => id));
        checkGraph({ journeyId, rootId: journey.rootId, nodeIds, edges });
      }
    },
  };
}

async function checkCircle(tx: Documents, relationship: RelationshipFields, what: string): Promise<void> {
  try {
    await demandNoCycle(tx, relationship);
  } catch (error) {
    if (!(error instanceof RelationshipCycleError)) throw error;
    const reason = `with relationships that operators have made, its ${relationship.kind} would close a circle`;
    throw new InvalidDefinitionError(what, reason);
  }
}
