/**
 * What becomes of upstream's events in our log. Pure: decided on the session as of everything queued, inside the commit that stores
 * them. Our log has offsets, ids and traces of its own; upstream's are kept in `metadata.upstream`.
 *
 * A turn that was given up here is closed here, at once: upstream's own wind-down of it would close it a second time, so it is left
 * out, and an answer that still comes is stored with `metadata.after_cancel`.
 */
import {
  type EventDraft,
  eventKinds,
  eventSources,
  type EventKind,
  type EventSource,
  isFinalReady,
  statusDraft,
} from '../event-log/event.ts';
import type { Received } from '../event-log/event-log.ts';
import type { SessionRecord, UpstreamPosition, UpstreamTurn } from '../event-log/session-record.ts';
import type { UpstreamEvent } from '../upstream/upstream.ts';
import { completed } from './speech.ts';

/** How many turns are remembered: late answers belong to the latest few. */
const TURNS_KEPT = 20;

export type News = {
  readonly events: readonly UpstreamEvent[];
  readonly nextOffset: number;
  /** Whether a bare `ready` behind an answer ends a turn (servers before 3.2 never say `completed`). */
  readonly bareReadyEnds: boolean;
};

/** Where a session stands that has just been made upstream. */
export function newPosition(upstreamSessionId: string, postedOffset: number): UpstreamPosition {
  return { sessionId: upstreamSessionId, offset: 0, postedOffset, outage: false, turns: {} };
}

/** Throws when the session knows of no upstream: nothing can have been received then. */
export function receiveNews(session: SessionRecord, { events, nextOffset, bareReadyEnds }: News): Received {
  const { upstream, openRun } = session;
  if (!upstream) throw new TypeError('A session without an upstream session receives nothing.');
  const drafts: EventDraft[] = [];
  const turns: Record<string, UpstreamTurn> = { ...upstream.turns };
  let closesRun = false;

  for (const event of events) {
    const ours = ourTrace(event);
    if (ours !== undefined) {
      turns[event.trace_id] = { traceId: ours, answered: false, over: false };
      continue;
    }
    const turn = turns[event.trace_id];
    if (!turn) {
      drafts.push(toDraft(event, event.trace_id));
      continue;
    }
    const isOpen = !closesRun && openRun?.runId === turn.traceId;
    const isLate = !isOpen && !turn.over;
    const ends = isFinalReady(event as Pick<typeof event & { kind: EventKind }, 'kind' | 'data'>);
    const answered = turn.answered || isAnswer(event);
    if (isOpen) drafts.push(toDraft(event, turn.traceId));
    else if (event.kind !== 'status')
      drafts.push(toDraft(event, turn.traceId, isLate ? { after_cancel: true } : {}));
    else if (turn.over && !ends) drafts.push(toDraft(event, turn.traceId));
    const endsBare = isOpen && !ends && bareReadyEnds && turn.answered && isReady(event);
    if (endsBare) drafts.push(statusDraft(turn.traceId, 'ready', completed));
    if (isOpen && (ends || endsBare)) closesRun = true;
    turns[event.trace_id] = { ...turn, answered, over: turn.over || ends || endsBare };
  }
  return {
    drafts,
    closesRun,
    upstream: { ...upstream, offset: Math.max(upstream.offset, nextOffset), turns: latest(turns) },
  };
}

/** Whether the turn of the open run has been answered, and its last word was a bare `ready`. */
export function isAnswered({ upstream, openRun }: SessionRecord): boolean {
  return Object.values(upstream?.turns ?? {}).some(
    ({ traceId, answered, over }) => traceId === openRun?.runId && answered && !over,
  );
}

/** Ends the open run in upstream's stead, unless it is over by now. */
export function endTurn(session: SessionRecord, runId: string, drafts: readonly EventDraft[]): Received {
  const { openRun } = session;
  const upstream = session.upstream ?? newPosition('', -1);
  if (openRun?.runId !== runId) return { drafts: [], upstream, closesRun: false };
  const turns = Object.entries(upstream.turns).map(
    ([trace, turn]) => [trace, turn.traceId === runId ? { ...turn, over: true } : turn] as const,
  );
  return { drafts, upstream: { ...upstream, turns: Object.fromEntries(turns) }, closesRun: true };
}

/** The trace of the message of ours that this is the echo of. Equal texts are told apart: it goes by the id we gave. */
function ourTrace({ kind, source, metadata }: UpstreamEvent): string | undefined {
  if (kind !== 'message' || source !== 'customer') return undefined;
  const { colloquy_event_id: id, colloquy_trace_id: trace } = metadata;
  return typeof id === 'string' && typeof trace === 'string' ? trace : undefined;
}

/** An agent's message that is more than a preamble. */
function isAnswer({ kind, source, data }: UpstreamEvent): boolean {
  if (kind !== 'message' || source !== 'ai_agent') return false;
  const { tags } = data as { readonly tags?: unknown };
  return !Array.isArray(tags) || !tags.includes('__preamble__');
}

function isReady({ kind, data }: UpstreamEvent): boolean {
  return kind === 'status' && (data as { readonly status?: unknown }).status === 'ready';
}

function toDraft(
  event: UpstreamEvent,
  traceId: string,
  marks: { readonly after_cancel?: true } = {},
): EventDraft {
  const { id, offset, trace_id, source, kind, data, metadata } = event;
  const isKnown = isOneOf(eventKinds, kind);
  return {
    // A streamed message keeps the id under which its chunks were told.
    ...(isStreamed(event) && { id }),
    source: isOneOf(eventSources, source) ? source : 'system',
    kind: isKnown ? kind : 'custom',
    trace_id: traceId,
    data,
    metadata: {
      ...metadata,
      upstream: { id, offset, trace_id, ...(isKnown ? {} : { kind }) },
      ...marks,
    },
  };
}

function isStreamed({ kind, data }: UpstreamEvent): boolean {
  return kind === 'message' && Array.isArray((data as { readonly chunks?: unknown }).chunks);
}

function isOneOf<T extends EventKind | EventSource>(known: readonly T[], value: string): value is T {
  return (known as readonly string[]).includes(value);
}

function latest(turns: Readonly<Record<string, UpstreamTurn>>): Record<string, UpstreamTurn> {
  return Object.fromEntries(Object.entries(turns).slice(-TURNS_KEPT));
}
