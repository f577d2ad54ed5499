/** The recorded turns: a real session over a real log, with a scripted matcher, tools, composer and analyst. */
import { describe, expect, it } from 'vitest';
import type { Agent, TurnEvent } from '../../src/agents/agent-runner.ts';
import type { AgentKnowledge } from '../../src/engine/agent-knowledge.ts';
import { toStateMetadata } from '../../src/engine/cycle/agent-state.ts';
import type { EngineDeps } from '../../src/engine/cycle/engine-deps.ts';
import { createEngineRunner } from '../../src/engine/cycle/engine-runner.ts';
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import type { AgentExtensions, Hook, HookName, HookResult } from '../../src/engine/extensions.ts';
import { type EngineGuideline, type GuidelineMatch, matchedScore } from '../../src/engine/guideline.ts';
import { createEngineObserver } from '../../src/engine/observing/engine-observer.ts';
import { indexRelationships } from '../../src/engine/relational-resolver/relationship-index.ts';
import type { Stages } from '../../src/engine/stages.ts';
import type { JsonObject, SessionEvent, StatusData } from '../../src/event-log/event.ts';
import type { ToolResult } from '../../src/tools/tool.ts';
import { noTelemetry } from '../../src/telemetry/telemetry.ts';
import { engineGuideline, engineJourney } from '../support/engine-entities.ts';
import { createStepClock } from '../support/step-clock.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';
import { readVectors } from '../support/vectors.ts';

type Scenario = {
  sessionMode?: 'auto' | 'manual';
  maxEngineIterations?: number;
  guidelines?: (Partial<EngineGuideline> & {
    id: string;
    action?: string | null;
    enabled?: boolean;
    continuous?: boolean;
    tools?: string[];
  })[];
  journeys?: { id: string; triggers: string[]; labels?: string[] }[];
  matching?: (string[] | 'error')[];
  matchingDelay?: number;
  toolCalls?: string[][];
  tools?: Record<string, Partial<ToolResult> & { error?: boolean }>;
  reevaluate?: { tool: string; guideline: string }[];
  applied?: string[];
  analysisDelay?: number;
  appliedGuidelineIds?: string[];
  preambleRequired?: boolean;
  preambleText?: string;
  extendedDelay?: number;
  hooks?: Partial<Record<HookName, HookResult>>;
  compose?: 'error';
  composeDelay?: number;
  emitDelay?: number;
  cancelAfterSeconds?: number;
  utter?: { action: string; rationale: 'unspecified' | 'buy_time' | 'follow_up' }[];
};

type Expected = {
  result: boolean;
  events: readonly JsonObject[];
  trace: readonly JsonObject[];
  agentStateAdded: { appliedGuidelineIds: string[]; count: number } | null;
  sessionModeSet?: string;
  labelsAdded?: string[];
};

const cases = readVectors<{ scenario: Scenario; expected: Expected }>('engine-cycle', 'engine-cycle');

describe('a turn of the engine, as recorded', () => {
  it.each(cases.map((each) => [each.id, each.title, each] as const))(
    '%s: %s',
    async (_id, _title, { scenario, expected }) => {
      await using played = await play(scenario);
      expect(split(played.events.map(shorten))).toEqual(split(expected.events.map(sorted)));
      expect(multiset(played.trace)).toEqual(multiset(expected.trace.filter(isWorth)));
      expect(played.state).toEqual(expected.agentStateAdded);
      expect(played.mode).toBe(expected.sessionModeSet ?? 'auto');
      expect(played.labels.toSorted()).toEqual((expected.labelsAdded ?? []).toSorted());
      expect(played.result).toBe(expected.result);
    },
  );
});

/** Plays it to its end, in the time it tells. */
async function play(scenario: Scenario) {
  const clock = createStepClock();
  const trace: JsonObject[] = [];
  const told = { failed: false };
  let over = false;
  const agent: Agent = {
    id: 'ada',
    name: 'Ada',
    description: null,
    interruption: 'interrupt',
    runner: {
      tellsStatuses: true,
      async run(turn) {
        try {
          const afterwards = await runner.run(turn);
          if (!afterwards) return void (over = true);
          return async (signal) => {
            await afterwards(signal);
            over = true;
          };
        } catch (error) {
          over = true;
          throw error;
        }
      },
      utter: (request) => runner.utter?.(request) ?? Promise.resolve(undefined),
    },
  };
  const runtime = await startRuntime([agent]);
  const runner = createEngineRunner(toDeps(scenario, { runtime, clock, trace, told }), {
    id: 'ada',
    name: 'Ada',
    description: null,
    maxEngineIterations: scenario.maxEngineIterations ?? 3,
    compositionMode: 'canned_fluid',
    messageOutputMode: 'block',
    tags: [],
  });
  const id = await runtime.session();
  await remember(runtime, id, scenario.appliedGuidelineIds);
  const before = (await runtime.log.read(id)).length;
  if (scenario.utter) {
    await runtime.sessions.utter(id, scenario.utter).catch(() => {
      told.failed = true;
    });
  } else {
    await runtime.send(id, 'hello');
    await drive(runtime, id, { clock, cancelAt: scenario.cancelAfterSeconds, isOver: () => over });
  }
  // Behind everything that was told.
  await runtime.log.closeRun(id, { runId: 'none' }, []);
  const events = (await runtime.log.read(id)).slice(before).filter(({ source }) => source === 'ai_agent');
  const session = await runtime.sessions.get(id);
  const states = (await runtime.log.read(id)).flatMap(({ metadata }) => metadata['agent_state'] ?? []);
  const added = events.some(({ metadata }) => metadata['agent_state']);
  const last = states.at(-1) as { applied_guideline_ids: string[] } | undefined;
  const cancelled = events.some(({ data }) => (data as StatusData).status === 'cancelled');
  return {
    events,
    trace: trace.filter(isWorth),
    state: added && last ? { appliedGuidelineIds: last.applied_guideline_ids, count: states.length } : null,
    mode: session.mode,
    labels: session.labels,
    result: !told.failed && !cancelled,
    [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
  };
}

/** Lets time pass only where somebody waits for it, and never past the moment of the cancel. */
async function drive(
  runtime: Runtime,
  id: string,
  {
    clock,
    cancelAt,
    isOver,
  }: {
    clock: ReturnType<typeof createStepClock>;
    cancelAt: number | undefined;
    isOver: () => boolean;
  },
): Promise<void> {
  const start = clock.now();
  let cancelled = cancelAt === undefined;
  while (!isOver() || clock.pending() > 0) {
    const next = clock.next();
    if (next === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    } else if (!cancelled && next >= start + (cancelAt ?? 0) * 1_000) {
      cancelled = true;
      await runtime.sessions.cancel(id);
    } else await clock.step();
  }
}

async function remember(runtime: Runtime, id: string, appliedGuidelineIds: string[] | undefined) {
  if (!appliedGuidelineIds) return;
  const metadata = toStateMetadata({ appliedGuidelineIds, journeyPaths: {} });
  const data = { status: 'ready', data: { stage: 'completed' } };
  await runtime.log.append(id, [{ source: 'ai_agent', kind: 'status', trace_id: 'earlier', data, metadata }]);
}

type World = {
  runtime: Runtime;
  clock: ReturnType<typeof createStepClock>;
  trace: JsonObject[];
  told: { failed: boolean };
};

function toDeps(scenario: Scenario, world: World): EngineDeps {
  const { runtime, clock } = world;
  return {
    get log() {
      return runtime.log;
    },
    customers: {
      read: async (customerId) => ({ id: customerId, name: 'Ann', metadata: {}, tags: [], creationUtc: '' }),
    },
    knowledgeOf: () => toKnowledge(scenario),
    extensionsOf: () => toExtensions(scenario, world),
    recall: { variables: async () => [], terms: async () => [], capabilities: async () => [] },
    stages: toStages(scenario, world),
    nlp: { rank: async (_query, candidates) => candidates.map(({ id }) => ({ id, score: 1 })) },
    clock,
    observer: createEngineObserver(noTelemetry),
    historyLimit: 200,
    logger: { warn() {}, error() {} },
  };
}

function toKnowledge({ guidelines = [], journeys = [], reevaluate = [] }: Scenario): AgentKnowledge {
  const usable = guidelines
    .filter(({ enabled }) => enabled !== false)
    .map(({ id, action, continuous, enabled: _, tools: __, ...given }) =>
      engineGuideline(id, {
        ...given,
        action: action === undefined ? `action of ${id}` : action,
        metadata: continuous ? { continuous } : {},
      }),
    );
  return {
    guidelines: usable,
    journeys: journeys.map(({ id, triggers, labels = [] }) => ({
      ...engineJourney(id, { triggers }),
      title: id,
      description: '',
      compositionMode: null,
      labels,
      steps: [],
    })),
    terms: [],
    variables: [],
    capabilities: [],
    cannedResponses: [],
    relationships: indexRelationships(
      reevaluate.map(({ tool, guideline }, n) => ({
        id: `r${n}`,
        kind: 'reevaluation',
        source: { type: 'guideline', id: guideline },
        target: { type: 'tool', id: tool },
        groupId: null,
      })),
    ),
    toolsOf: new Map(guidelines.flatMap(({ id, tools }) => (tools ? [[id, tools] as const] : []))),
  };
}

function toExtensions(
  { hooks = {}, preambleRequired = false, extendedDelay }: Scenario,
  { trace }: World,
): AgentExtensions {
  const recorded = Object.entries(hooks).map(([name, result]) => {
    const recordedHook: Hook<HookName> = async () => {
      trace.push({ hook: name });
      return result;
    };
    return [name, [recordedHook]] as const;
  });
  return {
    hooks: Object.fromEntries(recorded),
    planner: { createPlan: () => ({}) },
    policy: {
      ...nullPolicy,
      isPreambleRequired: () => preambleRequired,
      extendedDelayMs: () => (extendedDelay === undefined ? null : extendedDelay * 1_000),
    },
    preamble: {},
    retrievers: [],
    entities: new Map(),
    noMatch: () => '',
  };
}

function toStages(scenario: Scenario, { clock, trace, told }: World): Stages {
  const counts = { match: 0, infer: 0 };
  const wait = (seconds = 0, signal = new AbortController().signal) =>
    seconds > 0 ? clock.waitUntil(clock.now() + seconds * 1_000, signal) : Promise.resolve();
  const message = (text: string, tags?: string[]): TurnEvent => ({
    kind: 'message',
    data: { message: text, participant: { id: 'ada', display_name: 'Ada' }, ...(tags && { tags }) },
  });
  const typing: TurnEvent = { kind: 'status', data: { status: 'typing', data: {} } };
  return {
    matcher: {
      async match({ signal }, { guidelines }) {
        trace.push({ match: guidelines.map(({ id }) => id) });
        const answer = scenario.matching?.[counts.match++] ?? [];
        await wait(scenario.matchingDelay, signal);
        if (answer === 'error') {
          told.failed = true;
          throw new Error('matching failed');
        }
        return guidelines.filter(({ id }) => answer.includes(id)).map(toMatch);
      },
    },
    inference: {
      async infer(_turn, toolEnabled) {
        const candidates = [...new Set(toolEnabled.flatMap(({ toolIds }) => toolIds))];
        trace.push({ infer: candidates });
        const called = scenario.toolCalls?.[counts.infer++] ?? [];
        return {
          calls: called.map((toolId) => ({ id: `${toolId}-${counts.infer}`, toolId, arguments: {} })),
          insights: {
            evaluations: candidates.map((toolId) => [
              toolId,
              called.includes(toolId) ? 'needs_to_run' : 'data_already_in_context',
            ]),
            missing: [],
            invalid: [],
          },
        };
      },
    },
    executor: {
      async run(_turn, calls) {
        return calls.map(({ toolId, arguments: args }) => {
          trace.push({ tool: toolId });
          const { error, ...given } = scenario.tools?.[toolId] ?? {};
          const result = {
            data: error ? '<tool-error>' : null,
            metadata: {},
            control: {},
            cannedResponses: [],
            cannedResponseFields: {},
            guidelines: [],
            ...given,
          };
          return { toolId, arguments: args, result };
        });
      },
    },
    composer: {
      async preamble(_turn, voice) {
        trace.push({ preamble: true });
        if (!scenario.preambleText) return false;
        await voice.emit([typing]);
        await voice.emit([message(scenario.preambleText, ['__preamble__'])]);
        return true;
      },
      async compose({ ordinary, toolEnabled, signal }, voice) {
        const matches = [...ordinary, ...toolEnabled.map(({ match }) => match)];
        trace.push({ compose: matches.map(({ guideline }) => guideline.id) });
        await voice.emit([typing]);
        await wait(scenario.composeDelay, signal);
        if (scenario.compose === 'error') {
          told.failed = true;
          throw new Error('composing failed');
        }
        voice.commitTo([message('answer')]);
        await wait(scenario.emitDelay);
        return { said: ['answer'] };
      },
    },
    analyst: {
      async analyse(_turn, matches) {
        trace.push({ analyse: matches.map(({ guideline }) => guideline.id) });
        await wait(scenario.analysisDelay);
        return scenario.applied ?? [];
      },
    },
  };
}

function toMatch(guideline: EngineGuideline): GuidelineMatch {
  return { guideline, score: matchedScore, rationale: 'scripted' };
}

/** As the recorded events are written. */
function shorten(event: SessionEvent): JsonObject {
  if (event.kind === 'message') {
    const { message, tags } = event.data as { message: string; tags?: string[] };
    return { message, ...(tags && { tags }) };
  }
  if (event.kind === 'tool') {
    const { tool_calls: calls } = event.data as {
      tool_calls: { tool_id: string; result: { data: string } }[];
    };
    return { tool: calls.map(({ tool_id, result }) => ({ toolId: tool_id, data: result.data })) };
  }
  const { status, data = {} } = event.data as { status: string; data?: JsonObject };
  if (status === 'error') return { status, data: { exception: '<text>' } };
  return sorted({ status, ...(Object.keys(data).length > 0 && { data }) });
}

/** Lists inside `ready` are sets. */
function sorted(event: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(event), (_key, value: unknown) =>
    Array.isArray(value) ? value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : value,
  ) as JsonObject;
}

const isPassing = ({ status, data }: JsonObject) =>
  status === 'processing' && /Interpreting|Thinking/.test(JSON.stringify(data ?? ''));

/** News that may come at any moment apart from what has its order. One `Interpreting` more or less is fine. */
function split(events: readonly JsonObject[]) {
  return {
    inOrder: events.filter((event) => !isPassing(event)),
    thinking: events.filter((event) => isPassing(event) && JSON.stringify(event).includes('Thinking')).length,
  };
}

function isWorth(entry: JsonObject): boolean {
  return !Object.values(entry).some((value) => Array.isArray(value) && value.length === 0);
}

function multiset(entries: readonly JsonObject[]): readonly string[] {
  return entries.map((entry) => JSON.stringify(sorted(entry))).toSorted();
}
