/** What stands in the chat, one below the other: each is made of one event of the log, and is the same object as long as the event is. */
import type { Json, JsonObject, MessageData, SessionEvent, StatusData } from '../wire.ts';
import { sourcesOf, type Source } from './source.ts';

export type Speaker = 'customer' | 'agent' | 'person';

export type MessageItem = {
  readonly type: 'message';
  /** Id of the message, while it grows and when it is stored. */
  readonly key: string;
  readonly from: Speaker;
  readonly name: string;
  readonly text: string;
  readonly traceId: string;
  /** `interrupted`: given up while it was being made; the text is as far as it came. */
  readonly state: 'growing' | 'whole' | 'interrupted';
  /** ISO 8601; null while it grows. */
  readonly at: string | null;
  readonly sources: readonly Source[];
  /** By a customer, while another turn is under way and this one has not begun. */
  readonly isWaiting: boolean;
};

export type ToolCall = { readonly name: string; readonly arguments: Json; readonly result: Json };

export type ToolsItem = {
  readonly type: 'tools';
  readonly key: string;
  readonly traceId: string;
  readonly calls: readonly ToolCall[];
};

export type FailureItem = {
  readonly type: 'failure';
  readonly key: string;
  readonly traceId: string;
  readonly code: string;
  /** In words, as the server tells it. */
  readonly message: string;
  readonly at: string;
  /** What to say again to try once more; null where there is nothing. */
  readonly retryText: string | null;
};

export type NoteItem = {
  readonly type: 'note';
  readonly key: string;
  readonly traceId: string;
  readonly text: string;
};

export type ChatItem = MessageItem | ToolsItem | FailureItem | NoteItem;

/** Said of a turn of which there is no text. */
export const givenUp = 'Given up before there was an answer.';

const known = new WeakMap<SessionEvent, ChatItem | null>();

/** Null where an event is not shown. */
export function toChatItem(event: SessionEvent): ChatItem | null {
  let item = known.get(event);
  if (item === undefined) {
    item = makeItem(event);
    known.set(event, item);
  }
  return item;
}

function makeItem(event: SessionEvent): ChatItem | null {
  switch (event.kind) {
    case 'message':
      return toMessage(event);
    case 'tool':
      return { type: 'tools', ...identityOf(event), calls: callsOf(event.data) };
    case 'status':
      return toStatusItem(event, event.data as StatusData); // docs/events.md
    default:
      return isRecovery(event.data) ? note(event, 'The server of this agent can be reached again.') : null;
  }
}

function identityOf({ id, trace_id }: SessionEvent) {
  return { key: id, traceId: trace_id };
}

function note(event: SessionEvent, text: string): NoteItem {
  return { type: 'note', ...identityOf(event), text };
}

function toMessage(event: SessionEvent): MessageItem {
  const { message, participant } = event.data as MessageData; // docs/events.md
  const from = speakerOf(event);
  return {
    type: 'message',
    ...identityOf(event),
    from,
    name: participant?.display_name || (from === 'customer' ? 'Customer' : 'Agent'),
    text: message,
    state: event.metadata['interrupted'] === true ? 'interrupted' : 'whole',
    at: event.creation_utc,
    sources: sourcesOf(event.metadata['sources']),
    isWaiting: false,
  };
}

function speakerOf({ source }: SessionEvent): Speaker {
  if (source === 'customer' || source === 'customer_ui') return 'customer';
  return source === 'human_agent' ? 'person' : 'agent';
}

function callsOf(data: Json): readonly ToolCall[] {
  const calls = isObject(data) ? data['tool_calls'] : undefined;
  if (!Array.isArray(calls)) return [];
  return (calls as readonly Json[]).filter(isObject).map((call) => ({
    name: typeof call['tool_id'] === 'string' ? call['tool_id'] : 'tool',
    arguments: call['arguments'] ?? null,
    result: resultOf(call['result'] ?? null),
  }));
}

/** What a tool answered, without what is meant for the engine. */
function resultOf(result: Json): Json {
  return isObject(result) && 'data' in result ? (result['data'] ?? null) : result;
}

function toStatusItem(event: SessionEvent, { status, data }: StatusData): ChatItem | null {
  if (status === 'cancelled') return note(event, givenUp);
  if (status !== 'error') return null;
  return {
    type: 'failure',
    ...identityOf(event),
    code: textOf(data?.['code']) ?? 'ERROR',
    message: textOf(data?.['exception']) ?? 'The agent could not answer.',
    at: event.creation_utc,
    retryText: null,
  };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isRecovery(data: Json): boolean {
  return isObject(data) && data['type'] === 'upstream.recovered';
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
