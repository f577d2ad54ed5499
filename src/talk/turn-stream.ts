/**
 * One turn as its caller sees it: the frames of its trace, then how it ended. A caller who goes away stops watching, never the turn.
 */
import { DomainError } from '../errors.ts';
import { isFinalReady, type SessionEvent, type StatusData, statusOf } from '../event-log/event.ts';
import type { EventLog } from '../event-log/event-log.ts';
import type { Frame } from '../event-log/frame.ts';
import type { Sessions } from '../session/sessions.ts';
import { wholeMessages } from '../session/whole-messages.ts';

/**
 * `ready`: answered. `interrupted`: given up for a newer message, a cancel or a stop. `error`: failed, with an `error` event.
 * `timeout`: not over within the time allowed; it goes on (or: an upstream
 * that never says `completed` fell silent, and what arrived is the answer). `manual`: stored only, a human answers.
 */
export type TurnStatus = 'ready' | 'interrupted' | 'error' | 'timeout' | 'manual';

/** Where a turn is found in the log. */
export type TurnPlace = { readonly sessionId: string; readonly traceId: string; readonly offset: number };

export type TurnResult = TurnPlace & {
  readonly status: TurnStatus;
  /** The agent's messages of this turn. */
  readonly messages: readonly SessionEvent[];
};

export type TurnStream = TurnPlace & {
  /** States, chunks and events of this turn, its message included; ends when the turn does. To be read once. */
  readonly frames: AsyncIterable<Frame>;
  /** Settles once `frames` was read to its end. */
  readonly outcome: Promise<TurnResult>;
};

type Watch = {
  readonly sessions: Pick<Sessions, 'follow'>;
  readonly log: Pick<EventLog, 'read'>;
  /** How long a turn is waited for. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

const watchingEnded = new Error('Nobody watches this turn any more.');

/** Waits for the end of a turn. `message`: resolves once its message is stored; watching begins before it is. */
export async function awaitTurn(place: TurnPlace, watch: Watch): Promise<TurnResult> {
  const { sessions, log, timeoutMs, signal } = watch;
  const watching = watchFor(timeoutMs, signal);
  try {
    const frames = await sessions.follow(place.sessionId, {
      after: place.offset,
      kinds: ['status'],
      traceId: place.traceId,
      signal: watching.signal,
    });
    for await (const frame of frames)
      if (frame.type === 'event' && isFinalReady(frame.event))
        return (await readOutcome(log, place, 'over')).result;
    const outcome = await readOutcome(log, place, watching.timedOut() ? 'timeout' : 'gone');
    // Whoever gives up the wait with a domain error wants the caller to hear it.
    if (!outcome.isOver && signal?.reason instanceof DomainError) throw signal.reason;
    return outcome.result;
  } finally {
    watching.end();
  }
}

/**
 * Streams a turn. `begin` stores its message, if it is not stored yet: it is called when the follower stands, so that no chunk is
 * missed. Rejects with what `begin` rejects with.
 */
export async function streamTurn(
  where: { readonly sessionId: string; readonly traceId: string; readonly after: number },
  begin: () => Promise<number>,
  watch: Watch,
): Promise<TurnStream> {
  const { sessions, log, timeoutMs, signal } = watch;
  const watching = watchFor(timeoutMs, signal);
  const { sessionId, traceId, after } = where;
  const outcome = Promise.withResolvers<TurnResult>();
  // Whoever reads only the frames need not wait for the outcome.
  outcome.promise.catch(() => {});
  try {
    const frames = await sessions.follow(sessionId, { after, traceId, signal: watching.signal });
    const iterator = frames[Symbol.asyncIterator]();
    // The first frame is the state: asking for it now makes the follower stand before the message is stored.
    const first = iterator.next();
    const offset = await begin();
    const place = { sessionId, traceId, offset };
    return { ...place, frames: read(place, first, iterator), outcome: outcome.promise };
  } catch (error) {
    watching.end();
    throw error;
  }

  async function* read(
    place: TurnPlace,
    first: Promise<IteratorResult<Frame>>,
    iterator: AsyncIterator<Frame>,
  ): AsyncGenerator<Frame, void> {
    let end: 'over' | 'timeout' | 'gone' = 'gone';
    try {
      for await (const frame of wholeMessages(from(first, iterator))) {
        yield frame;
        if (frame.type !== 'event' || !isFinalReady(frame.event)) continue;
        end = 'over';
        yield* await failureBehind(frame.event);
        break;
      }
      if (watching.timedOut()) end = 'timeout';
    } finally {
      watching.end();
      await iterator.return?.();
      readOutcome(log, place, end).then(({ result }) => outcome.resolve(result), outcome.reject);
    }
  }

  /** A failed turn's `error` is in the same commit as its `ready`, right behind it. */
  async function failureBehind(ready: SessionEvent): Promise<Frame[]> {
    const behind = await log.read(sessionId, {
      traceId,
      kinds: ['status'],
      from: ready.offset + 1,
      limit: 1,
    });
    return behind.map((event) => ({ type: 'event', event, json: JSON.stringify(event) }));
  }
}

async function* from(
  first: Promise<IteratorResult<Frame>>,
  iterator: AsyncIterator<Frame>,
): AsyncGenerator<Frame, void> {
  for (let next = await first; !next.done; next = await iterator.next()) yield next.value;
}

async function readOutcome(
  log: Pick<EventLog, 'read'>,
  place: TurnPlace,
  end: 'over' | 'timeout' | 'gone',
): Promise<{ readonly result: TurnResult; readonly isOver: boolean }> {
  const { sessionId, traceId, offset: from } = place;
  const events = await log.read(sessionId, { traceId, from });
  const messages = events.filter(({ kind, source }) => kind === 'message' && source === 'ai_agent');
  const statuses = new Set(events.map(statusOf));
  // Ended here because upstream fell silent: the answer may be incomplete.
  const isCutShort = events.some((event) => isFinalReady(event) && reasonOf(event) === 'UPSTREAM_SILENT');
  let status: TurnStatus = end === 'timeout' || isCutShort ? 'timeout' : 'ready';
  // Not over and not late: the session is gone, or nobody watches.
  const isOver = end === 'over' || events.some(isFinalReady);
  if (!isOver && end === 'gone') status = 'interrupted';
  if (statuses.has('cancelled')) status = 'interrupted';
  if (statuses.has('error')) status = 'error';
  return { result: { ...place, status, messages }, isOver };
}

function reasonOf({ data }: SessionEvent): unknown {
  return (data as StatusData).data['reason'];
}

/** A signal that fires with the caller's, or when the time is up. */
function watchFor(timeoutMs: number, signal: AbortSignal | undefined) {
  const controller = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    controller.abort(watchingEnded);
  }, timeoutMs).unref();
  const leave = () => controller.abort(watchingEnded);
  if (signal?.aborted) leave();
  signal?.addEventListener('abort', leave, { once: true });
  return {
    signal: controller.signal,
    timedOut: () => late,
    end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
      leave();
    },
  };
}
