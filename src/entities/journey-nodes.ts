/**
 * The nodes of journeys: what the agent says or does at each step. The tools of a node are checked before anything is stored, and each
 * gives the node a relationship: it is matched again when the tool was evaluated.
 */
import type { DocumentStore } from '../documents/document-store.ts';
import { ToolNotFoundError } from '../errors.ts';
import type { ToolDirectory } from '../tools/tool-service.ts';
import type { ToolId } from '../tools/tool.ts';
import type { CompositionMode } from './collections/agent.ts';
import { journeyNodeCollection, type JourneyNode } from './collections/journey.ts';
import { demandJourney, demandNode, ofJourney } from './journey-graph.ts';
import { insertNode, normalise, type NewJourneyNode } from './journey-node-insertion.ts';
import { removeNode } from './journey-removal.ts';
import { checkNodeId, checkRemoval } from './journey-rules.ts';
import { linkTools } from './journey-tools.ts';
import { patchLabels, patchMetadata, type LabelPatch, type MetadataPatch } from './patches.ts';

/** What is absent stays as it is; null, or a blank text, empties. */
export type JourneyNodePatch = {
  readonly action?: string | null;
  readonly description?: string | null;
  /** All of them. */
  readonly tools?: readonly ToolId[];
  readonly labels?: LabelPatch;
  readonly compositionMode?: CompositionMode | null;
  readonly metadata?: MetadataPatch;
};

/** Every method rejects with `JourneyNotFoundError`; those that are given tools with `ToolNotFoundError`, or what keeps their server. */
export interface JourneyNodes {
  /** A node that is given no composition mode takes its journey's. `IdTakenError`, `InvalidJourneyError` (the id). */
  create(journeyId: string, node: NewJourneyNode): Promise<JourneyNode>;
  /** `JourneyNodeNotFoundError`, as below. */
  read(journeyId: string, nodeId: string): Promise<JourneyNode>;
  /** By creation: the root first. */
  list(journeyId: string): Promise<readonly JourneyNode[]>;
  update(journeyId: string, nodeId: string, patch: JourneyNodePatch): Promise<JourneyNode>;
  /** With its edges and all that names it. `InvalidJourneyError`: it is the root. */
  delete(journeyId: string, nodeId: string): Promise<void>;
}

export type JourneyNodesOptions = {
  readonly documents: DocumentStore;
  readonly tools: Pick<ToolDirectory, 'has'>;
};

export function createJourneyNodes({ documents, tools }: JourneyNodesOptions): JourneyNodes {
  /** Other servers are asked, so that no transaction may wait for it. */
  async function demandTools(toolIds: readonly ToolId[] = []): Promise<void> {
    for (const toolId of new Set(toolIds)) {
      if (!(await tools.has(toolId))) throw new ToolNotFoundError(toolId);
    }
  }

  return {
    async create(journeyId, node) {
      if (node.id !== undefined) checkNodeId(journeyId, node.id);
      await demandJourney(documents, journeyId);
      await demandTools(node.tools);
      return documents.transaction(async (tx) => insertNode(tx, await demandJourney(tx, journeyId), node));
    },

    read: (journeyId, nodeId) => demandNode(documents, journeyId, nodeId),

    async list(journeyId) {
      await demandJourney(documents, journeyId);
      return (await documents.find(journeyNodeCollection, { where: ofJourney(journeyId) })).items;
    },

    async update(journeyId, nodeId, { labels, metadata, ...given }) {
      await demandNode(documents, journeyId, nodeId);
      await demandTools(given.tools);
      return documents.transaction(async (tx) => {
        const before = await demandNode(tx, journeyId, nodeId);
        const after = normalise({
          ...before,
          ...given,
          labels: patchLabels(before.labels, labels),
          metadata: patchMetadata(before.metadata, metadata),
        });
        await tx.update(journeyNodeCollection, nodeId, () => after);
        await linkTools(tx, nodeId, { before: before.tools, after: after.tools });
        return after;
      });
    },

    delete: (journeyId, nodeId) =>
      documents.transaction(async (tx) => {
        const node = await demandNode(tx, journeyId, nodeId);
        checkRemoval(await demandJourney(tx, journeyId), nodeId);
        await removeNode(tx, node);
      }),
  };
}
