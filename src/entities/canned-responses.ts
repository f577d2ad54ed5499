/** Canned responses: texts agents may send as they stand. What is stored is a template that can be read. */
import type { DocumentReader, DocumentStore } from '../documents/document-store.ts';
import { CannedResponseNotFoundError } from '../errors.ts';
import { parseTemplate } from '../templates/parse-template.ts';
import {
  cannedResponseCollection,
  type CannedResponse,
  type CannedResponseFields,
} from './collections/canned-response.ts';
import { patchMetadata, type MetadataPatch } from './patches.ts';
import type { SpecialTag, TagPatch } from './tag-rules.ts';
import { insertTagged, readTagged, updateTagged, type TaggedKind } from './tagged-entities.ts';

export type NewCannedResponse = Pick<CannedResponseFields, 'value'> &
  Partial<CannedResponseFields> & {
    /** Default: made of the content. */
    readonly id?: string;
  };

/** What is absent stays as it is. */
export type CannedResponsePatch = {
  /** The fields say what stands in the value, so they change with it; default: none. */
  readonly template?: Pick<CannedResponseFields, 'value'> & Partial<Pick<CannedResponseFields, 'fields'>>;
  readonly signals?: readonly string[];
  readonly fieldDependencies?: readonly string[];
  readonly metadata?: MetadataPatch;
  readonly tags?: TagPatch;
};

export type CannedResponseFilter = {
  /** Those that have one of these; an empty list: those that have no tag. */
  readonly tags?: readonly string[];
};

export interface CannedResponses {
  /** `InvalidTemplateError`, `IdTakenError`, `TagNotFoundError`. */
  create(response: NewCannedResponse): Promise<CannedResponse>;
  /** `CannedResponseNotFoundError`. */
  read(responseId: string): Promise<CannedResponse>;
  /** By creation; default: all. */
  list(filter?: CannedResponseFilter): Promise<readonly CannedResponse[]>;
  /** `CannedResponseNotFoundError`, `InvalidTemplateError`, `TagNotFoundError`, `TagNotAttachedError`. */
  update(responseId: string, patch: CannedResponsePatch): Promise<CannedResponse>;
  /** `CannedResponseNotFoundError`. */
  delete(responseId: string): Promise<void>;
}

export type CannedResponsesOptions = {
  readonly documents: DocumentStore;
  /** Which tags mean something by themselves. */
  readonly specialTags: SpecialTag;
};

const defaults = {
  fields: [],
  signals: [],
  metadata: {},
  fieldDependencies: [],
  tags: [],
} as const satisfies Omit<CannedResponseFields, 'value'>;

export function createCannedResponses({ documents, specialTags }: CannedResponsesOptions): CannedResponses {
  const kind: TaggedKind<CannedResponseFields> = {
    collection: cannedResponseCollection,
    specialTags,
    notFound: (responseId) => new CannedResponseNotFoundError(responseId),
  };
  return {
    async create({ id, ...given }) {
      parseTemplate(given.value);
      return documents.transaction((tx) => insertTagged(tx, kind, { id, fields: { ...defaults, ...given } }));
    },

    read: (responseId) => readTagged(documents, kind, responseId),
    list: (filter) => listCannedResponses(documents, filter),

    async update(responseId, { template, metadata, ...given }) {
      if (template) parseTemplate(template.value);
      return documents.transaction(async (tx) => {
        const current = await readTagged(tx, kind, responseId);
        const patch = {
          ...given,
          ...(template && { value: template.value, fields: template.fields ?? [] }),
          metadata: patchMetadata(current.metadata, metadata),
        };
        return updateTagged(tx, kind, { id: responseId, patch });
      });
    },

    async delete(responseId) {
      if (!(await documents.delete(cannedResponseCollection, responseId))) throw kind.notFound(responseId);
    },
  };
}

async function listCannedResponses(
  documents: DocumentReader,
  { tags }: CannedResponseFilter = {},
): Promise<readonly CannedResponse[]> {
  if (tags === undefined) return (await documents.find(cannedResponseCollection)).items;
  if (tags.length > 0) {
    const any = tags.map((tagId) => ({ field: 'tags', has: tagId }) as const);
    return (await documents.find(cannedResponseCollection, { where: { any } })).items;
  }
  const { items } = await documents.find(cannedResponseCollection);
  return items.filter((response) => response.tags.length === 0);
}
