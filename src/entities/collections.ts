/** What is stored of agents, customers and tags. A change of shape is a migration of its collection (`../documents/collection.ts`). */
import type { AnyCollection, Collection } from '../documents/collection.ts';
import type { Stored } from '../documents/document-store.ts';

export const compositionModes = ['fluid', 'canned_fluid', 'composited_canned', 'strict_canned'] as const;
export type CompositionMode = (typeof compositionModes)[number];

export const messageOutputModes = ['block', 'stream'] as const;
export type MessageOutputMode = (typeof messageOutputModes)[number];

export type AgentFields = {
  readonly name: string;
  readonly description: string | null;
  readonly maxEngineIterations: number;
  readonly compositionMode: CompositionMode;
  readonly messageOutputMode: MessageOutputMode;
  /** Ids. */
  readonly tags: readonly string[];
};

export type CustomerFields = {
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Ids, also `agent:<agent id>`. */
  readonly tags: readonly string[];
};

/** Who talks to agents and was not named. Always there. */
export const guestId = 'guest';

export type TagFields = { readonly name: string };

export type Customer = Stored<CustomerFields>;
export type Tag = Stored<TagFields>;

export const agentCollection: Collection<AgentFields> = { name: 'agents', noun: 'agent', members: ['tags'] };

export const customerCollection: Collection<CustomerFields> = {
  name: 'customers',
  noun: 'customer',
  members: ['tags'],
  seeds: [{ id: guestId, fields: { name: 'Guest', metadata: {}, tags: [] } }],
};

export const tagCollection: Collection<TagFields> = { name: 'tags', noun: 'tag', unique: ['name'] };

/** For opening the store. */
export const entityCollections: readonly AnyCollection[] = [
  agentCollection,
  customerCollection,
  tagCollection,
];
