/** Everything that is stored besides sessions, put together over one document store. */
import type { AgentDirectory, AgentRunner } from '../agents/agent-runner.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import { openAgents, type AgentRecord, type AgentStore } from './agents.ts';
import { agentCollection } from './collections/agent.ts';
import { customerCollection } from './collections/customer.ts';
import { createCustomers, type Customers } from './customers.ts';
import { createSpecialTags } from './special-tags.ts';
import { createStoredAgentDirectory } from './stored-agent-directory.ts';
import { createTags, type Tags } from './tags.ts';
import { createUntaughtRunner } from './untaught-runner.ts';

export type Entities = {
  readonly agents: AgentStore;
  readonly customers: Customers;
  readonly tags: Tags;
  /** Configured and stored agents, as the runtime knows them. */
  readonly directory: AgentDirectory;
};

export type EntitiesOptions = {
  /** Opened with `entityCollections`. */
  readonly documents: DocumentStore;
  readonly configured: AgentDirectory;
  /** Who answers for a stored agent; default: it says that it was taught nothing. */
  readonly runnerFor?: (agent: AgentRecord) => AgentRunner;
};

export async function openEntities({
  documents,
  configured,
  runnerFor = createUntaughtRunner,
}: EntitiesOptions): Promise<Entities> {
  const agents = await openAgents({ documents, configured: configured.list() });
  const directory = createStoredAgentDirectory({ configured, store: agents, runnerFor });
  const special = createSpecialTags({ configured });
  const customers = createCustomers({ documents, specialTags: special.ofAgents });
  const tags = createTags({ documents, carriers: [agentCollection, customerCollection] });
  return { agents, customers, tags, directory };
}
