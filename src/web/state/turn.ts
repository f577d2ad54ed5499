/** The turn under way, as the status events tell it. */
import type { SessionEvent, StatusData } from '../wire.ts';
import { endsTurn, type SessionLog } from './session-log.ts';

export type Turn =
  | { readonly isBusy: false }
  /** `status`: the last one; `stage`: what the agent is at, where it says so. */
  | {
      readonly isBusy: true;
      readonly traceId: string;
      readonly status: string;
      readonly stage: string | null;
    };

const idle: Turn = { isBusy: false };

/** The last status decides: the closing events of a turn stand before the first one of the next. */
export function turnOf(events: readonly SessionEvent[]): Turn {
  const last = events.findLast((event) => event.kind === 'status' && event.source !== 'system');
  if (!last || endsTurn(last)) return idle;
  const { status, data } = last.data as StatusData; // docs/events.md
  if (status === 'error') return idle;
  const stage = data?.['stage'];
  return {
    isBusy: true,
    traceId: last.trace_id,
    status,
    stage: typeof stage === 'string' ? stage : null,
  };
}

/** What the agent does now, in words; empty when it does nothing. */
export function activityOf({ events, growing }: SessionLog): string {
  const turn = turnOf(events);
  if (!turn.isBusy) return '';
  if (growing.some(({ text, traceId }) => text !== '' && traceId === turn.traceId)) return 'Writing';
  if (turn.status === 'acknowledged') return 'Read your message';
  if (turn.status === 'typing') return 'Writing';
  if (turn.status === 'cancelled') return 'Stopping';
  return turn.stage ?? 'Thinking';
}
