/**
 * A session as the page knows it: the one fold over its frames (docs/streaming.md). Everything on screen is derived from what is here, so
 * that a reload, a second tab and a stream that was cut all end in the same picture.
 */
import type { Chunk, Frame, SessionEvent, StateFrame, TurnFrame } from '../wire.ts';

/** Text being made. The message event with this id replaces it. */
export type Growing = {
  readonly id: string;
  readonly traceId: string;
  readonly attempt: number;
  readonly text: string;
};

/** A transition of the statechart. `n` counts them, so that each is itself even where two are alike. */
export type Move = NonNullable<StateFrame['transition']> & { readonly n: number; readonly at: string };

/** A statechart as far as it was watched. */
export type WatchedChart = {
  /** As `GET /api/machines` names it. */
  readonly machine: string;
  /** Where it stands; null: nothing was heard of it yet. */
  readonly position: Pick<StateFrame, 'value' | 'since'> | null;
  /** Oldest first, at most `MOVES_KEPT`. */
  readonly moves: readonly Move[];
};

export type SessionLog = {
  /** By offset. */
  readonly events: readonly SessionEvent[];
  /** Offset to resume behind; -1: from the beginning. */
  readonly lastOffset: number;
  readonly growing: readonly Growing[];
  readonly chart: WatchedChart;
  /** That of its turns, one after the other; null: its agent has none, as far as is known. */
  readonly turnChart: WatchedChart | null;
};

export const MOVES_KEPT = 200;

export const emptyLog: SessionLog = {
  events: [],
  lastOffset: -1,
  growing: [],
  chart: { machine: 'session', position: null, moves: [] },
  turnChart: null,
};

/** The log after these frames. They come in batches: a backlog of thousands copies the list of events once. */
export function applyFrames(log: SessionLog, frames: readonly Frame[]): SessionLog {
  const next: Draft = { ...log, events: [...log.events] };
  for (const frame of frames) applyFrame(next, frame);
  // The list is a new one only where it has changed: what is derived from it is kept by its identity.
  return frames.some(touchesEvents) ? next : { ...next, events: log.events };
}

type Draft = Omit<{ -readonly [Key in keyof SessionLog]: SessionLog[Key] }, 'events'> & {
  readonly events: SessionEvent[];
};

function touchesEvents({ type }: Frame): boolean {
  return type === 'event' || type === 'updated' || type === 'removed';
}

function applyFrame(log: Draft, frame: Frame): void {
  switch (frame.type) {
    case 'event':
      return append(log, frame.event);
    case 'updated':
      return update(log, frame.event);
    case 'removed':
      return remove(log, frame.from);
    case 'chunk':
      return grow(log, frame.chunk);
    case 'state':
      log.chart = moved(log.chart, frame.state);
      return;
    case 'turn':
      log.turnChart = turnMoved(log.turnChart, frame.turn);
  }
}

/** An event that is known already comes again where two streams overlapped. */
function append(log: Draft, event: SessionEvent): void {
  if (event.offset <= log.lastOffset) return;
  log.events.push(event);
  log.lastOffset = event.offset;
  if (log.growing.length > 0) log.growing = log.growing.filter((each) => !isEndedBy(each, event));
}

/** Its message is there; or its turn is over, and what was not stored by then is not going to be. */
function isEndedBy({ id, traceId }: Growing, event: SessionEvent): boolean {
  return event.kind === 'message' ? id === event.id : traceId === event.trace_id && endsTurn(event);
}

/** `ready` with stage `completed`: nothing else ends a turn. */
export function endsTurn({ kind, data }: Pick<SessionEvent, 'kind' | 'data'>): boolean {
  if (kind !== 'status') return false;
  const { status, data: inner } = data as { status: string; data?: { stage?: unknown } | null }; // docs/events.md
  return status === 'ready' && inner?.stage === 'completed';
}

function update(log: Draft, event: SessionEvent): void {
  const index = indexOf(log.events, event.offset);
  if (log.events[index]?.offset === event.offset) log.events[index] = event;
}

/** Offsets are not used again, but where the data came from a back-up: so what comes next is taken, whatever its offset. */
function remove(log: Draft, from: number): void {
  log.events.length = indexOf(log.events, from);
  log.lastOffset = Math.min(log.lastOffset, from - 1);
  const traces = new Set(log.events.map(({ trace_id }) => trace_id));
  log.growing = log.growing.filter(({ traceId }) => traces.has(traceId));
}

/** Of the first event with this offset or a later one. */
function indexOf(events: readonly SessionEvent[], offset: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.offset ?? Infinity) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index 0 starts the text anew, and a higher attempt the whole answer. What is stored already grows no more. */
function grow(log: Draft, { message_id: id, trace_id: traceId, attempt, index, text }: Chunk): void {
  const current = log.growing.filter((each) => each.traceId !== traceId || each.attempt >= attempt);
  const known = current.find((each) => each.id === id);
  if (known ? known.attempt > attempt : log.events.some((event) => event.id === id)) return;
  const grown = { id, traceId, attempt, text: known && index > 0 ? known.text + text : text };
  log.growing = known ? current.map((each) => (each === known ? grown : each)) : [...current, grown];
}

function moved(chart: WatchedChart, { value, since, transition }: StateFrame): WatchedChart {
  const position = { value, since };
  if (!transition) return { ...chart, position };
  const n = (chart.moves.at(-1)?.n ?? 0) + 1;
  return { ...chart, position, moves: [...chart.moves, { ...transition, n, at: since }].slice(-MOVES_KEPT) };
}

function turnMoved(chart: WatchedChart | null, turn: TurnFrame): WatchedChart {
  const { machine } = turn;
  return moved(chart?.machine === machine ? chart : { machine, position: null, moves: [] }, turn);
}
