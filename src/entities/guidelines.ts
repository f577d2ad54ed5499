/** Guidelines: when something holds, what the agent then does, and which tools it may run for it. */
import { freeContentId } from '../documents/content-id.ts';
import type { Documents, DocumentStore, Page, Position } from '../documents/document-store.ts';
import { GuidelineNotFoundError, ToolNotFoundError } from '../errors.ts';
import type { ToolDirectory } from '../tools/tool-service.ts';
import type { ToolId } from '../tools/tool.ts';
import {
  guidelineCollection,
  guidelineDefaults,
  type Guideline,
  type GuidelineFields,
  type ToolAssociation,
} from './collections/guideline.ts';
import { patchLabels, patchMetadata, type LabelPatch, type MetadataPatch } from './patches.ts';
import { removeGuideline } from './removal.ts';
import { patchTags, toTags, type SpecialTag, type TagPatch } from './tag-rules.ts';
import { patchTools, toolsOf, type ToolPatch } from './tool-associations.ts';

export type NewGuideline = Partial<GuidelineFields> & {
  /** Default: made of the content. */
  readonly id?: string;
  readonly condition: string;
};

/** What is absent stays as it is. An empty text empties. */
export type GuidelinePatch = Partial<Omit<GuidelineFields, 'labels' | 'tags' | 'metadata'>> & {
  readonly labels?: LabelPatch;
  readonly tags?: TagPatch;
  readonly metadata?: MetadataPatch;
  readonly tools?: ToolPatch;
};

export type GuidelineQuery = {
  /** Only those that have it. */
  readonly tagId?: string;
  /** Default: all. */
  readonly limit?: number;
  readonly after?: Position;
};

export interface Guidelines {
  /** `IdTakenError`, `TagNotFoundError`. */
  create(guideline: NewGuideline): Promise<Guideline>;
  /** `GuidelineNotFoundError`. */
  read(guidelineId: string): Promise<Guideline>;
  /** By creation. */
  list(query?: GuidelineQuery): Promise<Page<GuidelineFields>>;
  /** Which tools it may run, by creation. */
  toolsOf(guidelineId: string): Promise<readonly ToolAssociation[]>;
  /**
   * `GuidelineNotFoundError`, `TagNotFoundError`, `TagNotAttachedError`, `ToolNotFoundError`, `ToolAssociationNotFoundError`;
   * `ServiceUnavailableError` where a tool's server cannot be asked.
   */
  update(guidelineId: string, patch: GuidelinePatch): Promise<Guideline>;
  /** `GuidelineNotFoundError`. Its relationships go too, and its place among the triggers of journeys. */
  delete(guidelineId: string): Promise<void>;
}

export type GuidelinesOptions = {
  readonly documents: DocumentStore;
  /** Which tags mean something by themselves. */
  readonly specialTags: SpecialTag;
  readonly tools: Pick<ToolDirectory, 'has'>;
};

export function createGuidelines({ documents, specialTags, tools }: GuidelinesOptions): Guidelines {
  async function demandTools(toolIds: readonly ToolId[]): Promise<void> {
    await Promise.all(
      [...new Set(toolIds)].map(async (toolId) => {
        if (!(await tools.has(toolId))) throw new ToolNotFoundError(toolId);
      }),
    );
  }

  const read = async (guidelineId: string) =>
    demandGuideline(await documents.get(guidelineCollection, guidelineId), guidelineId);

  return {
    create: ({ id, ...given }) =>
      documents.transaction(async (tx) => {
        const tags = await toTags(tx, given.tags ?? [], specialTags);
        const labels = patchLabels(given.labels ?? []);
        const fields = withoutEmptyTexts({ ...guidelineDefaults, ...given, tags, labels });
        return tx.insert(guidelineCollection, id ?? (await newGuidelineId(tx, fields)), fields);
      }),

    read,

    list: ({ tagId, ...page } = {}) =>
      documents.find(guidelineCollection, {
        ...page,
        ...(tagId !== undefined && { where: { field: 'tags', has: tagId } as const }),
      }),

    toolsOf: (guidelineId) => toolsOf(documents, guidelineId),

    async update(guidelineId, patch) {
      await read(guidelineId);
      // Other servers may have to be asked: nothing a transaction waits for.
      await demandTools(patch.tools?.add ?? []);
      return documents.transaction(async (tx) => {
        await toTags(tx, patch.tags?.add ?? [], specialTags);
        const updated = await tx.update(guidelineCollection, guidelineId, (current) =>
          patched(current, patch),
        );
        demandGuideline(updated, guidelineId);
        await patchTools(tx, guidelineId, patch.tools ?? {});
        return demandGuideline(updated, guidelineId);
      });
    },

    delete: (guidelineId) =>
      documents.transaction(async (tx) => {
        if (!(await removeGuideline(tx, guidelineId))) throw new GuidelineNotFoundError(guidelineId);
      }),
  };
}

function patched(
  current: Guideline,
  { labels, tags = {}, metadata, tools: _, ...given }: GuidelinePatch,
): GuidelineFields {
  return withoutEmptyTexts({
    ...current,
    ...given,
    labels: patchLabels(current.labels, labels),
    tags: patchTags(current.tags, tags, { noun: guidelineCollection.noun, id: current.id }),
    metadata: patchMetadata(current.metadata, metadata),
  });
}

/** An empty text is none: a guideline without an action is an observation. */
function withoutEmptyTexts(fields: GuidelineFields): GuidelineFields {
  const { action, description, title } = fields;
  return { ...fields, action: action || null, description: description || null, title: title || null };
}

function newGuidelineId(tx: Documents, fields: GuidelineFields): Promise<string> {
  const isTaken = async (id: string) => (await tx.get(guidelineCollection, id)) !== undefined;
  return freeContentId(['guideline', { ...fields }], isTaken);
}

function demandGuideline(guideline: Guideline | undefined, guidelineId: string): Guideline {
  if (!guideline) throw new GuidelineNotFoundError(guidelineId);
  return guideline;
}
