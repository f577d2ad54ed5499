/**
 * What the tools of a journey's node bring with them: the node is matched again when one of them was evaluated. These relationships are
 * stored like all others, as on Parlant's server: they are in its list, an operator may delete one, and the engine has one place to
 * look. They change with the node, in one transaction.
 */
import type { Documents } from '../documents/document-store.ts';
import type { ToolId } from '../tools/tool.ts';
import { journeyNodeTag } from './collections/journey.ts';
import { relationshipCollection, type RelationshipFields } from './collections/relationship.ts';
import { relationshipId } from './relationship-id.ts';

export type ToolsOfNode = { readonly before: readonly ToolId[]; readonly after: readonly ToolId[] };

export async function linkTools(
  documents: Documents,
  nodeId: string,
  { before, after }: ToolsOfNode,
): Promise<void> {
  for (const toolId of before) {
    if (!after.includes(toolId)) await documents.delete(relationshipCollection, idOf(nodeId, toolId));
  }
  for (const toolId of after) {
    const id = idOf(nodeId, toolId);
    if (before.includes(toolId) || (await documents.get(relationshipCollection, id))) continue;
    await documents.insert(relationshipCollection, id, toReevaluation(nodeId, toolId));
  }
}

export function toReevaluation(nodeId: string, toolId: ToolId): RelationshipFields {
  return {
    kind: 'reevaluation',
    source: { type: 'tag_all', id: journeyNodeTag(nodeId) },
    target: { type: 'tool', id: toolId },
    groupId: null,
  };
}

function idOf(nodeId: string, toolId: ToolId): string {
  return relationshipId(toReevaluation(nodeId, toolId));
}
