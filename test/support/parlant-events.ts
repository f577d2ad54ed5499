/** Events as a Parlant server tells them, and the turns they make up. */
import { newId } from '../../src/event-log/ids.ts';

export type WireEvent = {
  readonly id: string;
  readonly source: string;
  readonly kind: string;
  readonly offset: number;
  readonly creation_utc: string;
  readonly trace_id: string;
  readonly correlation_id: string;
  /** A streamed message's grows in place. */
  data: unknown;
  metadata: Record<string, unknown>;
  deleted: boolean;
};

export type WireDraft = {
  readonly kind: string;
  readonly source?: string;
  readonly trace_id: string;
  readonly data: unknown;
  readonly metadata?: Record<string, unknown>;
};

/** `staged`: since 3.2, the last `ready` of a turn says `stage: "completed"`. `bare`: it says nothing. */
export type TurnStyle = 'staged' | 'bare';

export const agent = { id: 'upstream-agent', display_name: 'Upstream agent' } as const;

export function toWireEvent(draft: WireDraft, offset: number): WireEvent {
  return {
    id: newId(),
    source: draft.source ?? 'ai_agent',
    kind: draft.kind,
    offset,
    // As finely as the server tells time, and never the same twice.
    creation_utc: new Date(Date.UTC(2026, 0, 1) + offset).toISOString().replace('Z', '000Z'),
    trace_id: draft.trace_id,
    correlation_id: draft.trace_id,
    data: draft.data,
    metadata: draft.metadata ?? {},
    deleted: false,
  };
}

export function statusOf(trace: string, status: string, data: object = {}): WireDraft {
  return { kind: 'status', trace_id: trace, data: { status, data } };
}

export function messageOf(trace: string, text: string, more: object = {}): WireDraft {
  return { kind: 'message', trace_id: trace, data: { message: text, participant: agent, ...more } };
}

/** The last `ready` of a turn. */
export function readyOf(trace: string, style: TurnStyle): WireDraft {
  const completed = {
    stage: 'completed',
    matched_guidelines: [],
    matched_journeys: [],
    matched_journey_states: [],
  };
  return statusOf(trace, 'ready', style === 'staged' ? completed : {});
}

/** A whole turn, in the order the engine tells it. */
export function turnOf(
  trace: string,
  turn: {
    readonly style: TurnStyle;
    /** More than one: a message split at its paragraphs. None: the agent says nothing. */
    readonly messages: readonly string[];
    readonly preamble?: string;
    /** Results of tools, one event each. */
    readonly tools?: readonly unknown[];
    /** The run failed after all. */
    readonly exception?: string;
  },
): WireDraft[] {
  const { style, messages, preamble, tools = [], exception } = turn;
  return [
    statusOf(trace, 'acknowledged'),
    ...(preamble === undefined
      ? []
      : [
          statusOf(trace, 'typing'),
          messageOf(trace, preamble, { tags: ['__preamble__'] }),
          statusOf(trace, 'ready'),
        ]),
    statusOf(trace, 'processing', { stage: 'Interpreting' }),
    ...tools.map((data) => ({ kind: 'tool', trace_id: trace, data: { tool_calls: [toToolCall(data)] } })),
    ...messages.flatMap((text) => [
      statusOf(trace, 'typing'),
      messageOf(trace, text),
      ...(messages.length > 1 ? [statusOf(trace, 'ready')] : []),
    ]),
    readyOf(trace, style),
    ...(exception === undefined ? [] : [statusOf(trace, 'error', { exception })]),
  ];
}

function toToolCall(data: unknown): object {
  return {
    tool_id: 'local:look_up',
    arguments: {},
    result: { data, metadata: {}, control: {}, canned_responses: [], canned_response_fields: {} },
  };
}
