/**
 * The session runtime: commands come in, are written to the log, and the actors hear of what was committed. Here is the order that
 * everything rests on: log first, actor second.
 */
import type { InspectionEvent, StateValue } from 'xstate';
import type { AgentDirectory } from '../agents/agent-runner.ts';
import {
  AgentNotFoundError,
  AskNotSupportedError,
  GuidelinesNotSupportedError,
  NothingSaidError,
  OffsetBeyondEndError,
  QueueFullError,
  SessionNotFoundError,
  ShuttingDownError,
  TurnInProgressError,
  TurnNotFoundError,
  TurnOverError,
} from '../errors.ts';
import { statusOf } from '../event-log/event.ts';
import type { Log, SessionQuery } from '../event-log/event-log.ts';
import type { Frame } from '../event-log/frame.ts';
import { newTraceId } from '../event-log/ids.ts';
import type { SessionRecord, Trigger } from '../event-log/session-record.ts';
import { askAgent, NO_TRIGGER } from './ask-agent.ts';
import { type Clock, systemClock } from './clock.ts';
import type { LiveDirectory } from './live-directory.ts';
import type { LiveSession } from './live-session.ts';
import { removeEvents } from './remove-events.ts';
import type { RunLimits } from './run-turn.ts';
import { SessionHost, type SessionLogger } from './session-host.ts';
import type { Sessions, SessionState } from './sessions.ts';
import { snapshotOf, stateAt, type SessionSnapshot } from './state-at.ts';
import { lifecycleOf, turnOf } from './state-value.ts';
import { startSweep } from './sweep.ts';
import type { UpstreamLimits, UpstreamMonitor } from './upstream-options.ts';

export type SessionLimits = RunLimits &
  UpstreamLimits & {
    readonly idleAfterMs: number;
    readonly sessionTtlMs: number;
    readonly shutdownGraceMs: number;
    readonly queueLimit: number;
  };

export type CreateSessionsOptions = {
  readonly log: Log;
  readonly agents: AgentDirectory;
  readonly limits: SessionLimits;
  readonly directory: LiveDirectory;
  readonly logger: SessionLogger;
  /** Default: the machine's own clock. */
  readonly clock?: Clock;
  readonly inspect?: (event: InspectionEvent) => void;
  /** Hears how polling of upstream servers goes. */
  readonly monitor?: UpstreamMonitor;
};

const nobodyListens: UpstreamMonitor = { pollStarted() {}, pollEnded() {}, received() {} };

/** Makes the runtime over an open log. Call `resume` once, before commands come in. */
export function createSessions({
  log,
  agents,
  limits,
  directory,
  logger,
  clock = systemClock,
  inspect,
  monitor = nobodyListens,
}: CreateSessionsOptions): Sessions {
  const host = new SessionHost({
    log,
    agents,
    limits,
    clock,
    directory,
    logger,
    monitor,
    ...(inspect && { inspect }),
  });
  let closing = false;
  const ended = new AbortController();
  // An agent's tools may hand a session over to people, which changes its record behind our back.
  const stopListening = log.onChanged((before, after) => {
    if (before && after && before.mode !== after.mode) host.live.get(after.id)?.configure(after, undefined);
  });
  const sweep = startSweep({ log, host, limits, clock, logger, stop, resume });

  async function get(sessionId: string): Promise<SessionRecord> {
    const record = await log.getSession(sessionId);
    if (!record) throw new SessionNotFoundError(sessionId);
    return record;
  }

  function agentOf(agentId: string) {
    const agent = agents.get(agentId);
    if (!agent) throw new AgentNotFoundError(agentId);
    return agent;
  }

  /** Decides, inside the append's transaction, whether a customer's message is taken. */
  function admitMessage(session: SessionRecord): 'trigger' | 'store' {
    if (session.mode === 'manual') return 'store';
    const agent = agentOf(session.agentId);
    const policy = session.interruption ?? agent.interruption;
    if (policy === 'reject' && (session.openRun || session.waiting.length > 0))
      throw new TurnInProgressError(session.id);
    if (session.waiting.length >= limits.queueLimit) {
      directory.trigger.overflowed();
      logger.warn({ sessionId: session.id, waiting: session.waiting.length }, 'a session queue is full');
      throw new QueueFullError(session.id, limits.queueLimit);
    }
    return 'trigger';
  }

  const post: Sessions['post'] = async (sessionId, event, { receipt } = {}) => {
    if (closing) throw new ShuttingDownError();
    const draft = { trace_id: newTraceId(), ...event };
    const asks = event.kind === 'message' && event.source === 'customer';
    const options = {
      ...(asks && {
        admit: (session: SessionRecord) => {
          const decision = admitMessage(session);
          if (decision === 'trigger') host.admit(draft.trace_id);
          return decision;
        },
      }),
      ...(receipt && { receipt }),
    };
    try {
      const [stored] = await log.append(sessionId, [draft], options);
      // One draft, one event.
      return stored!;
    } catch (error) {
      host.dismiss(draft.trace_id);
      throw error;
    }
  };

  const wake = (sessionId: string) => host.wake(sessionId);

  /** Sends a command and waits until what follows from it is on disk. */
  async function command(sessionId: string, send: (live: LiveSession) => Promise<void> | void) {
    if (closing) throw new ShuttingDownError();
    const live = await host.wake(sessionId);
    await send(live);
    await live.written;
    return describe(live);
  }

  function stop(sessionId: string, reason = 'USER'): Promise<SessionState> {
    return command(sessionId, (live) => live.send({ type: 'session.stop', reason }));
  }

  function turnsOf(sessionId: string): readonly Trigger[] {
    const context = host.live.get(sessionId)?.context;
    if (!context) return [];
    const { turn, queue } = context;
    return turn ? [{ offset: turn.triggerOffset, traceId: turn.traceId }, ...queue] : queue;
  }

  /** A turn without a trigger. */
  async function greet(sessionId: string): Promise<void> {
    const live = await host.wake(sessionId);
    live.send({ type: 'turn.request', offset: NO_TRIGGER, traceId: newTraceId() });
  }

  /** Whatever has become of it meanwhile. */
  async function giveUp(sessionId: string, traceId: string): Promise<void> {
    const live = await host.wake(sessionId);
    live.send({ type: 'turn.cancel', traceId });
    await log.closeRun(sessionId, { runId: traceId }, []);
  }

  async function cancelTurn(live: LiveSession, traceId: string | undefined): Promise<void> {
    const { turn, queue } = live.context;
    const isOpen = traceId === undefined || turn?.traceId === traceId;
    if (isOpen || queue.some((trigger) => trigger.traceId === traceId)) {
      live.send({ type: 'turn.cancel', traceId: traceId ?? null });
      // Resolves behind the closing events, which were queued before it.
      await log.closeRun(live.sessionId, { runId: traceId ?? turn?.traceId ?? '' }, []);
      return;
    }
    const events = await log.read(live.sessionId, { traceId });
    if (!events.some(statusOf)) throw new TurnNotFoundError(live.sessionId, traceId);
    if (!events.some((event) => statusOf(event) === 'cancelled')) throw new TurnOverError(traceId);
  }

  function describe(live: LiveSession): SessionState {
    const { context, value } = live;
    const entry = directory.getSnapshot().context.sessions.get(live.sessionId);
    return {
      ...describeSnapshot(live.sessionId, { value, context }),
      since: new Date(live.since).toISOString(),
      live: true,
      followers: log.followers(live.sessionId),
      lastOffsets: {
        local: entry?.lastOffset ?? -1,
        upstream: live.agent.upstream ? context.upstreamOffset - 1 : null,
      },
    };
  }

  /** Those with an unfinished turn, and those that listen to an agent elsewhere. */
  async function resume(): Promise<number> {
    let resumed = await wakeAll({ unfinished: true });
    for (const { id: agentId, upstream } of agents.list())
      if (upstream) resumed += await wakeAll({ agentId, lifecycle: 'POLLING' });
    return resumed;
  }

  async function wakeAll(query: SessionQuery): Promise<number> {
    const limit = 500;
    let resumed = 0;
    for (let cursor: string | undefined; ;) {
      const page = await log.listSessions({ ...query, limit, ...(cursor && { cursor }) });
      for (const { id } of page.items) {
        if (host.live.has(id)) continue;
        await host.wake(id).then(
          () => resumed++,
          (error: unknown) => logger.error({ sessionId: id, err: error }, 'a session could not be resumed'),
        );
      }
      if (page.nextCursor === null) return resumed;
      cursor = page.nextCursor;
    }
  }

  return {
    async create(session, { greets = false, ...options } = {}) {
      if (closing) throw new ShuttingDownError();
      const { runner } = agentOf(session.agentId);
      const created = await log.createSession(session, options);
      if (greets && runner?.tellsStatuses) await greet(created.id);
      return created;
    },
    get,
    list: (query) => log.listSessions(query),

    async update(sessionId, patch) {
      if (closing) throw new ShuttingDownError();
      if (patch.agentId !== undefined) agentOf(patch.agentId);
      const record = await log.updateSession(sessionId, patch);
      const agent = agents.get(record.agentId);
      const live = host.live.get(sessionId);
      // Where its agent runs is decided when a session comes to memory.
      if (live && agent && Boolean(live.agent.upstream) !== Boolean(agent.upstream)) host.drop(sessionId);
      else live?.configure(record, agent);
      return record;
    },

    async delete(sessionId) {
      host.drop(sessionId);
      await log.deleteSession(sessionId);
    },

    post,

    async ask(sessionId) {
      if (closing) throw new ShuttingDownError();
      return askAgent({ log, wake, clock, queueLimit: limits.queueLimit, ended: ended.signal }, sessionId);
    },

    async utter(sessionId, utterances) {
      if (closing) throw new ShuttingDownError();
      const { agentId, customerId } = await get(sessionId);
      const { runner, upstream } = agentOf(agentId);
      if (upstream) throw new AskNotSupportedError(agentId);
      if (!runner.utter) throw new GuidelinesNotSupportedError(agentId);
      const traceId = newTraceId();
      const said = await runner.utter({ sessionId, customerId, traceId, utterances, signal: ended.signal });
      if (!said) throw new NothingSaidError(agentId);
      return said;
    },

    async removeEvents(sessionId, from) {
      if (closing) throw new ShuttingDownError();
      await removeEvents({ log, giveUp, turnsOf }, sessionId, from);
    },

    start: (sessionId) => command(sessionId, (live) => live.send({ type: 'session.start', reason: 'USER' })),
    stop,
    cancel: (sessionId, { traceId } = {}) => command(sessionId, (live) => cancelTurn(live, traceId)),

    async stateOf(sessionId, { at } = {}) {
      const record = await get(sessionId);
      const live = host.live.get(sessionId);
      if (at === undefined && live) return describe(live);
      if (at === undefined) return describePast(record, await presentOf(record), record.nextOffset - 1);
      if (at >= record.nextOffset) throw new OffsetBeyondEndError(sessionId, at, record.nextOffset - 1);
      return describePast(record, await stateAt(log, record, { at, queueLimit: limits.queueLimit }), at);
    },

    async follow(sessionId, options) {
      const live = await host.wake(sessionId);
      const frames = log.follow(sessionId, options);
      return options.kinds || options.source ? frames : new StatesFirst(live.stateFrames(options), frames);
    },

    resume,

    async shutdown() {
      if (closing) return;
      closing = true;
      ended.abort(new ShuttingDownError());
      host.refuse();
      await sweep.stop();
      await Promise.race([host.quiet(), graceOver(limits.shutdownGraceMs)]);
      stopListening();
      host.close();
    },
  };

  /** By its record: it is not in memory. */
  async function presentOf(record: SessionRecord) {
    const [changed] = (await log.lifecycleHistory(record.id)).slice(-1);
    const { lastActivityUtc } = record;
    const since = changed && changed.utc > lastActivityUtc ? changed.utc : lastActivityUtc;
    return { snapshot: snapshotOf(record), since };
  }

  function describePast(
    record: SessionRecord,
    { snapshot, since }: { snapshot: SessionSnapshot; since: string },
    lastOffset: number,
  ): SessionState {
    return {
      ...describeSnapshot(record.id, snapshot),
      since,
      live: host.live.has(record.id),
      followers: log.followers(record.id),
      lastOffsets: { local: lastOffset, upstream: record.upstream && record.upstream.offset - 1 },
    };
  }
}

function describeSnapshot(
  sessionId: string,
  { value, context }: { value: StateValue; context: SessionSnapshot['context'] },
) {
  return {
    sessionId,
    state: lifecycleOf(value),
    turn: turnOf(value),
    value,
    reason: context.reason,
    queueDepth: context.queue.length,
    traceId: context.turn?.traceId ?? null,
  };
}

/** In the machine's time, not the sessions': a process that is told to end has no other. */
function graceOver(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** Where the statecharts stand as the first frames, then what the log has to tell. */
class StatesFirst implements AsyncIterable<Frame>, AsyncIterator<Frame> {
  readonly #first: Frame[];
  readonly #rest: AsyncIterator<Frame>;

  constructor(first: readonly Frame[], rest: AsyncIterable<Frame>) {
    this.#first = [...first];
    this.#rest = rest[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Frame>> {
    const value = this.#first.shift();
    return value ? Promise.resolve({ done: false, value }) : this.#rest.next();
  }

  return(): Promise<IteratorResult<Frame>> {
    return this.#rest.return?.() ?? Promise.resolve({ done: true, value: undefined });
  }
}
