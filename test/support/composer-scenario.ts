/** Scenarios of composers, as `test/vectors/README.md` describes them, made into a turn, a voice and a model. */
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import type { GuidelineMatch } from '../../src/engine/guideline.ts';
import type { TurnContext } from '../../src/engine/turn-context.ts';
import { type CompositionMode, agentTag } from '../../src/entities/collections/agent.ts';
import type { CannedResponse } from '../../src/entities/collections/canned-response.ts';
import { guidelineTag } from '../../src/entities/collections/guideline.ts';
import type { EventDraft, EventSource, Json, JsonObject } from '../../src/event-log/event.ts';
import type { GeneratedFieldInput } from '../../src/nlp/questions/messages.ts';
import type { QuestionName } from '../../src/nlp/questions/questions.ts';
import { engineGuideline } from './engine-entities.ts';
import { composerTurn, createScriptedNlp, type ScriptedNlp, type VoiceGiven } from './composer.ts';

type ToolCall = {
  readonly toolId: string;
  readonly arguments?: JsonObject;
  readonly data?: Json;
  readonly cannedResponses?: readonly string[];
  readonly fields?: JsonObject;
};

type Said =
  | { readonly kind?: undefined; readonly source: EventSource; readonly message: string }
  | { readonly kind: 'tool'; readonly toolCalls: readonly ToolCall[] };

type Guideline = { readonly id: string; readonly compositionMode?: string };

export type Scenario = {
  readonly mode: string;
  readonly outputMode?: 'block' | 'stream';
  readonly agentName?: string;
  readonly customerName?: string;
  readonly history?: readonly Said[];
  readonly stagedToolCalls?: readonly ToolCall[];
  readonly guidelines?: readonly Guideline[];
  readonly cannedResponses?: readonly (Pick<CannedResponse, 'id' | 'value'> &
    Partial<CannedResponse> & { readonly similarity?: number; readonly forGuideline?: string })[];
  readonly variables?: JsonObject;
  readonly glossary?: Readonly<Record<string, string>>;
  readonly missing?: readonly string[];
  readonly invalid?: Readonly<Record<string, string>>;
  readonly additionalFields?: JsonObject;
  readonly hooks?: Readonly<Record<string, string>>;
  readonly policy?: 'null' | 'splitting';
  readonly model?: {
    readonly draft?: readonly (string | null)[];
    readonly selection?: readonly (
      | 'error'
      | { readonly chosen_template_id: string | null; readonly match_quality: string }
    )[];
    readonly recompose?: readonly string[];
    readonly preamble?: readonly string[];
    readonly followUp?: readonly {
      readonly additional_response_required?: boolean;
      readonly additional_template_id?: string;
      readonly remaining_message_draft?: string;
    }[];
    readonly generative?: Readonly<Record<string, string | null>>;
    readonly stream?: readonly (string | null)[];
  };
};

export function turnOf(scenario: Scenario): TurnContext {
  const { history = [], stagedToolCalls = [], guidelines = [], cannedResponses = [] } = scenario;
  const { variables = {}, glossary = {}, missing = [], invalid = {}, outputMode = 'block' } = scenario;
  return composerTurn({
    agent: {
      name: scenario.agentName ?? 'Ada',
      compositionMode: modes[scenario.mode] ?? 'fluid',
      messageOutputMode: outputMode,
    },
    events: history.map(toEvent),
    staged: stagedToolCalls.map(toStaged),
    ordinary: guidelines.map(toMatch),
    cannedResponses: cannedResponses.map(({ similarity: _, forGuideline, tags = [], ...response }) => ({
      ...response,
      tags: [...tags, forGuideline === undefined ? agentTag('a') : guidelineTag(forGuideline)],
    })),
    situation: {
      customer: { id: 'c', name: scenario.customerName ?? 'Carl' },
      variables: Object.entries(variables).map(([name, value]) => ({ name, description: null, value })),
      terms: Object.entries(glossary).map(([name, description]) => ({ name, description, synonyms: [] })),
    },
    insights: {
      evaluations: [],
      missing: missing.map((parameter) => toProblem(parameter)),
      invalid: Object.entries(invalid).map(([parameter, value]) => ({ ...toProblem(parameter), value })),
    },
    responseFields: scenario.additionalFields ?? {},
    extensions: { policy: { ...nullPolicy, splitsMessages: scenario.policy === 'splitting' } },
  });
}

export function voiceOf({ hooks = {} }: Scenario): VoiceGiven {
  return { hook: async (name) => hooks[name] !== 'bail' };
}

export function nlpOf({ model = {}, cannedResponses = [] }: Scenario): ScriptedNlp {
  const scores = new Map(cannedResponses.map(({ id, similarity = 1 }) => [id, similarity]));
  const { stream, followUp = [{}] } = model;
  return createScriptedNlp(
    {
      canned_draft: orErrors(model.draft, (body) => ({ body })),
      selection: orErrors(model.selection, (each) => ({
        templateId: each.chosen_template_id === '<transient>' ? '<transient-1>' : each.chosen_template_id,
        quality: each.match_quality,
      })),
      recomposition: orErrors(model.recompose, (text) => ({ text })),
      preamble: orErrors(model.preamble, (text) => ({ text })),
      follow_up: orErrors(followUp, (each) => ({
        isRequired: each.additional_response_required,
        templateNumber: each.additional_template_id,
        remainingDraft: each.remaining_message_draft,
      })),
      generated_field: ({ name }: GeneratedFieldInput) => ({ name, value: model.generative?.[name] }),
    },
    {
      rank: async (_query, candidates) => candidates.map(({ id }) => ({ id, score: scores.get(id) ?? 0 })),
      ...(stream && { streamText: () => piecesOf(stream) }),
    },
  );
}

/** Names of the vectors, with temperatures. */
export function callsOf({ asked }: ScriptedNlp): readonly (readonly [name: string, temperature: number])[] {
  return asked.map((each) => {
    const name = each.question === 'generated_field' ? `field:${each.input.name}` : names[each.question];
    return [name ?? each.question, each.temperature];
  });
}

const modes: Readonly<Record<string, CompositionMode>> = {
  canned_fluid: 'canned_fluid',
  canned_composited: 'composited_canned',
  canned_strict: 'strict_canned',
};

const names: Partial<Record<QuestionName, string>> = {
  canned_draft: 'draft',
  recomposition: 'recompose',
  follow_up: 'follow-up',
};

function orErrors<Given>(
  given: readonly Given[] | undefined,
  toAnswer: (each: Exclude<Given, 'error'>) => unknown,
): readonly unknown[] {
  return (given ?? []).map((each) =>
    each === 'error' ? new Error('scripted') : toAnswer(each as Exclude<Given, 'error'>),
  ); // 'error' is none
}

async function* piecesOf(stream: readonly (string | null)[]): AsyncGenerator<string> {
  for (const piece of stream) {
    if (piece === 'error') throw new Error('scripted');
    if (piece !== null) yield piece;
  }
}

export function toMatch({ id, compositionMode }: Guideline): GuidelineMatch {
  const mode = compositionMode === undefined ? null : (modes[compositionMode] ?? 'fluid');
  return { guideline: engineGuideline(id, { compositionMode: mode }), score: 10, rationale: '' };
}

export function toEvent(said: Said): Partial<EventDraft> {
  if (said.kind === 'tool') {
    const calls = said.toolCalls.map(({ toolId, arguments: args = {}, data = null, fields = {} }) => ({
      tool_id: toolId,
      arguments: args,
      result: { data, canned_response_fields: fields },
    }));
    return { kind: 'tool', data: { tool_calls: calls } };
  }
  const { source, message } = said;
  return { source, data: { message, participant: { id: null, display_name: source } } };
}

function toStaged({
  toolId,
  arguments: args = {},
  data = null,
  cannedResponses = [],
  fields = {},
}: ToolCall) {
  const result = { data, metadata: {}, control: {}, guidelines: [] };
  return { toolId, arguments: args, result: { ...result, cannedResponses, cannedResponseFields: fields } };
}

function toProblem(parameter: string) {
  const unknown = { description: null, significance: null, examples: [], choices: [], precedence: null };
  return { toolId: 's:t', parameter, ...unknown };
}
