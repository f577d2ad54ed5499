/**
 * The event: the one kind of fact Colloquy keeps. Its envelope and payloads are Parlant's wire (snake_case, as published),
 * because the log is what clients read. Nothing here is translated on its way out.
 */

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

export const eventKinds = ['message', 'status', 'tool', 'custom'] as const;
export type EventKind = (typeof eventKinds)[number];

export const eventSources = [
  'customer',
  'customer_ui',
  'human_agent',
  'human_agent_on_behalf_of_ai_agent',
  'ai_agent',
  'system',
] as const;
export type EventSource = (typeof eventSources)[number];

export const eventStatuses = ['acknowledged', 'processing', 'typing', 'ready', 'cancelled', 'error'] as const;
export type EventStatus = (typeof eventStatuses)[number];

/** One event of a session, as stored and as sent. `offset` is gapless at creation and never used again. */
export type SessionEvent = {
  readonly id: string;
  readonly source: EventSource;
  readonly kind: EventKind;
  readonly offset: number;
  /** ISO 8601, UTC, six fractional digits. */
  readonly creation_utc: string;
  /** One per turn: the customer's message and everything that answers it. */
  readonly trace_id: string;
  /** Always `trace_id`; kept because Parlant's clients fail without it. */
  readonly correlation_id: string;
  readonly data: Json;
  readonly metadata: JsonObject;
  readonly deleted: boolean;
};

/** An event before the log gave it an offset and a time. A missing `id` is made by the log. */
export type EventDraft = {
  readonly id?: string;
  /** The id was made by `newId` for this event and is told to nobody yet: whether it is taken need not be looked up. */
  readonly idIsFresh?: true;
  readonly source: EventSource;
  readonly kind: EventKind;
  readonly trace_id: string;
  readonly data: Json;
  readonly metadata?: JsonObject;
};

/** Who speaks in a message event. */
export type Participant = { readonly id: string | null; readonly display_name: string };

/** `data` of a `message` event. */
export type MessageData = {
  readonly message: string;
  readonly participant: Participant;
  readonly flagged?: boolean;
  readonly tags?: readonly string[];
  /** Only of agents whose messages are stored while they grow: the pieces, closed by null. */
  readonly chunks?: readonly (string | null)[];
};

/** `data` of a `status` event. Only `ready` whose inner `stage` is `completed` ends a turn. */
export type StatusData = { readonly status: EventStatus; readonly data: JsonObject };

/** A `status` event by the agent. */
export function statusDraft(traceId: string, status: EventStatus, data: JsonObject = {}): EventDraft {
  return { source: 'ai_agent', kind: 'status', trace_id: traceId, data: { status, data } };
}

/** The status of a `status` event, else undefined. */
export function statusOf(event: Pick<SessionEvent, 'kind' | 'data'>): EventStatus | undefined {
  if (event.kind !== 'status') return undefined;
  return (event.data as StatusData).status;
}

/** Whether this event ends its turn: `ready` with stage `completed`. */
export function isFinalReady(event: Pick<SessionEvent, 'kind' | 'data'>): boolean {
  if (event.kind !== 'status') return false;
  const { status, data } = event.data as StatusData;
  return status === 'ready' && data?.['stage'] === 'completed';
}

/** The text of a `message` event, else undefined. */
export function messageTextOf(event: Pick<SessionEvent, 'kind' | 'data'>): string | undefined {
  if (event.kind !== 'message') return undefined;
  return (event.data as MessageData).message;
}

/** Whether it is a message whose last chunk is not there yet: Parlant closes `chunks` with null. Other messages are whole. */
export function isGrowing({ kind, data }: { readonly kind: string; readonly data: Json }): boolean {
  if (kind !== 'message') return false;
  const { chunks } = data as { readonly chunks?: unknown };
  return Array.isArray(chunks) && chunks.at(-1) !== null;
}
