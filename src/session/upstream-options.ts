/** What talking to other servers needs of the runtime, and whom it tells how that goes. */
import type { Log } from '../event-log/event-log.ts';
import type { Clock } from './clock.ts';

/** Hears how polling goes, per server and session. */
export interface UpstreamMonitor {
  pollStarted(url: string): void;
  /** `outcome`: `events`, `timeout`, or the code of the failure. */
  pollEnded(url: string, outcome: string, sessionId: string): void;
  /** How long ago the newest event was made when it was stored, in ms. */
  received(url: string, lagMs: number, sessionId: string): void;
}

export type UpstreamLimits = {
  /** How long upstream may hold a poll. */
  readonly pollWaitS: number;
  /** An answered turn that upstream does not end is over after so long without an event. */
  readonly upstreamIdleMs: number;
};

export type UpstreamOptions = {
  readonly log: Log;
  readonly clock: Clock;
  readonly limits: UpstreamLimits & { readonly runTimeoutMs: number };
  readonly monitor: UpstreamMonitor;
  /** Fires when the runtime ends. */
  readonly ended: AbortSignal;
};
