/** What looks into guidelines and journeys, over real documents and with a model that is a script. `restart`: the next process, same file. */
import type { DocumentStore } from '../../src/documents/document-store.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import type { AgentKnowledge } from '../../src/engine/agent-knowledge.ts';
import { findingCollection, finderOf } from '../../src/engine/indexing/finding.ts';
import { openFindings, type Findings } from '../../src/engine/indexing/findings.ts';
import { startIndexer, type Indexer } from '../../src/engine/indexing/indexer.ts';
import { createInquiry, type Inquiry } from '../../src/engine/indexing/inquiry.ts';
import { openKnowledge, type Knowledge } from '../../src/engine/knowledge.ts';
import { entityCollections } from '../../src/entities/collections/all.ts';
import { createGuidelines, type Guidelines } from '../../src/entities/guidelines.ts';
import { createJourneyEdges, type JourneyEdges } from '../../src/entities/journey-edges.ts';
import { createJourneyNodes, type JourneyNodes } from '../../src/entities/journey-nodes.ts';
import { createJourneys, type Journeys } from '../../src/entities/journeys.ts';
import { createSpecialTags } from '../../src/entities/special-tags.ts';
import type { JsonObject } from '../../src/event-log/event.ts';
import type { NlpService } from '../../src/nlp/nlp.ts';
import type { Clock } from '../../src/session/clock.ts';
import { systemClock } from '../../src/session/clock.ts';
import type { Tool } from '../../src/tools/tool.ts';
import type { ToolDirectory } from '../../src/tools/tool-service.ts';
import { createScriptedNlp, type NlpGiven, type Script, type ScriptedNlp } from './composer.ts';
import { createDataFolder } from './data-folder.ts';
import { createToolService } from './tool-service.ts';

export type IndexingOptions = NlpGiven & {
  readonly script?: Script;
  /** Of the provider; default `scripted`. */
  readonly name?: string;
  readonly clock?: Clock;
  readonly isExempt?: (id: string) => boolean;
  readonly tools?: Pick<ToolDirectory, 'service'>;
  readonly settleMs?: number;
  /** In the place of the script. */
  readonly nlp?: NlpService;
};

type Parts = {
  readonly documents: DocumentStore;
  readonly guidelines: Guidelines;
  readonly journeys: Journeys;
  readonly nodes: JourneyNodes;
  readonly edges: JourneyEdges;
  readonly findings: Findings;
  readonly inquiry: Inquiry;
  readonly indexer: Indexer;
  readonly knowledge: Knowledge;
  readonly nlp: ScriptedNlp;
};

export type Indexing = AsyncDisposable &
  Omit<Parts, 'knowledge'> & {
    /** As the engine knows it now. */
    known(): AgentKnowledge;
    /** By guideline, as the engine knows it; a journey's step by the id of its node. */
    metadataOf(id: string): JsonObject | undefined;
    /** What was logged: level and message. */
    readonly logged: readonly (readonly [level: string, message: string, facts: object])[];
    restart(options?: IndexingOptions): Promise<void>;
  };

/** Nothing is special about anything, unless the script says so. */
export const plainAnswers: Script = {
  action_proposal: ({ tools }) => ({ action: `use ${tools.map(({ toolId }) => toolId).join(' and ')}` }),
  continuous: [{ isContinuous: false }],
  customer_dependence: [{ isCustomerDependent: false }],
  agent_intention: [{ isAgentIntention: false }],
  tool_running: [{ isToolRunningOnly: false }],
  relative_actions: [{ actions: [] }],
  reachable_steps: ({ paths }) => ({
    conditions: paths.map(({ n, path }) => ({ n, condition: `told of ${path.join(' ')}` })),
  }),
};

export async function startIndexing(options: IndexingOptions = {}): Promise<Indexing> {
  const folder = await createDataFolder();
  const logged: (readonly [string, string, object])[] = [];
  let parts = await open(options);

  async function open(given: IndexingOptions): Promise<Parts> {
    const { script = {}, name = 'scripted', clock = systemClock, isExempt, settleMs = 0 } = given;
    const scripted = createScriptedNlp({ ...plainAnswers, ...script }, given);
    const nlp = { ...scripted, ...given.nlp, name: given.nlp?.name ?? name };
    const collections = [...entityCollections, findingCollection];
    const documents = openSqliteDocuments({ folder: folder.path, collections });
    const special = createSpecialTags({ configured: { get: () => undefined } });
    const service = createToolService('search', 'buy');
    const tools = given.tools ?? { service: (of: string) => (of === 'shop' ? service : undefined) };
    const has = async () => true;
    const findings = await openFindings({ documents, by: finderOf(nlp) });
    const inquiry = createInquiry({ nlp, tools, findings });
    return {
      documents,
      guidelines: createGuidelines({ documents, specialTags: special.ofAgentsAndJourneys, tools: { has } }),
      journeys: createJourneys({ documents, specialTags: special.ofAgents }),
      nodes: createJourneyNodes({ documents, tools: { has } }),
      edges: createJourneyEdges({ documents }),
      findings,
      inquiry,
      knowledge: await openKnowledge({ documents, found: findings }),
      nlp: scripted,
      indexer: startIndexer({
        documents,
        findings,
        inquiry,
        clock,
        settleMs,
        ...(isExempt && { isExempt }),
        logger: {
          info: (facts, message) => void logged.push(['info', message, facts]),
          warn: (facts, message) => void logged.push(['warn', message, facts]),
        },
      }),
    };
  }

  async function close(): Promise<void> {
    await parts.indexer.close();
    parts.knowledge.close();
    await parts.documents.close();
  }

  const known = (): AgentKnowledge => parts.knowledge.of({ id: 'a', tags: [] });

  return {
    get documents() {
      return parts.documents;
    },
    get guidelines() {
      return parts.guidelines;
    },
    get journeys() {
      return parts.journeys;
    },
    get nodes() {
      return parts.nodes;
    },
    get edges() {
      return parts.edges;
    },
    get findings() {
      return parts.findings;
    },
    get inquiry() {
      return parts.inquiry;
    },
    get indexer() {
      return parts.indexer;
    },
    get nlp() {
      return parts.nlp;
    },
    logged,
    known,
    metadataOf(id) {
      const steps = known().journeys.flatMap((journey) => journey.steps);
      const step = steps.find(({ journeyNode }) => journeyNode?.nodeId === id);
      if (step) return { ...step.metadata, journey_node: step.journeyNode?.extra ?? {} };
      return known().guidelines.find((guideline) => guideline.id === id)?.metadata;
    },
    async restart(given = options) {
      await close();
      parts = await open(given);
    },
    async [Symbol.asyncDispose]() {
      await close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A service `shop` whose tools can be told other descriptions. */
export function createShop(names: readonly string[]) {
  const service = createToolService(...names);
  let description = '';
  const read = async (name: string): Promise<Tool | undefined> => {
    const tool = await service.read(name);
    return tool && { ...tool, description };
  };
  return {
    describe: (text: string) => void (description = text),
    tools: { service: (name: string) => (name === 'shop' ? { ...service, read } : undefined) },
  };
}
