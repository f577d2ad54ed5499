/**
 * Where in the work a line of the log was written: the turn's trace, how far into it, and the parts within parts. Lines need not say so
 * themselves: the logger asks here (`logger.ts`), also for what a library logs in between.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

type Place = {
  readonly traceId: string | undefined;
  /** `performance.now()` of when the trace began. */
  readonly beganAt: number;
  /** `[Matcher][actionable]` */
  readonly scope: string;
};

/** As it stands in a line. */
export type LogPlace = {
  readonly traceId?: string;
  /** Milliseconds since the trace began. */
  readonly turnMs?: number;
  readonly scope?: string;
};

export interface LogScopes {
  /** A trace begins: nothing of what it was begun in is said any more. */
  trace<Result>(traceId: string, work: () => Result): Result;
  scope<Result>(name: string, work: () => Result): Result;
  /** Empty outside of any. */
  current(): LogPlace;
}

export function createLogScopes(): LogScopes {
  const places = new AsyncLocalStorage<Place>();
  return {
    trace: (traceId, work) => places.run({ traceId, beganAt: performance.now(), scope: '' }, work),

    scope(name, work) {
      const { traceId, beganAt, scope } = places.getStore() ?? nowhere;
      return places.run({ traceId, beganAt, scope: `${scope}[${name}]` }, work);
    },

    current() {
      const place = places.getStore();
      if (!place) return {};
      const { traceId, beganAt, scope } = place;
      return {
        ...(traceId !== undefined && { traceId, turnMs: Math.round(performance.now() - beganAt) }),
        ...(scope !== '' && { scope }),
      };
    },
  };
}

const nowhere: Place = { traceId: undefined, beganAt: 0, scope: '' };
