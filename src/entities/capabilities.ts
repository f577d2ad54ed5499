/** Capabilities: what agents can do for customers, and how customers ask for it. */
import type { DocumentStore } from '../documents/document-store.ts';
import { CapabilityNotFoundError } from '../errors.ts';
import { capabilityCollection, type Capability, type CapabilityFields } from './collections/capability.ts';
import type { SpecialTag } from './tag-rules.ts';
import {
  insertTagged,
  listTagged,
  readTagged,
  updateTagged,
  type TagFilter,
  type TaggedKind,
  type TaggedPatch,
} from './tagged-entities.ts';

export type NewCapability = Pick<CapabilityFields, 'title' | 'description'> &
  Partial<CapabilityFields> & {
    /** Default: made of the content. */
    readonly id?: string;
  };

export interface Capabilities {
  /** `IdTakenError`, `TagNotFoundError`. */
  create(capability: NewCapability): Promise<Capability>;
  /** `CapabilityNotFoundError`. */
  read(capabilityId: string): Promise<Capability>;
  /** By creation. */
  list(filter?: TagFilter): Promise<readonly Capability[]>;
  /** `CapabilityNotFoundError`, `TagNotFoundError`, `TagNotAttachedError`. */
  update(capabilityId: string, patch: TaggedPatch<CapabilityFields>): Promise<Capability>;
  /** `CapabilityNotFoundError`. */
  delete(capabilityId: string): Promise<void>;
}

export type CapabilitiesOptions = {
  readonly documents: DocumentStore;
  /** Which tags mean something by themselves. */
  readonly specialTags: SpecialTag;
};

export function createCapabilities({ documents, specialTags }: CapabilitiesOptions): Capabilities {
  const kind: TaggedKind<CapabilityFields> = {
    collection: capabilityCollection,
    specialTags,
    notFound: (capabilityId) => new CapabilityNotFoundError(capabilityId),
  };
  return {
    create: ({ id, title, description, signals = [], tags = [] }) =>
      documents.transaction((tx) =>
        insertTagged(tx, kind, { id, fields: { title, description, signals, tags } }),
      ),
    read: (capabilityId) => readTagged(documents, kind, capabilityId),
    list: (filter) => listTagged(documents, kind, filter),
    update: (capabilityId, patch) =>
      documents.transaction((tx) => updateTagged(tx, kind, { id: capabilityId, patch })),
    async delete(capabilityId) {
      if (!(await documents.delete(capabilityCollection, capabilityId))) throw kind.notFound(capabilityId);
    },
  };
}
