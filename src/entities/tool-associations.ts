/** Which tools a guideline may run. The steps of transactions, and what they read. */
import { contentId } from '../documents/content-id.ts';
import type { DocumentReader, Documents } from '../documents/document-store.ts';
import { ToolAssociationNotFoundError } from '../errors.ts';
import type { ToolId } from '../tools/tool.ts';
import { toolAssociationCollection, type ToolAssociation } from './collections/guideline.ts';

/** First what is added, then what is removed. */
export type ToolPatch = { readonly add?: readonly ToolId[]; readonly remove?: readonly ToolId[] };

/** Adding what is there changes nothing. That the tools exist was checked. Throws `ToolAssociationNotFoundError`. */
export async function patchTools(
  documents: Documents,
  guidelineId: string,
  { add = [], remove = [] }: ToolPatch,
): Promise<void> {
  for (const toolId of add) {
    const id = associationId(guidelineId, toolId);
    if (await documents.get(toolAssociationCollection, id)) continue;
    await documents.insert(toolAssociationCollection, id, { guidelineId, toolId });
  }
  for (const toolId of new Set(remove)) {
    const isThere = await documents.delete(toolAssociationCollection, associationId(guidelineId, toolId));
    if (!isThere) throw new ToolAssociationNotFoundError(guidelineId, toolId);
  }
}

/** By creation. */
export async function toolsOf(
  documents: DocumentReader,
  guidelineId: string,
): Promise<readonly ToolAssociation[]> {
  const where = { field: 'guidelineId', is: guidelineId } as const;
  return (await documents.find(toolAssociationCollection, { where })).items;
}

/** The same for the same guideline and tool. */
export function associationId(guidelineId: string, toolId: ToolId): string {
  return contentId(['tool association', guidelineId, toolId]);
}
