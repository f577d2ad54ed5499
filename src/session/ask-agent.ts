/**
 * Asking the agent to speak without a new message: a turn of its own that answers the customer's last message again. Nothing is
 * stored for the asking. The turn is there once its run is open in the log, which is what `ask` waits for: a process that dies
 * before has promised nothing, one that dies later takes the turn up like any other.
 */
import {
  AskNotSupportedError,
  ManualModeError,
  NothingToAnswerError,
  QueueFullError,
  SessionNotFoundError,
  TurnGivenUpError,
  TurnInProgressError,
} from '../errors.ts';
import type { SessionEvent } from '../event-log/event.ts';
import type { Log } from '../event-log/event-log.ts';
import { newTraceId } from '../event-log/ids.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import type { Clock } from './clock.ts';
import type { LiveSession } from './live-session.ts';

/** How long a turn may take to begin: under `enqueue` others are before it. */
const PATIENCE_MS = 60_000;

/** The offset that a turn answers to where nobody has said anything. */
export const NO_TRIGGER = -1;

type Deps = {
  readonly log: Pick<Log, 'read' | 'follow' | 'getSession'>;
  readonly wake: (sessionId: string) => Promise<LiveSession>;
  readonly clock: Clock;
  readonly queueLimit: number;
  /** Fires, with a `ShuttingDownError`, when the sessions are shut down. */
  readonly ended: AbortSignal;
};

/** Resolves with the first status of the turn. */
export async function askAgent(deps: Deps, sessionId: string): Promise<SessionEvent> {
  const { log, wake, queueLimit } = deps;
  const session = await log.getSession(sessionId);
  if (!session) throw new SessionNotFoundError(sessionId);
  const [last] = await log.read(sessionId, { kinds: ['message'], source: 'customer', last: 1 });
  const live = await wake(sessionId);
  demandTurn(live, session, { queueLimit });
  // Heard of since the session was read; an older one may have been deleted.
  const newest = live.lastTrigger && live.lastTrigger.offset >= session.nextOffset ? live.lastTrigger : last;
  // An agent that follows guidelines may have one for the beginning.
  if (!newest && !live.agent.runner?.tellsStatuses) throw new NothingToAnswerError(sessionId);
  const traceId = newTraceId();
  const begun = firstStatus(deps, { session, live, traceId });
  live.send({ type: 'turn.request', offset: newest?.offset ?? NO_TRIGGER, traceId });
  const status = await begun;
  if (status) return status;
  deps.ended.throwIfAborted();
  if (!(await log.getSession(sessionId))) throw new SessionNotFoundError(sessionId);
  if (!isKnown(live, traceId)) throw new TurnGivenUpError(sessionId);
  // It must not begin when nobody waits for it any more.
  live.send({ type: 'turn.cancel', traceId });
  throw new TurnInProgressError(sessionId);
}

/** Throws what a customer's message would be refused with, and where asking has no answer. */
function demandTurn(
  live: LiveSession,
  { id, mode }: SessionRecord,
  { queueLimit }: { readonly queueLimit: number },
): void {
  const { context, isBusy, agent } = live;
  if (agent.upstream) throw new AskNotSupportedError(agent.id);
  if (mode === 'manual') throw new ManualModeError(id);
  if (context.interruption === 'reject' && isBusy) throw new TurnInProgressError(id);
  if (context.queue.length >= queueLimit) throw new QueueFullError(id, queueLimit);
}

/** Undefined when it does not come in time, or cannot come any more. */
async function firstStatus(
  { log, clock, ended }: Deps,
  {
    session: { id, nextOffset },
    live,
    traceId,
  }: { readonly session: SessionRecord; readonly live: LiveSession; readonly traceId: string },
): Promise<SessionEvent | undefined> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, ended]);
  void clock.waitUntil(clock.now() + PATIENCE_MS, signal).then(
    () => over.abort(),
    () => {},
  );
  try {
    for await (const frame of log.follow(id, { after: nextOffset - 1, traceId, signal })) {
      if (frame.type === 'event') return frame.event;
      // A stop, say, gives up what waits. What the frame tells may be long ago: the log decides.
      if (frame.type === 'state' && !isKnown(live, traceId)) break;
    }
    const [status] = await log.read(id, { traceId, limit: 1 });
    return status;
  } finally {
    over.abort();
  }
}

/** Whether the turn is under way or waits. */
function isKnown({ context: { turn, queue } }: LiveSession, traceId: string): boolean {
  return turn?.traceId === traceId || queue.some((trigger) => trigger.traceId === traceId);
}
