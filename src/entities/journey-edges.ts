/** The edges of journeys: how one step leads to the next. In order of creation, which counts where a step has several exits. */
import { freeContentId } from '../documents/content-id.ts';
import type { Documents, DocumentStore } from '../documents/document-store.ts';
import {
  journeyEdgeCollection,
  journeyNodeCollection,
  type JourneyEdge,
  type JourneyEdgeFields,
} from './collections/journey.ts';
import { demandEdge, demandJourney, ofJourney } from './journey-graph.ts';
import { toTextOrNull } from './journey-node-insertion.ts';
import { checkEnds, checkExits, isUnconditional, type Exits } from './journey-rules.ts';
import { patchMetadata, type MetadataPatch } from './patches.ts';

export type NewJourneyEdge = Partial<Omit<JourneyEdgeFields, 'journeyId'>> & {
  readonly source: string;
  readonly target: string;
};

/** What is absent stays as it is; null, or a blank text, empties. */
export type JourneyEdgePatch = {
  readonly source?: string;
  readonly target?: string;
  readonly condition?: string | null;
  readonly metadata?: MetadataPatch;
};

/** Every method rejects with `JourneyNotFoundError`. */
export interface JourneyEdges {
  /** `JourneyNodeNotFoundError` (an end of it), `InvalidJourneyError`. */
  create(journeyId: string, edge: NewJourneyEdge): Promise<JourneyEdge>;
  /** `JourneyEdgeNotFoundError`, as below. */
  read(journeyId: string, edgeId: string): Promise<JourneyEdge>;
  /** By creation. */
  list(journeyId: string): Promise<readonly JourneyEdge[]>;
  /** `JourneyNodeNotFoundError` (an end of it), `InvalidJourneyError`. */
  update(journeyId: string, edgeId: string, patch: JourneyEdgePatch): Promise<JourneyEdge>;
  delete(journeyId: string, edgeId: string): Promise<void>;
}

export function createJourneyEdges({ documents }: { readonly documents: DocumentStore }): JourneyEdges {
  return {
    create: (journeyId, { condition = null, metadata = {}, ...ends }) =>
      documents.transaction(async (tx) => {
        await demandJourney(tx, journeyId);
        const fields = { ...ends, journeyId, condition: toTextOrNull(condition), metadata };
        await checkEdge(tx, fields);
        return tx.insert(journeyEdgeCollection, await newEdgeId(tx, fields), fields);
      }),

    read: (journeyId, edgeId) => demandEdge(documents, journeyId, edgeId),

    async list(journeyId) {
      await demandJourney(documents, journeyId);
      return (await documents.find(journeyEdgeCollection, { where: ofJourney(journeyId) })).items;
    },

    update: (journeyId, edgeId, { metadata, ...given }) =>
      documents.transaction(async (tx) => {
        const before = await demandEdge(tx, journeyId, edgeId);
        const patched = { ...before, ...given, metadata: patchMetadata(before.metadata, metadata) };
        const after = { ...patched, condition: toTextOrNull(patched.condition) };
        await checkEdge(tx, after);
        await tx.update(journeyEdgeCollection, edgeId, () => after);
        return after;
      }),

    delete: (journeyId, edgeId) =>
      documents.transaction(async (tx) => {
        await demandEdge(tx, journeyId, edgeId);
        await tx.delete(journeyEdgeCollection, edgeId);
      }),
  };
}

/** Beside the edges there are. `id`: of an edge that is there already. */
async function checkEdge(
  documents: Documents,
  edge: JourneyEdgeFields & { readonly id?: string },
): Promise<void> {
  const nodeIds = new Set<string>();
  for (const nodeId of [edge.source, edge.target]) {
    const node = await documents.get(journeyNodeCollection, nodeId);
    if (node?.journeyId === edge.journeyId) nodeIds.add(nodeId);
  }
  checkEnds(edge.journeyId, edge, nodeIds);
  checkExits(edge.journeyId, edge.source, await countExits(documents, edge));
}

/** With the edge itself, and of the others as many as it cannot be beside: those there are, they are allowed to be. */
async function countExits(
  documents: Documents,
  edge: JourneyEdgeFields & { readonly id?: string },
): Promise<Exits> {
  const others = [
    { field: 'source', is: edge.source },
    { field: 'id', isNot: edge.id ?? '' },
  ] as const;
  const all = isUnconditional(edge) ? others : [...others, { field: 'condition', is: null } as const];
  const { totalCount } = await documents.find(journeyEdgeCollection, { where: { all }, limit: 0 });
  return { all: totalCount + 1, unconditional: isUnconditional(edge) ? 1 : totalCount };
}

function newEdgeId(documents: Documents, fields: JourneyEdgeFields): Promise<string> {
  const isTaken = async (id: string) => (await documents.get(journeyEdgeCollection, id)) !== undefined;
  return freeContentId(['journey edge', { ...fields }], isTaken);
}
