/** Messages of the server's streams (docs/streaming.md). What this page does not know is undefined: a later server may have more. */
import type { EventSourceMessage } from 'eventsource-parser';
import type { LiveNews } from '../state/live-list.ts';
import type { ListNews } from '../state/session-list.ts';
import type { Chunk, Frame, LiveSession, Session, SessionEvent, StateFrame, TurnFrame } from '../wire.ts';

/** Of `GET /sessions/{id}/events`. */
export function toFrame({ event, data }: EventSourceMessage): Frame | undefined {
  switch (event) {
    case 'message':
    case 'status':
    case 'tool':
    case 'custom':
      return { type: 'event', event: JSON.parse(data) as SessionEvent };
    case 'chunk':
      return { type: 'chunk', chunk: JSON.parse(data) as Chunk };
    case 'updated':
      return { type: 'updated', event: JSON.parse(data) as SessionEvent };
    case 'removed':
      return { type: 'removed', from: (JSON.parse(data) as { from: number }).from };
    case 'state':
      return { type: 'state', state: JSON.parse(data) as StateFrame };
    case 'turn':
      return { type: 'turn', turn: JSON.parse(data) as TurnFrame };
    default:
      return undefined;
  }
}

type WholeList = Omit<Extract<ListNews, { type: 'sessions' }>, 'type'>;

/** Of `GET /api/me/events`. */
export function toListNews({ event, data }: EventSourceMessage): ListNews | undefined {
  switch (event) {
    case 'sessions':
      return { type: 'sessions', ...(JSON.parse(data) as WholeList) };
    case 'session':
      return { type: 'session', session: JSON.parse(data) as Session };
    case 'deleted':
      return { type: 'deleted', id: (JSON.parse(data) as { id: string }).id };
    default:
      return undefined;
  }
}

/** Of `GET /api/live`. */
export function toLiveNews({ event, data }: EventSourceMessage): LiveNews | undefined {
  switch (event) {
    case 'sessions':
      return {
        type: 'sessions',
        sessions: (JSON.parse(data) as { sessions: readonly LiveSession[] }).sessions,
      };
    case 'session':
      return { type: 'session', session: JSON.parse(data) as LiveSession };
    case 'left':
      return { type: 'left', id: (JSON.parse(data) as { session_id: string }).session_id };
    default:
      return undefined;
  }
}
