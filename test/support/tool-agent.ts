/**
 * An agent of the engine whose one guideline always applies and wants tools; which of them are called, and how, is decided and done for
 * real. It answers with what it knows of its calls. For tests of turns that are given up and tried again.
 */
import type { Agent } from '../../src/agents/agent-runner.ts';
import type { EngineDeps } from '../../src/engine/cycle/engine-deps.ts';
import { createEngineRunner } from '../../src/engine/cycle/engine-runner.ts';
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import { matchedScore } from '../../src/engine/guideline.ts';
import { createEngineObserver } from '../../src/engine/observing/engine-observer.ts';
import { indexRelationships } from '../../src/engine/relational-resolver/relationship-index.ts';
import type { Composer } from '../../src/engine/stages.ts';
import { createToolExecutor } from '../../src/engine/tool-calling/tool-executor.ts';
import { createToolInference } from '../../src/engine/tool-calling/tool-inference.ts';
import type { TurnContext } from '../../src/engine/turn-context.ts';
import { systemClock } from '../../src/session/clock.ts';
import { noTelemetry } from '../../src/telemetry/telemetry.ts';
import type { ToolDirectory } from '../../src/tools/tool-service.ts';
import { createScriptedNlp, type Script } from './composer.ts';
import { engineGuideline } from './engine-entities.ts';
import { type Runtime, startRuntime } from './runtime.ts';
import { collectWarnings } from './tool-turn.ts';

export type ToolAgentOptions = {
  readonly tools: ToolDirectory;
  /** `service:tool`. */
  readonly wants: readonly string[];
  /** What is said of them. */
  readonly script: Script;
  /** Before each answer, with the number of the answer from 1. */
  readonly beforeAnswer?: (count: number, turn: TurnContext) => Promise<void>;
  /** While the turn is loaded. */
  readonly onLoad?: () => Promise<void>;
  /** Between `ready` and the moment the session asks what is left to do. */
  readonly beforeRest?: () => Promise<void>;
};

/** The runtime, with this agent as the first. */
export async function startToolAgent(options: ToolAgentOptions): Promise<Runtime> {
  let runner: ReturnType<typeof createEngineRunner> | undefined;
  const agent: Agent = {
    id: 'ada',
    name: 'Ada',
    description: null,
    interruption: 'interrupt',
    runner: {
      tellsStatuses: true,
      async run(turn) {
        const rest = await runner?.run(turn);
        await options.beforeRest?.();
        return rest;
      },
    },
  };
  const runtime = await startRuntime([agent]);
  runner = createEngineRunner(toDeps(runtime, options), {
    id: 'ada',
    name: 'Ada',
    description: null,
    maxEngineIterations: 3,
    compositionMode: 'fluid',
    messageOutputMode: 'block',
    tags: [],
  });
  return runtime;
}

function toDeps(
  runtime: Runtime,
  { tools, wants, script, beforeAnswer, onLoad = async () => {} }: ToolAgentOptions,
): EngineDeps {
  const { logger } = collectWarnings();
  const nlp = createScriptedNlp(script);
  const site = { tools, clock: systemClock, logger };
  const guideline = engineGuideline('g');
  return {
    get log() {
      return runtime.log;
    },
    customers: {
      async read(id) {
        await onLoad();
        return { id, name: 'Ann', metadata: {}, tags: [], creationUtc: '' };
      },
    },
    knowledgeOf: () => ({
      guidelines: [guideline],
      journeys: [],
      terms: [],
      variables: [],
      capabilities: [],
      cannedResponses: [],
      relationships: indexRelationships([]),
      toolsOf: new Map([[guideline.id, wants]]),
    }),
    extensionsOf: () => ({
      hooks: {},
      planner: { createPlan: () => ({}) },
      policy: nullPolicy,
      preamble: {},
      retrievers: [],
      entities: new Map(),
      noMatch: () => '',
    }),
    observer: createEngineObserver(noTelemetry),
    recall: { variables: async () => [], terms: async () => [], capabilities: async () => [] },
    stages: {
      matcher: {
        match: async (_turn, { guidelines }) =>
          guidelines.map((each) => ({ guideline: each, score: matchedScore, rationale: 'always' })),
      },
      inference: createToolInference({ nlp, ...site }),
      executor: createToolExecutor(site),
      composer: createKnowingComposer(beforeAnswer),
      analyst: { analyse: async () => [] },
    },
    nlp,
    clock: systemClock,
    historyLimit: 200,
    logger,
  };
}

function createKnowingComposer(beforeAnswer: ToolAgentOptions['beforeAnswer']): Composer {
  let count = 0;
  return {
    preamble: async () => false,
    async compose(turn, voice) {
      count += 1;
      await beforeAnswer?.(count, turn);
      const text = turn.staged.map(toKnown).join(', ') || 'nothing to tell';
      const participant = { id: 'ada', display_name: 'Ada' };
      voice.commitTo([{ kind: 'message', data: { message: text, participant } }]);
      return { said: [text] };
    },
  };
}

/** `shop:buy = 1`, `shop:buy unknown`. */
function toKnown({ toolId, result }: TurnContext['staged'][number]): string {
  const outcome = result.metadata['outcome'];
  return typeof outcome === 'string' ? `${toolId} ${outcome}` : `${toolId} = ${JSON.stringify(result.data)}`;
}
