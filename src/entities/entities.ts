/** Everything that is stored besides sessions, put together over one document store. */
import type { AgentDirectory, AgentRunner } from '../agents/agent-runner.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import {
  createToolDirectory,
  type ConnectedTools,
  type ConnectToolService,
} from '../tools/tool-directory.ts';
import { connectToolService } from '../tools/connect-tool-service.ts';
import { localServiceName } from '../tools/define-tool.ts';
import { createLocalTools, type LocalTools } from '../tools/local-tools.ts';
import type { ToolService } from '../tools/tool-service.ts';
import { openAgents, type AgentRecord, type AgentStore } from './agents.ts';
import { createCannedResponses, type CannedResponses } from './canned-responses.ts';
import { createCapabilities, type Capabilities } from './capabilities.ts';
import { createContextValues, type ContextValues } from './context-values.ts';
import { createContextVariables, type ContextVariables } from './context-variables.ts';
import { createCustomers, type Customers } from './customers.ts';
import { createGuidelines, type Guidelines } from './guidelines.ts';
import { createJourneyEdges, type JourneyEdges } from './journey-edges.ts';
import { createJourneyNodes, type JourneyNodes } from './journey-nodes.ts';
import { createJourneys, type Journeys } from './journeys.ts';
import { createRelationships, type Relationships } from './relationships.ts';
import { createSpecialTags } from './special-tags.ts';
import { createStoredAgentDirectory } from './stored-agent-directory.ts';
import { createTagNames } from './tag-names.ts';
import { createTags, type Tags } from './tags.ts';
import { createTerms, type Terms } from './terms.ts';
import { openToolServices, type ToolServices } from './tool-services.ts';
import { createUntaughtRunner } from './untaught-runner.ts';

export type Entities = {
  readonly agents: AgentStore;
  readonly customers: Customers;
  readonly tags: Tags;
  readonly terms: Terms;
  readonly contextVariables: ContextVariables;
  readonly contextValues: ContextValues;
  readonly capabilities: Capabilities;
  readonly cannedResponses: CannedResponses;
  readonly guidelines: Guidelines;
  readonly relationships: Relationships;
  readonly journeys: Journeys;
  readonly journeyNodes: JourneyNodes;
  readonly journeyEdges: JourneyEdges;
  /** Where tools are on other servers. */
  readonly toolServices: ToolServices;
  /** The tools that are functions of the program: the service `local`. */
  readonly localTools: LocalTools;
  /** Every tool of the program and of other servers. Whoever opened the entities closes it. */
  readonly tools: ConnectedTools;
  /** Configured and stored agents, as the runtime knows them. */
  readonly directory: AgentDirectory;
};

export type EntitiesOptions = {
  /** Opened with `entityCollections`. */
  readonly documents: DocumentStore;
  readonly configured: AgentDirectory;
  /** Is listed first. */
  readonly defaultAgent?: string;
  /** Who answers for a stored agent; default: it says that it was taught nothing. */
  readonly runnerFor?: (agent: AgentRecord) => AgentRunner;
  /** Default: none yet. */
  readonly localTools?: LocalTools;
  /** Other tool services of the program's own, by name. */
  readonly ownServices?: ReadonlyMap<string, ToolService>;
  /** Default: by the kind of the service. */
  readonly connect?: ConnectToolService;
};

export async function openEntities({
  documents,
  configured,
  defaultAgent,
  runnerFor = createUntaughtRunner,
  localTools = createLocalTools(),
  ownServices = new Map(),
  connect = connectToolService,
}: EntitiesOptions): Promise<Entities> {
  const agents = await openAgents({ documents, configured: configured.list(), first: defaultAgent });
  const directory = createStoredAgentDirectory({ configured, store: agents, runnerFor, first: defaultAgent });
  const special = createSpecialTags({ configured });
  const customers = createCustomers({ documents, specialTags: special.ofAgents });
  const tags = createTags({ documents });
  const own = new Map([...ownServices, [localServiceName, localTools]]);
  const toolServices = await openToolServices({ documents, taken: new Set(own.keys()) });
  const tools = createToolDirectory({ local: own, stored: toolServices, connect });
  const guidelines = createGuidelines({ documents, specialTags: special.ofAgentsAndJourneys, tools });
  const tagNames = createTagNames({ configured });
  const relationships = createRelationships({ documents, tagNames, tools });
  const journeys = createJourneys({ documents, specialTags: special.ofAgents });
  const journeyNodes = createJourneyNodes({ documents, tools });
  const journeyEdges = createJourneyEdges({ documents });
  const terms = createTerms({ documents, specialTags: special.ofAgents });
  const contextVariables = createContextVariables({ documents, specialTags: special.ofAgents, tools });
  const contextValues = createContextValues({ documents });
  const capabilities = createCapabilities({ documents, specialTags: special.ofAgentsAndJourneys });
  const cannedResponses = createCannedResponses({ documents, specialTags: special.all });
  return {
    agents,
    customers,
    tags,
    terms,
    contextVariables,
    contextValues,
    capabilities,
    cannedResponses,
    guidelines,
    relationships,
    journeys,
    journeyNodes,
    journeyEdges,
    directory,
    toolServices,
    localTools,
    tools,
  };
}
