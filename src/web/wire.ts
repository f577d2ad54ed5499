/**
 * What the server's API says, as types: events and frames are the server's own types, the rest names the fields that the page reads.
 * Nothing of the server's code is in the page: these are types only.
 */
import type { Chunk, StateFrame, TurnFrame } from '../event-log/frame.ts';
import type { EventSource, EventStatus, SessionEvent } from '../event-log/event.ts';

export type { Json, JsonObject, MessageData, SessionEvent, StatusData } from '../event-log/event.ts';
export type { Chunk, StateFrame, TurnFrame } from '../event-log/frame.ts';
export type { Chart, ChartEdge, ChartNode, ChartSummary, Point } from '../charts/chart.ts';
export type { EventSource, EventStatus };

/** A frame of `GET /sessions/{id}/events`. */
export type Frame =
  | { readonly type: 'event'; readonly event: SessionEvent }
  | { readonly type: 'chunk'; readonly chunk: Chunk }
  | { readonly type: 'updated'; readonly event: SessionEvent }
  | { readonly type: 'removed'; readonly from: number }
  | { readonly type: 'state'; readonly state: StateFrame }
  | { readonly type: 'turn'; readonly turn: TurnFrame };

export type SessionMode = 'auto' | 'manual';
export type Interruption = 'interrupt' | 'enqueue' | 'reject';
export type Lifecycle = 'NOT_STARTED' | 'POLLING' | 'STOPPED';

export type Session = {
  readonly id: string;
  readonly agent_id: string;
  readonly customer_id: string;
  readonly title: string | null;
  readonly mode: SessionMode;
  /** null: the agent's own policy. */
  readonly interruption: Interruption | null;
  readonly state: Lifecycle;
  readonly creation_utc: string;
  readonly last_activity_utc: string;
};

export type Agent = { readonly id: string; readonly name: string };

/** A session in the server's memory. */
export type LiveSession = {
  readonly session_id: string;
  readonly agent_id: string;
  readonly customer_id: string;
  readonly state: Lifecycle;
  readonly turn: string | null;
  readonly mode: SessionMode;
  readonly since: string;
  readonly followers: number;
  readonly queue_depth: number;
  readonly last_offset: number;
  /** null: the agent runs on the server itself. */
  readonly last_poll_utc: string | null;
  readonly lag_ms: number | null;
};
