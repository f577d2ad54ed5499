/**
 * What holds a connection open, an event stream or a waiting poll, has a lease: it counts for its customer, and it ends when the client
 * leaves, the caller's token ends, the session is given to somebody else or the server shuts down.
 */
import type { Response } from 'express';
import { ShuttingDownError } from '../errors.ts';
import type { Caller } from './access.ts';
import { TooManyStreamsError } from './errors.ts';

/** The longest time a timer can wait. */
const TIMER_LIMIT_MS = 2 ** 31 - 1;

/** Why a connection that was held open is given up. */
export type EndReason = 'left' | 'stalled' | 'expired' | 'reassigned' | 'silent' | 'timeout' | 'shutdown';

/** One connection held open for a caller, until its response closes. Its signal fires, with an `EndReason`, when it must end. */
export type Lease = {
  readonly signal: AbortSignal;
  readonly end: (reason: EndReason) => void;
};

/** Of whom and for what a connection is held open. */
export type LeaseOptions = { readonly res: Response; readonly caller: Caller; readonly sessionId: string };

export interface Leases {
  /** Throws `TooManyStreamsError`, or `ShuttingDownError`. */
  hold(options: LeaseOptions): Lease;
  /** Ends what other customers than this one hold of the session. */
  reassign(sessionId: string, customerId: string): void;
  /**
   * For an answer that waits for a turn: counts for nobody and outlives `close`, because turns under way may finish. Fires, with
   * `ShuttingDownError`, when they had their time, and when the client leaves.
   */
  untilGivenUp(res: Response): AbortSignal;
  /** Ends all, and gives no more. */
  close(): void;
  /** Ends the waits for turns as well. */
  giveUp(): void;
}

export function createLeases({ streamsPerCustomer }: { readonly streamsPerCustomer: number }): Leases {
  const held = new Map<Lease, LeaseOptions>();
  const perCustomer = new Map<string, number>();
  const waits = new Set<AbortController>();
  let closed = false;

  return {
    hold(of) {
      if (closed) throw new ShuttingDownError();
      const giveBack = take(of.caller);
      const controller = new AbortController();
      const lease: Lease = { signal: controller.signal, end: (reason) => controller.abort(reason) };
      const expiry = timerUntil(of.caller, () => lease.end('expired'));
      held.set(lease, of);
      onClosed(of.res, () => {
        clearTimeout(expiry);
        held.delete(lease);
        giveBack();
        lease.end('left');
      });
      return lease;
    },

    reassign(sessionId, customerId) {
      for (const [lease, { sessionId: about, caller }] of held) {
        const isForeign = caller.role === 'customer' && caller.customerId !== customerId;
        if (about === sessionId && isForeign) lease.end('reassigned');
      }
    },

    untilGivenUp(res) {
      const controller = new AbortController();
      waits.add(controller);
      onClosed(res, () => {
        waits.delete(controller);
        controller.abort('left' satisfies EndReason);
      });
      return controller.signal;
    },

    close() {
      closed = true;
      for (const lease of held.keys()) lease.end('shutdown');
    },

    giveUp() {
      for (const controller of waits) controller.abort(new ShuttingDownError());
    },
  };

  /** Counts one more for a customer; returns the way to count it off. */
  function take(caller: Caller): () => void {
    if (caller.role !== 'customer') return () => {};
    const { customerId } = caller;
    const open = perCustomer.get(customerId) ?? 0;
    if (open >= streamsPerCustomer) throw new TooManyStreamsError(streamsPerCustomer);
    perCustomer.set(customerId, open + 1);
    return () => {
      const left = (perCustomer.get(customerId) ?? 1) - 1;
      if (left > 0) perCustomer.set(customerId, left);
      else perCustomer.delete(customerId);
    };
  }
}

/**
 * Also when it is closed already: a client may leave while its session is looked up, and `close` is not said twice. Of `res`, not `req`:
 * a request that was read says no more that its client left.
 */
export function onClosed(res: Response, listener: () => void): void {
  if (res.closed) listener();
  else res.once('close', listener);
}

/** Ends what a token opened when the token ends. */
function timerUntil(caller: Caller, end: () => void): NodeJS.Timeout | undefined {
  if (caller.role === 'anybody' || caller.expiresAt === undefined) return undefined;
  return setTimeout(end, Math.min(caller.expiresAt - Date.now(), TIMER_LIMIT_MS)).unref();
}
