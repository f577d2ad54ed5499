/** Everything that is stored besides sessions, put together over one document store. */
import type { AgentDirectory, AgentRunner } from '../agents/agent-runner.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import {
  createToolDirectory,
  type ConnectedTools,
  type ConnectToolService,
} from '../tools/tool-directory.ts';
import type { ToolService } from '../tools/tool-service.ts';
import { openAgents, type AgentRecord, type AgentStore } from './agents.ts';
import { createCustomers, type Customers } from './customers.ts';
import { createJourneyEdges, type JourneyEdges } from './journey-edges.ts';
import { createJourneyNodes, type JourneyNodes } from './journey-nodes.ts';
import { createJourneys, type Journeys } from './journeys.ts';
import { createSpecialTags } from './special-tags.ts';
import { createStoredAgentDirectory } from './stored-agent-directory.ts';
import { createTags, type Tags } from './tags.ts';
import { openToolServices, type ToolServices } from './tool-services.ts';
import { createUntaughtRunner } from './untaught-runner.ts';

export type Entities = {
  readonly agents: AgentStore;
  readonly customers: Customers;
  readonly tags: Tags;
  readonly journeys: Journeys;
  readonly journeyNodes: JourneyNodes;
  readonly journeyEdges: JourneyEdges;
  /** Where tools are on other servers. */
  readonly toolServices: ToolServices;
  /** Every tool of the program and of other servers. Whoever opened the entities closes it. */
  readonly tools: ConnectedTools;
  /** Configured and stored agents, as the runtime knows them. */
  readonly directory: AgentDirectory;
};

export type EntitiesOptions = {
  /** Opened with `entityCollections`. */
  readonly documents: DocumentStore;
  readonly configured: AgentDirectory;
  /** Who answers for a stored agent; default: it says that it was taught nothing. */
  readonly runnerFor?: (agent: AgentRecord) => AgentRunner;
  /** The program's own tool services by name. */
  readonly ownServices?: ReadonlyMap<string, ToolService>;
  /** Default: stored tool services are not connected to. */
  readonly connect?: ConnectToolService;
};

export async function openEntities({
  documents,
  configured,
  runnerFor = createUntaughtRunner,
  ownServices = new Map(),
  connect,
}: EntitiesOptions): Promise<Entities> {
  const agents = await openAgents({ documents, configured: configured.list() });
  const directory = createStoredAgentDirectory({ configured, store: agents, runnerFor });
  const special = createSpecialTags({ configured });
  const customers = createCustomers({ documents, specialTags: special.ofAgents });
  const tags = createTags({ documents });
  const toolServices = await openToolServices({ documents, taken: new Set(ownServices.keys()) });
  const tools = createToolDirectory({
    local: ownServices,
    stored: toolServices,
    ...(connect && { connect }),
  });
  const journeys = createJourneys({ documents, specialTags: special.ofAgents });
  const journeyNodes = createJourneyNodes({ documents, tools });
  const journeyEdges = createJourneyEdges({ documents });
  return {
    agents,
    customers,
    tags,
    journeys,
    journeyNodes,
    journeyEdges,
    directory,
    toolServices,
    tools,
  };
}
