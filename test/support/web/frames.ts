/** Frames of a session's stream, as a server would send them. */
import type { EventStatus, Json, JsonObject, SessionEvent } from '../../../src/event-log/event.ts';
import type { Frame } from '../../../src/web/wire.ts';

export type EventFrame = Extract<Frame, { type: 'event' }>;

/** An event of the turn `trace`, with an id made of its offset. */
export function event(
  offset: number,
  trace: string,
  more: Pick<SessionEvent, 'kind' | 'source' | 'data'> & Partial<SessionEvent>,
): EventFrame {
  return {
    type: 'event',
    event: {
      id: `event-${offset}`,
      offset,
      creation_utc: `2026-01-01T00:00:${String(offset % 60).padStart(2, '0')}.000000Z`,
      trace_id: trace,
      correlation_id: trace,
      metadata: {},
      deleted: false,
      ...more,
    },
  };
}

export function asked(offset: number, trace: string, message: string): EventFrame {
  const data = { message, participant: { id: 'ann', display_name: 'Ann' }, flagged: false, tags: [] };
  return event(offset, trace, { kind: 'message', source: 'customer', data });
}

export function answered(
  offset: number,
  trace: string,
  message: string,
  more: { readonly id?: string; readonly metadata?: JsonObject } = {},
): EventFrame {
  const data = { message, participant: { id: 'echo', display_name: 'Echo' } };
  return event(offset, trace, { kind: 'message', source: 'ai_agent', data, ...more });
}

export function status(offset: number, trace: string, name: EventStatus, data: JsonObject = {}): EventFrame {
  return event(offset, trace, { kind: 'status', source: 'ai_agent', data: { status: name, data } });
}

/** `ready` that ends the turn. */
export function over(offset: number, trace: string): EventFrame {
  return status(offset, trace, 'ready', { stage: 'completed' });
}

export function chunk(
  id: string,
  trace: string,
  text: string,
  { index = 0, attempt = 1 }: { readonly index?: number; readonly attempt?: number } = {},
): Frame {
  return { type: 'chunk', chunk: { message_id: id, trace_id: trace, attempt, index, text } };
}

export function toolCalled(offset: number, trace: string, name: string, data: Json): EventFrame {
  const calls = [
    { tool_id: `shop:${name}`, arguments: { n: offset }, result: { data, metadata: {}, control: {} } },
  ];
  return event(offset, trace, { kind: 'tool', source: 'ai_agent', data: { tool_calls: calls } });
}

/** The statechart moved. */
export function moved(from: Json, to: Json, by: string): Frame {
  const transition = { id: `${by}:0:0`, from, to, event: by };
  return { type: 'state', state: { value: to, since: '2026-01-01T00:00:00.000000Z', transition } };
}

/** A turn's own statechart: it begins, or that is where it stands. */
export function turnAt(trace: string, value: Json): Frame {
  const since = '2026-01-01T00:00:00.000000Z';
  return {
    type: 'turn',
    turn: { trace_id: trace, machine: 'engine-cycle', value, since, transition: null },
  };
}

export function turnMoved(trace: string, from: Json, to: Json, by: string): Frame {
  const at = turnAt(trace, to) as Extract<Frame, { type: 'turn' }>;
  const transition = { id: `${by}:0:0`, from, to, event: by };
  return { type: 'turn', turn: { ...at.turn, transition } };
}
