/**
 * What a definition adds in code: functions, by agent and by what an agent knows. A state that is copied into another journey has in the
 * copy what it has itself, also what it is given later.
 */
import type { Attachments } from '../definition/attachments.ts';
import type { AgentExtensions, EntityExtensions, Retriever } from '../engine/extensions.ts';

export type AgentAttachments = Partial<Omit<AgentExtensions, 'entities'>>;

/** Whose something is. */
export type AttachmentOwner = { readonly kind: 'agent' | 'entity'; readonly id: string };

export type AttachmentShelf = {
  addAgent(id: string, attached: AgentAttachments): void;
  addEntity(id: string, attached: EntityExtensions): void;
  addRetriever(owner: AttachmentOwner, retriever: Retriever): void;
  /** Ids of all, in order. */
  retrieverIds(): readonly string[];
  copy(original: string, copy: string): void;
  list(): Attachments;
};

export function createAttachmentShelf(): AttachmentShelf {
  const agents = new Map<string, AgentAttachments>();
  const entities = new Map<string, EntityExtensions>();
  const copies = new Map<string, string>();
  const ids: string[] = [];

  return {
    addAgent: (id, attached) => void agents.set(id, attached),

    addEntity(id, attached) {
      if (Object.keys(attached).length > 0) entities.set(id, attached);
    },

    addRetriever({ kind, id }, retriever) {
      ids.push(retriever.id);
      const owners: Map<string, { readonly retrievers?: readonly Retriever[] }> =
        kind === 'agent' ? agents : entities;
      const known = owners.get(id);
      owners.set(id, { ...known, retrievers: [...(known?.retrievers ?? []), retriever] });
    },

    retrieverIds: () => ids,
    copy: (original, copy) => void copies.set(copy, original),

    list() {
      const copied = [...copies.keys()].flatMap((copy) => {
        const attached = entities.get(originalOf(copy));
        return attached ? [[copy, attached] as const] : [];
      });
      return { agents: new Map(agents), entities: new Map([...entities, ...copied]) };
    },
  };

  /** A copy may be copied again. */
  function originalOf(id: string): string {
    const original = copies.get(id);
    return original === undefined ? id : originalOf(original);
  }
}
