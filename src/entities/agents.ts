/**
 * Agents as entities: those of the program's configuration, which are read here and changed there, and those that were stored. All of
 * them are in memory, because who answers a message is looked up for every message.
 */
import { freeContentId } from '../documents/content-id.ts';
import type { Documents, DocumentStore } from '../documents/document-store.ts';
import { AgentNotFoundError, ConfiguredAgentError, IdTakenError } from '../errors.ts';
import { agentCollection, agentTag, type AgentFields, type MessageOutputMode } from './collections/agent.ts';
import { openLiveCollection } from './live-collection.ts';
import { removeTag } from './removal.ts';
import { isOfKnowledge, ordinaryTagsOnly, patchTags, toTags, type TagPatch } from './tag-rules.ts';

export type AgentRecord = AgentFields & { readonly id: string };

export type NewAgent = Partial<AgentFields> & {
  /** Default: made of the content. */
  readonly id?: string;
  readonly name: string;
};

/** What is absent stays as it is. */
export type AgentPatch = Partial<Omit<AgentFields, 'tags' | 'nlp'>> & {
  /** Null: the server's again. */
  readonly nlp?: string | null;
  readonly tags?: TagPatch;
};

export interface AgentStore {
  /** `IdTakenError`, `TagNotFoundError`. */
  create(agent: NewAgent): Promise<AgentRecord>;
  /** Undefined: there is none. */
  get(agentId: string): AgentRecord | undefined;
  /** The `first` one, then the configured ones as they were given and the stored ones by creation. */
  list(): readonly AgentRecord[];
  /** `AgentNotFoundError`, `ConfiguredAgentError`, `TagNotFoundError`, `TagNotAttachedError`. */
  update(agentId: string, patch: AgentPatch): Promise<AgentRecord>;
  /** `AgentNotFoundError`, `ConfiguredAgentError`. Its sessions stay and cannot be answered. */
  delete(agentId: string): Promise<void>;
  /** Called with every stored agent there is, was changed (with it as it now is) or is gone (without). */
  watch(listener: (agentId: string, agent: AgentRecord | undefined) => void): void;
}

export type AgentStoreOptions = {
  readonly documents: DocumentStore;
  /** These ids are theirs: a stored agent of the same id is not seen. */
  readonly configured: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string | null;
    readonly outputMode?: MessageOutputMode | undefined;
  }[];
  /** Its id. */
  readonly first?: string | undefined;
};

const defaults = {
  description: null,
  maxEngineIterations: 3,
  compositionMode: 'fluid',
  messageOutputMode: 'block',
  tags: [],
} as const satisfies Omit<AgentFields, 'name'>;

/** Reads them all. */
export async function openAgents({ documents, configured, first }: AgentStoreOptions): Promise<AgentStore> {
  const fixed = new Map(configured.map((agent) => [agent.id, toConfiguredRecord(agent)]));
  const stored = await openLiveCollection(documents, agentCollection);

  function demandStored(agentId: string): void {
    if (fixed.has(agentId)) throw new ConfiguredAgentError(agentId);
    if (!stored.get(agentId)) throw new AgentNotFoundError(agentId);
  }

  /** None of an agent that is gone and left something behind: whoever was made like it would know that. */
  async function newAgentId(tx: Documents, fields: AgentFields): Promise<string> {
    const isTaken = async (id: string) =>
      fixed.has(id) ||
      (await tx.get(agentCollection, id)) !== undefined ||
      (await isOfKnowledge(tx, agentTag(id)));
    return freeContentId(['agent', { ...fields }], isTaken);
  }

  return {
    create: ({ id, ...given }) =>
      documents.transaction(async (tx) => {
        if (id !== undefined && fixed.has(id)) throw new IdTakenError(agentCollection.noun, id);
        const fields = { ...defaults, ...given, tags: await toTags(tx, given.tags ?? [], ordinaryTagsOnly) };
        return tx.insert(agentCollection, id ?? (await newAgentId(tx, fields)), fields);
      }),

    get: (agentId) => fixed.get(agentId) ?? stored.get(agentId),
    list: () => startingWith(first, [...fixed.values(), ...stored.list().filter(({ id }) => !fixed.has(id))]),

    async update(agentId, { tags = {}, nlp, ...given }) {
      demandStored(agentId);
      return documents.transaction(async (tx) => {
        await toTags(tx, tags.add ?? [], ordinaryTagsOnly);
        const updated = await tx.update(agentCollection, agentId, (current) => ({
          ...withNlp(current, nlp),
          ...given,
          tags: patchTags(current.tags, tags, { noun: agentCollection.noun, id: agentId }),
        }));
        if (!updated) throw new AgentNotFoundError(agentId);
        return updated;
      });
    },

    async delete(agentId) {
      demandStored(agentId);
      await documents.transaction(async (tx) => {
        if (!(await tx.delete(agentCollection, agentId))) throw new AgentNotFoundError(agentId);
        await removeTag(tx, agentTag(agentId));
      });
    },

    watch(listener) {
      stored.watch((agentId, agent) => {
        if (!fixed.has(agentId)) listener(agentId, agent);
      });
    },
  };
}

/** Undefined: as it was. */
function withNlp({ nlp: before, ...others }: AgentFields, nlp: string | null | undefined): AgentFields {
  const now = nlp === undefined ? before : (nlp ?? undefined);
  return now === undefined ? others : { ...others, nlp: now };
}

/** The others stay in their order. */
export function startingWith<Agent extends { readonly id: string }>(
  first: string | undefined,
  agents: readonly Agent[],
): readonly Agent[] {
  return agents.toSorted((a, b) => Number(b.id === first) - Number(a.id === first));
}

/** An agent of the program's own makes one pass: what Parlant's fields call that. */
function toConfiguredRecord(agent: AgentStoreOptions['configured'][number]): AgentRecord {
  const { id, name, description, outputMode = 'block' } = agent;
  return { ...defaults, id, name, description, messageOutputMode: outputMode, maxEngineIterations: 1 };
}
