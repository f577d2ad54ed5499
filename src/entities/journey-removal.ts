/** What goes with a node, and with a whole journey: all that names them. Parts of a transaction. */
import type { Documents } from '../documents/document-store.ts';
import { cannedResponseCollection } from './collections/canned-response.ts';
import {
  journeyCollection,
  journeyEdgeCollection,
  journeyNodeCollection,
  journeyNodeTag,
  journeyTag,
  type Journey,
  type JourneyNode,
} from './collections/journey.ts';
import { readGraph } from './journey-graph.ts';
import { isTrigger } from './journey-triggers.ts';
import { removeGuideline, removeRelationships, removeTag } from './removal.ts';
import { detachTag } from './tag-rules.ts';

/** Also its edges. */
export async function removeNode(documents: Documents, { id }: Pick<JourneyNode, 'id'>): Promise<void> {
  const { items: edges } = await documents.find(journeyEdgeCollection, {
    where: {
      any: [
        { field: 'source', is: id },
        { field: 'target', is: id },
      ],
    },
  });
  for (const edge of edges) await documents.delete(journeyEdgeCollection, edge.id);
  await documents.delete(journeyNodeCollection, id);
  await forget(documents, [journeyNodeTag(id)]);
}

/** Also its nodes and edges, and the triggers no other journey has. */
export async function removeJourney(documents: Documents, { id, triggers }: Journey): Promise<void> {
  const { nodes, edges } = await readGraph(documents, id);
  for (const edge of edges) await documents.delete(journeyEdgeCollection, edge.id);
  for (const node of nodes) await documents.delete(journeyNodeCollection, node.id);
  await documents.delete(journeyCollection, id);
  for (const guidelineId of triggers) {
    if (!(await isTrigger(documents, guidelineId))) await removeGuideline(documents, guidelineId);
  }
  await removeTag(documents, journeyTag(id));
  await forget(
    documents,
    nodes.map((node) => journeyNodeTag(node.id)),
  );
}

/** Nodes, by their tags. Only canned responses carry such a tag, and of a large journey hardly any. */
async function forget(documents: Documents, nodeTags: readonly string[]): Promise<void> {
  await removeRelationships(documents, { of: 'tag', ids: nodeTags });
  for (const tag of nodeTags) {
    const where = { field: 'tags', has: tag } as const;
    const { totalCount } = await documents.find(cannedResponseCollection, { where, limit: 0 });
    if (totalCount > 0) await detachTag(documents, tag);
  }
}
