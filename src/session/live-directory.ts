/**
 * The live directory: what is in memory now, for metrics, `GET /sessions/{id}/state` and operators. A store of facts that others
 * report; nothing decides by it. The map is changed in place (with 20,000 sessions a copy per event would cost more than the
 * turn), so compare `version`, not identities.
 */
import { createStore } from '@xstate/store';
import type { LifecycleState, SessionMode } from '../event-log/session-record.ts';
import type { TurnState } from './sessions.ts';

export type LiveEntry = {
  readonly sessionId: string;
  readonly agentId: string;
  readonly customerId: string;
  readonly state: LifecycleState;
  readonly turn: TurnState | null;
  readonly mode: SessionMode;
  /** ms since 1970. */
  readonly since: number;
  readonly queueDepth: number;
  readonly followers: number;
  readonly lastOffset: number;
  /** When a long-poll of upstream last ended well, ms since 1970; null: none has since it came to memory, or its agent runs here. */
  readonly lastPollAt: number | null;
  /** How old the newest event from upstream was when it was stored; null as above. */
  readonly lagMs: number | null;
};

export type TurnOutcome = 'ready' | 'cancelled' | 'failed';

type Directory = {
  readonly sessions: Map<string, LiveEntry>;
  /** Grows with every change. */
  readonly version: number;
  /** Turns ended since the process started. */
  readonly turns: Readonly<Record<TurnOutcome, number>>;
  /** Messages refused because a session's queue was full. */
  readonly overflows: number;
};

/** Makes an empty directory, one per process. */
export function createLiveDirectory() {
  const empty: Directory = {
    sessions: new Map(),
    version: 0,
    turns: { ready: 0, cancelled: 0, failed: 0 },
    overflows: 0,
  };
  return createStore({
    context: empty,
    on: {
      entered: (context, { entry }: { entry: LiveEntry }) => {
        context.sessions.set(entry.sessionId, entry);
        return { ...context, version: context.version + 1 };
      },
      changed: (
        context,
        { sessionId, change }: { sessionId: string; change: Partial<Omit<LiveEntry, 'sessionId'>> },
      ) => {
        const entry = context.sessions.get(sessionId);
        if (!entry) return context;
        context.sessions.set(sessionId, { ...entry, ...change });
        return { ...context, version: context.version + 1 };
      },
      left: (context, { sessionId }: { sessionId: string }) => {
        context.sessions.delete(sessionId);
        return { ...context, version: context.version + 1 };
      },
      turnEnded: (context, { outcome }: { outcome: TurnOutcome }) => ({
        ...context,
        turns: { ...context.turns, [outcome]: context.turns[outcome] + 1 },
      }),
      overflowed: (context) => ({ ...context, overflows: context.overflows + 1 }),
    },
  });
}

export type LiveDirectory = ReturnType<typeof createLiveDirectory>;
