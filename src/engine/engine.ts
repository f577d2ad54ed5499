/**
 * The embedded engine, put together: what agents know, what programs add to them, and the stages of a turn over one provider of language
 * understanding. It answers for every stored agent.
 */
import type { AgentRunner } from '../agents/agent-runner.ts';
import type { AgentRecord } from '../entities/agents.ts';
import type { ContextValues } from '../entities/context-values.ts';
import type { Customers } from '../entities/customers.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import type { NlpService } from '../nlp/nlp.ts';
import type { Clock } from '../session/clock.ts';
import { noTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import type { ToolDirectory } from '../tools/tool-service.ts';
import { createComposer } from './composing/composer.ts';
import { defaultNoMatch } from './composing/default-wording.ts';
import type { EngineDeps, EngineLogger } from './cycle/engine-deps.ts';
import { createEngineRunner } from './cycle/engine-runner.ts';
import { createBasicPolicy, nullPolicy } from './cycle/performance-policies.ts';
import type { AgentExtensions, EntityExtensions } from './extensions.ts';
import { finderOf } from './indexing/finding.ts';
import { openFindings } from './indexing/findings.ts';
import { startIndexer } from './indexing/indexer.ts';
import { createInquiry, type Inquiry } from './indexing/inquiry.ts';
import type { ProgressLogger } from './indexing/progress.ts';
import { openKnowledge } from './knowledge.ts';
import { createOwnProviders } from './own-providers.ts';
import { createGuidelineMatcher } from './matching/guideline-matcher.ts';
import { createEngineObserver } from './observing/engine-observer.ts';
import { measureSearch, observeNlp, type PromptLogger } from './observing/observed-nlp.ts';
import { observeStages } from './observing/observed-stages.ts';
import { observeTools } from './observing/observed-tools.ts';
import { createRecall } from './recall.ts';
import { createResponseAnalyst } from './response-analysis.ts';
import type { Stages } from './stages.ts';
import { createToolExecutor, longestCallMs } from './tool-calling/tool-executor.ts';
import { createToolInference } from './tool-calling/tool-inference.ts';

/** What programs add, by agent and by what an agent knows. */
export type EngineExtensions = {
  readonly agents: ReadonlyMap<string, Partial<Omit<AgentExtensions, 'entities'>>>;
  readonly entities: ReadonlyMap<string, EntityExtensions>;
};

export type EngineOptions = {
  /** Opened with `findingCollection` as well. */
  readonly documents: DocumentStore;
  readonly log: EngineDeps['log'];
  readonly customers: Pick<Customers, 'read'>;
  readonly contextValues: Pick<ContextValues, 'find' | 'put'>;
  readonly tools: ToolDirectory;
  readonly nlp: NlpService;
  /** The provider that an agent names for itself, always the same for the same name; default: there are none. */
  readonly nlpNamed?: (choices: string) => Promise<NlpService>;
  readonly extensions: EngineExtensions;
  readonly clock: Clock;
  readonly historyLimit: number;
  /** The longest time a turn may take, in ms; default: for ever. */
  readonly runTimeoutMs?: number;
  readonly logger: EngineLogger & PromptLogger & ProgressLogger;
  /** Default true: what agents know is looked into when it is written. */
  readonly indexing?: boolean;
  /** Default: nobody is told how turns go. */
  readonly telemetry?: Telemetry;
};

export type Engine = {
  /** Who answers for this agent, as it is now. */
  runnerFor(agent: AgentRecord): AgentRunner;
  /** For whoever wants to know more of a text. */
  readonly inquiry: Inquiry;
  /** Resolves when all that agents know was looked into, but for what has failed. */
  lookedInto(): Promise<void>;
  close(): Promise<void>;
};

/** Reads everything agents know. */
export async function openEngine(given: EngineOptions): Promise<Engine> {
  const { telemetry = noTelemetry, logger } = given;
  const observer = createEngineObserver(telemetry);
  const nlp = observeNlp(given.nlp, { telemetry, logger });
  const tools = observeTools(given.tools, telemetry);
  const { documents, extensions, clock } = given;
  const findings = await openFindings({ documents, by: finderOf(nlp) });
  const inquiry = createInquiry({ nlp, tools, findings });
  const knowledge = await openKnowledge({ documents, found: findings });
  const isExempt = (id: string): boolean => extensions.entities.get(id)?.matcher !== undefined;
  const indexer =
    (given.indexing ?? true)
      ? startIndexer({ documents, findings, inquiry, clock, logger, isExempt, telemetry })
      : undefined;

  function depsWith(understanding: NlpService): EngineDeps {
    const options = { ...given, nlp: understanding, tools };
    const defaults = toDefaults(understanding);
    return {
      ...options,
      knowledgeOf: (agent) => knowledge.of(agent),
      extensionsOf: (agentId) => ({
        ...defaults,
        ...extensions.agents.get(agentId),
        entities: extensions.entities,
      }),
      recall: createRecall({ ...options, ...toCallLimit(given) }),
      stages: observeStages(createStages(options), observer),
      observer,
    };
  }

  const ordinary = depsWith(nlp);
  const own = createOwnProviders({
    named: given.nlpNamed ?? noProvider,
    depsWith: (each) => depsWith(observeNlp(each, { telemetry, logger })),
    logger,
  });
  return {
    runnerFor: (agent) =>
      agent.nlp === undefined ? createEngineRunner(ordinary, agent) : own.runnerFor(agent, agent.nlp),
    inquiry,
    lookedInto: async () => indexer?.idle(),
    async close() {
      await indexer?.close();
      knowledge.close();
    },
  };
}

async function noProvider(choices: string): Promise<never> {
  throw new Error(`There is no language provider "${choices}" here.`);
}

/** A tool that hangs leaves a turn the time to say so. */
function toCallLimit({ runTimeoutMs = Infinity }: EngineOptions): { readonly limitMs: number } {
  return { limitMs: Math.min(longestCallMs, runTimeoutMs / 2) };
}

function createStages(options: EngineOptions): Stages {
  const { nlp, tools, clock, logger, telemetry = noTelemetry } = options;
  return {
    matcher: createGuidelineMatcher({ nlp, clock, logger }),
    inference: createToolInference({ nlp, tools, clock, logger }),
    executor: createToolExecutor({ tools, clock, logger, ...toCallLimit(options) }),
    composer: createComposer({ nlp: measureSearch(nlp, telemetry, 'canrep.retrieval') }),
    analyst: createResponseAnalyst({ nlp, clock }),
  };
}

/** Where the answer is there at once, nobody need be kept company. */
function toDefaults({ name }: NlpService): Omit<AgentExtensions, 'entities'> {
  return {
    hooks: {},
    planner: { createPlan: () => ({}) },
    policy: name === 'offline' ? nullPolicy : createBasicPolicy(),
    preamble: {},
    retrievers: [],
    noMatch: () => defaultNoMatch,
  };
}
