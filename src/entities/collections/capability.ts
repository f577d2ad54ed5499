/** What is stored of a capability: something the agent can do for a customer, and how customers ask for it. */
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';

export type CapabilityFields = {
  readonly title: string;
  readonly description: string;
  /** Phrases that ask for it. */
  readonly signals: readonly string[];
  /** Ids, also `agent:<id>` and `journey:<id>`. */
  readonly tags: readonly string[];
};

export type Capability = Stored<CapabilityFields>;

export const capabilityCollection: Collection<CapabilityFields> = {
  name: 'capabilities',
  noun: 'capability',
  members: ['tags'],
};
