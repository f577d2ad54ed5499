/** What a composer works with in tests: a turn, a voice that remembers, and a model that says what it was told to say. */
import type { TurnEvent } from '../../src/agents/agent-runner.ts';
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import { toSituation } from '../../src/engine/cycle/situation.ts';
import type { AgentExtensions } from '../../src/engine/extensions.ts';
import { indexRelationships } from '../../src/engine/relational-resolver/relationship-index.ts';
import type { ComposerVoice } from '../../src/engine/stages.ts';
import type { TurnContext } from '../../src/engine/turn-context.ts';
import type { AgentRecord } from '../../src/entities/agents.ts';
import type { CannedResponse } from '../../src/entities/collections/canned-response.ts';
import type { EventDraft, JsonObject, SessionEvent } from '../../src/event-log/event.ts';
import type { AskOptions, NlpService } from '../../src/nlp/nlp.ts';
import { answerSchemas, type QuestionInputs, type QuestionName } from '../../src/nlp/questions/questions.ts';
import type { Situation } from '../../src/nlp/questions/situation.ts';

export const noMatch = '<no-match>';

export type TurnGiven = Partial<Omit<TurnContext, 'agent' | 'extensions' | 'situation' | 'events'>> & {
  readonly agent?: Partial<AgentRecord>;
  readonly extensions?: Partial<AgentExtensions>;
  readonly situation?: Partial<Situation>;
  readonly events?: readonly Partial<EventDraft>[];
  readonly cannedResponses?: readonly (Pick<CannedResponse, 'id' | 'value'> & Partial<CannedResponse>)[];
};

export const traceId = 'this turn';

/** A customer has asked "q", unless `events` say otherwise. */
export function composerTurn({ cannedResponses = [], ...given }: TurnGiven = {}): TurnContext {
  const agent = toAgent(given.agent);
  const events = (given.events ?? [customerSays('q')]).map(toStored);
  const staged = given.staged ?? [];
  const situation = {
    agent: { id: agent.id, name: agent.name, description: agent.description },
    customer: { id: 'c', name: 'Carl' },
    interaction: [],
    terms: [],
    variables: [],
    capabilities: [],
    staged: [],
    ...given.situation,
  };
  return {
    sessionId: 's',
    customerId: 'c',
    customerTags: [],
    traceId,
    attempt: 1,
    sessionMode: 'auto',
    sessionLabels: [],
    state: { appliedGuidelineIds: [], journeyPaths: {} },
    journeyPaths: {},
    iteration: 1,
    ordinary: [],
    toolEnabled: [],
    journeys: [],
    insights: { evaluations: [], missing: [], invalid: [] },
    responseFields: {},
    signal: new AbortController().signal,
    knowledge: {
      guidelines: [],
      journeys: [],
      terms: [],
      variables: [],
      capabilities: [],
      cannedResponses: cannedResponses.map(toCannedResponse),
      relationships: indexRelationships([]),
      toolsOf: new Map(),
    },
    ...given,
    agent,
    events,
    staged,
    situation: toSituation({ events, staged }, situation),
    extensions: {
      hooks: {},
      planner: { createPlan: () => ({}) },
      policy: nullPolicy,
      preamble: {},
      retrievers: [],
      entities: new Map(),
      noMatch: () => noMatch,
      ...given.extensions,
    },
  };
}

export function customerSays(message: string): Partial<EventDraft> {
  return { source: 'customer', data: { message, participant: { id: 'c', display_name: 'Carl' } } };
}

/** In this turn, unless `about` says otherwise. */
export function agentSaid(
  message: string,
  { data = {}, ...about }: Omit<Partial<EventDraft>, 'data'> & { readonly data?: JsonObject } = {},
): Partial<EventDraft> {
  const participant = { id: 'a', display_name: 'Ada' };
  return { trace_id: traceId, ...about, data: { message, participant, ...data } };
}

function toAgent(given: Partial<AgentRecord> = {}): AgentRecord {
  return {
    id: 'a',
    name: 'Ada',
    description: null,
    maxEngineIterations: 3,
    compositionMode: 'canned_fluid',
    messageOutputMode: 'block',
    tags: [],
    ...given,
  };
}

function toStored(given: Partial<EventDraft>, offset: number): SessionEvent {
  const event = {
    source: 'ai_agent',
    kind: 'message',
    trace_id: 'earlier',
    data: {},
    metadata: {},
    ...given,
  } as const;
  const creation_utc = new Date(offset * 1_000).toISOString();
  const { trace_id: correlation_id } = event;
  return { id: `e${offset}`, ...event, offset, creation_utc, correlation_id, deleted: false };
}

function toCannedResponse(
  given: Pick<CannedResponse, 'id' | 'value'> & Partial<CannedResponse>,
): CannedResponse {
  const creationUtc = '2026-01-01T00:00:00.000000Z';
  return { creationUtc, fields: [], signals: [], metadata: {}, fieldDependencies: [], tags: [], ...given };
}

export type RecordingVoice = ComposerVoice & {
  readonly emitted: readonly TurnEvent[];
  /** What was committed to last; undefined: nothing ever. */
  readonly rest: readonly TurnEvent[] | undefined;
  /** Both, in order. */
  readonly all: readonly TurnEvent[];
  /** How many events were emitted whenever something was committed to. */
  readonly commits: readonly number[];
  readonly pauses: readonly number[];
  readonly hooked: readonly (readonly [name: string, payload: string])[];
};

export type VoiceGiven = {
  /** By earlier attempts. */
  readonly told?: readonly TurnEvent[];
  readonly hook?: (name: Parameters<ComposerVoice['hook']>[0], payload: string) => Promise<boolean>;
  readonly pause?: (seconds: number) => Promise<void>;
  /** After each emission and each commitment. */
  readonly onChange?: (voice: RecordingVoice) => void;
};

export function createRecordingVoice(given: VoiceGiven = {}): RecordingVoice {
  const emitted: TurnEvent[] = [];
  let rest: readonly TurnEvent[] | undefined;
  const commits: number[] = [];
  const pauses: number[] = [];
  const hooked: [string, string][] = [];
  const voice: RecordingVoice = {
    ...(given.told && { told: given.told.map(toStored) }),
    get emitted() {
      return emitted;
    },
    get rest() {
      return rest;
    },
    get all() {
      return [...emitted, ...(rest ?? [])];
    },
    commits,
    pauses,
    hooked,
    async emit(events) {
      emitted.push(...events);
      await Promise.resolve();
      given.onChange?.(voice);
    },
    commitTo(left) {
      rest = left;
      commits.push(emitted.length);
      given.onChange?.(voice);
    },
    async stream(pieces) {
      const chunks: string[] = [];
      try {
        for await (const piece of pieces) chunks.push(piece);
      } finally {
        const data = { message: chunks.join(''), chunks: [...chunks, null] };
        emitted.push({ kind: 'message', data, metadata: {} });
      }
    },
    async pause(seconds) {
      pauses.push(seconds);
      await given.pause?.(seconds);
    },
    async hook(name, payload) {
      hooked.push([name, payload]);
      return (await given.hook?.(name, payload)) ?? true;
    },
  };
  return voice;
}

export type Asked = {
  readonly [Name in QuestionName]: {
    readonly question: Name;
    readonly input: QuestionInputs[Name];
    readonly temperature: number;
  };
}[QuestionName];

/** What is answered: in the order of the calls, the last one again and again. An error is thrown. */
export type Script = {
  readonly [Name in QuestionName]?: readonly unknown[] | ((input: QuestionInputs[Name]) => unknown);
};

export type ScriptedNlp = NlpService & { readonly asked: readonly Asked[] };

export type NlpGiven = Pick<NlpService, 'streamText'> & {
  readonly rank?: NlpService['rank'];
  /** Before each answer. */
  readonly onAsk?: (question: QuestionName, options: AskOptions) => Promise<void> | void;
};

/** Answers that do not fit their schema are mistakes of the test. Without `rank` everything is as near as can be. */
export function createScriptedNlp(script: Script, given: NlpGiven = {}): ScriptedNlp {
  const asked: Asked[] = [];
  return {
    name: 'scripted',
    asked,
    async ask(question, input, options) {
      asked.push({ question, input, temperature: options.temperature } as unknown as Asked); // of one question
      await given.onAsk?.(question, options);
      const answers = script[question];
      const count = asked.filter((each) => each.question === question).length;
      const said: unknown =
        typeof answers === 'function' ? answers(input) : answers?.[Math.min(count, answers.length) - 1];
      if (said instanceof Error) throw said;
      const usage = { inputTokens: 0, outputTokens: 0 };
      const info = { question, model: 'scripted', durationMs: 0, usage };
      const answer = answerSchemas[question].parse(said) as never; // of this question
      return { answer, info };
    },
    rank: given.rank ?? (async (_query, candidates) => candidates.map(({ id }) => ({ id, score: 1 }))),
    ...(given.streamText && { streamText: given.streamText }),
    async close() {},
  };
}

/** `{status, stage?}` or what a message holds, without who says it. */
export function toShown({ kind, data, metadata = {} }: TurnEvent): object {
  if (kind === 'status') {
    const { status, data: inner } = data as { readonly status: string; readonly data: JsonObject }; // of a status
    return { status, ...inner };
  }
  const { participant: _, canned_responses: cannedResponses, ...shown } = data as JsonObject; // of a message
  return {
    ...shown,
    ...(cannedResponses !== undefined && { cannedResponses }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

/** The texts of the messages. */
export function textsOf(events: readonly TurnEvent[]): readonly string[] {
  return events.flatMap(({ kind, data }) =>
    kind === 'message' ? [(data as { readonly message: string }).message] : [],
  );
}
