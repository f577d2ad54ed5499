/**
 * A state's exits count in order of creation. Where one has to be made anew between others that are there, because somebody deleted it,
 * those behind it are made anew as well.
 */
import { journeyEdgeCollection, type JourneyEdgeFields } from '../entities/collections/journey.ts';
import type { DefinedDocument } from './definition.ts';

export type ExitOrder = {
  /** Asked for every document in the order of the definition. */
  mustMove(document: DefinedDocument, isNew: boolean): boolean;
};

export function createExitOrder(): ExitOrder {
  /** States that have an exit which is new. */
  const states = new Set<string>();
  return {
    mustMove({ collection, fields }, isNew) {
      if (collection.name !== journeyEdgeCollection.name) return false;
      const { source } = fields as JourneyEdgeFields; // of that collection
      if (isNew) states.add(source);
      return !isNew && states.has(source);
    },
  };
}
