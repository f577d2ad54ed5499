/**
 * Hosts session actors: brings a session to memory, feeds it committed events, carries out its effects, and lets it go again.
 * The actor's state is a fold over the log, so any actor may be dropped at any time; `wake` brings it back from its record.
 */
import { type AnyActorRef, fromPromise, type InspectionEvent } from 'xstate';
import {
  type CloseRunParams,
  type PollInput,
  type PollOutput,
  type RunInput,
  type RunOutput,
  type SessionMachineEvent,
  sessionMachine,
  type Turn,
} from '../../machines/session.machine.ts';
import type { Agent, AgentDirectory } from '../agents/agent-runner.ts';
import { AgentNotFoundError, SessionNotFoundError, ShuttingDownError } from '../errors.ts';
import { isFinalReady, type SessionEvent, statusDraft, statusOf } from '../event-log/event.ts';
import type { Log } from '../event-log/event-log.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import type { Clock } from './clock.ts';
import type { LiveDirectory } from './live-directory.ts';
import { LiveSession, type SessionLogic } from './live-session.ts';
import { type RunLimits, runTurn } from './run-turn.ts';
import { closingStatuses, completed } from './speech.ts';
import { createUpstreamLink, type UpstreamLink } from './upstream-link.ts';
import type { UpstreamLimits, UpstreamMonitor } from './upstream-options.ts';
import { endGrowth } from './whole-messages.ts';

/** Reports what an operator should know. Never message text. */
export interface SessionLogger {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export type SessionHostOptions = {
  readonly log: Log;
  readonly agents: AgentDirectory;
  readonly limits: RunLimits & UpstreamLimits;
  /** Hears how polling of upstream servers goes. */
  readonly monitor: UpstreamMonitor;
  readonly clock: Clock;
  readonly directory: LiveDirectory;
  readonly logger: SessionLogger;
  /** Sees every inspection event of every actor (Stately inspector). */
  readonly inspect?: (event: InspectionEvent) => void;
};

/** How long a session waits for a log that could not be written. */
const RETRY_AFTER_MS = 1_000;

/** How often a turn is begun before it is given up. */
const MOST_ATTEMPTS = 10;

const hostEnded = new Error('The sessions were shut down.');

/** In the place of an agent that is configured no more: its sessions can be read and stopped, and its turns fail. */
function missingAgent(agentId: string): Agent {
  return {
    id: agentId,
    name: agentId,
    description: null,
    interruption: 'interrupt',
    runner: { run: async () => Promise.reject(new AgentNotFoundError(agentId)) },
  };
}

/** Notes in the live directory as well what the monitor hears. */
function noted({ monitor, directory, clock }: SessionHostOptions): UpstreamMonitor {
  return {
    pollStarted: (url) => monitor.pollStarted(url),
    pollEnded(url, outcome, sessionId) {
      monitor.pollEnded(url, outcome, sessionId);
      if (outcome === 'events' || outcome === 'timeout')
        directory.trigger.changed({ sessionId, change: { lastPollAt: clock.now() } });
    },
    received(url, lagMs, sessionId) {
      monitor.received(url, lagMs, sessionId);
      directory.trigger.changed({ sessionId, change: { lagMs } });
    },
  };
}

/** A session on its way into memory, and what was committed meanwhile. */
type Waking = { readonly promise: Promise<LiveSession>; readonly meanwhile: SessionMachineEvent[] };

export class SessionHost {
  readonly #options: SessionHostOptions;
  readonly #logic: SessionLogic;
  readonly #live = new Map<string, LiveSession>();
  readonly #waking = new Map<string, Waking>();
  /** Trace ids of messages that were admitted as triggers and are not committed yet. */
  readonly #admitted = new Set<string>();
  /** Runs of dropped actors that have not let go yet. */
  readonly #lettingGo = new Map<string, Promise<void>>();
  readonly #detach: readonly (() => void)[];
  readonly #ended = new AbortController();
  readonly #link: UpstreamLink;
  #closing = false;

  constructor(options: SessionHostOptions) {
    this.#options = options;
    const monitor = noted(options);
    this.#link = createUpstreamLink({ ...options, monitor, ended: this.#ended.signal });
    this.#logic = this.#provide();
    const { log, directory } = options;
    this.#detach = [
      log.onCommitted((sessionId, events) => this.#hear(sessionId, events)),
      log.onFailed((sessionIds) => this.#distrust(sessionIds)),
      log.onFollowers((sessionId, followers) => {
        this.#live.get(sessionId)?.touch();
        directory.trigger.changed({ sessionId, change: { followers } });
      }),
    ];
  }

  get live(): ReadonlyMap<string, LiveSession> {
    return this.#live;
  }

  /** The session's actor, restored from its record if it was not in memory. */
  wake(sessionId: string): Promise<LiveSession> {
    const live = this.#live.get(sessionId);
    if (live) return Promise.resolve(live);
    const waking = this.#waking.get(sessionId);
    if (waking) return waking.promise;
    if (this.#closing) return Promise.reject(new ShuttingDownError());
    const meanwhile: SessionMachineEvent[] = [];
    const promise = this.#restore(sessionId, meanwhile).finally(() => this.#waking.delete(sessionId));
    this.#waking.set(sessionId, { promise, meanwhile });
    return promise;
  }

  /** Announces that the message of this trace, once committed, asks for a turn. */
  admit(traceId: string): void {
    this.#admitted.add(traceId);
  }

  /** The message was refused after all. */
  dismiss(traceId: string): void {
    this.#admitted.delete(traceId);
  }

  /** Lets an actor go without a word: its run is aborted, nothing is written, the log can bring it back. */
  drop(sessionId: string): void {
    const live = this.#live.get(sessionId);
    if (!live) return;
    this.#live.delete(sessionId);
    const { settled } = live;
    if (settled) this.#awaitRun(sessionId, settled);
    live.abandon();
    this.#options.directory.trigger.left({ sessionId });
  }

  /** Resolves when no turn is under way. */
  async quiet(): Promise<void> {
    for (;;) {
      const busy = [...this.#live.values()].filter((live) => live.isBusy);
      if (busy.length === 0) return;
      await Promise.all(busy.map((live) => live.whenQuiet()));
    }
  }

  /** From now on nothing wakes. */
  refuse(): void {
    this.#closing = true;
  }

  /** Drops every actor and stops listening to the log. */
  close(): void {
    this.#closing = true;
    this.#ended.abort(hostEnded);
    for (const sessionId of this.#live.keys()) this.drop(sessionId);
    for (const detach of this.#detach) detach();
  }

  /** The next actor of this session begins no run before this one has let go. */
  #awaitRun(sessionId: string, settled: Promise<void>): void {
    this.#lettingGo.set(sessionId, settled);
    void settled.then(() => {
      if (this.#lettingGo.get(sessionId) === settled) this.#lettingGo.delete(sessionId);
    });
  }

  async #restore(sessionId: string, meanwhile: readonly SessionMachineEvent[]): Promise<LiveSession> {
    const { log, agents, clock, directory, logger, inspect } = this.#options;
    const record = await this.#finishHopeless(await this.#finishAnswered(await this.#read(sessionId)));
    const agent = agents.get(record.agentId) ?? missingAgent(record.agentId);
    const [changed] = (await log.lifecycleHistory(sessionId)).slice(-1);
    if (this.#closing) throw new ShuttingDownError();
    const live = new LiveSession({
      record,
      since: changed && changed.utc > record.lastActivityUtc ? changed.utc : record.lastActivityUtc,
      agent,
      logic: this.#logic,
      clock,
      log,
      directory,
      onError: (error) => {
        logger.error({ sessionId, err: error }, 'a session actor failed and was dropped');
        this.drop(sessionId);
      },
      ...(inspect && { inspect }),
    });
    live.settled = this.#lettingGo.get(sessionId);
    this.#live.set(sessionId, live);
    live.restore(record);
    for (const event of meanwhile) live.send(event);
    return live;
  }

  async #read(sessionId: string): Promise<SessionRecord> {
    const record = await this.#options.log.getSession(sessionId);
    if (!record) throw new SessionNotFoundError(sessionId);
    return record;
  }

  /** The process died between the last words and their `ready`: only that is missing, nothing is said again. */
  async #finishAnswered(record: SessionRecord): Promise<SessionRecord> {
    const { openRun } = record;
    if (!openRun?.answered) return record;
    await this.#options.log.closeRun(record.id, openRun, [statusDraft(openRun.runId, 'ready', completed)]);
    return this.#read(record.id);
  }

  /** A turn during which the process died again and again is the likely cause: it is not tried for ever. */
  async #finishHopeless(record: SessionRecord): Promise<SessionRecord> {
    const { openRun } = record;
    if (!openRun || openRun.attempt < MOST_ATTEMPTS) return record;
    const { log, logger } = this.#options;
    logger.error({ sessionId: record.id, attempts: openRun.attempt }, 'a turn was given up');
    const message = `RunAbandoned: the server ended ${openRun.attempt} times while this was answered`;
    await log.closeRun(
      record.id,
      openRun,
      closingStatuses(openRun.runId, { code: 'RUN_ABANDONED', message }),
    );
    await endGrowth(log, record.id, openRun.runId);
    return this.#read(record.id);
  }

  #hear(sessionId: string, events: readonly SessionEvent[]): void {
    const live = this.#live.get(sessionId);
    const waking = this.#waking.get(sessionId);
    for (const event of events) {
      if (event.kind === 'message') {
        if (!this.#admitted.delete(event.trace_id)) continue;
        const message = { type: 'message.received' as const, offset: event.offset, traceId: event.trace_id };
        if (live) live.hear(message, event);
        else if (waking) waking.meanwhile.push(message);
        else this.#wakeInBackground(sessionId);
        continue;
      }
      if (!live) continue;
      if (statusOf(event) === 'processing') live.send({ type: 'status.processing', runId: event.trace_id });
      // A run that works here ends its turn itself.
      else if (live.agent.upstream && isFinalReady(event))
        live.send({ type: 'status.ready', runId: event.trace_id });
    }
    live?.stored(events.at(-1)?.offset ?? -1);
  }

  #wakeInBackground(sessionId: string): void {
    this.wake(sessionId).catch((error: unknown) => {
      if (error instanceof ShuttingDownError || error instanceof SessionNotFoundError) return;
      this.#options.logger.error({ sessionId, err: error }, 'a session could not be brought back');
    });
  }

  /** A commit failed: what these actors believe may not be so. They come back from the log, as soon as it can be written. */
  #distrust(sessionIds: readonly string[]): void {
    const { logger, log } = this.#options;
    logger.error({ sessions: sessionIds.length }, 'the log could not be written');
    const missed = sessionIds.filter((id) => this.#live.get(id)?.isBusy || log.followers(id) > 0);
    for (const sessionId of sessionIds) this.drop(sessionId);
    if (missed.length > 0) void this.#bringBack(missed);
  }

  /** A session that cannot be written to again is distrusted again, and so tried again. */
  async #bringBack(sessionIds: readonly string[]): Promise<void> {
    const { clock } = this.#options;
    try {
      await clock.waitUntil(clock.now() + RETRY_AFTER_MS, this.#ended.signal);
    } catch {
      return;
    }
    for (const sessionId of sessionIds) this.#wakeInBackground(sessionId);
  }

  /** One logic for all sessions: a promise actor finds its session by the id in its input. */
  #provide(): SessionLogic {
    const { clock, directory, inspect } = this.#options;
    return sessionMachine.provide({
      actors: {
        run: fromPromise<RunOutput, RunInput>(async ({ input, signal, self }) => {
          const live = this.#live.get(input.sessionId);
          if (!live) return { kind: 'done' };
          const output = await this.#run(live, input.turn, { signal, ...(inspect && { actor: self }) });
          live.expect({ type: 'xstate.done.actor.run', output });
          if (output.kind === 'done' && !signal.aborted) directory.trigger.turnEnded({ outcome: 'ready' });
          return output;
        }),
        poll: fromPromise<PollOutput, PollInput>(async ({ input, signal }) => {
          const live = this.#live.get(input.sessionId);
          const place = live?.agent.upstream;
          if (!live || !place) return { kind: 'timeout' };
          const output = await this.#link.poll(place, input, signal);
          live.expect({ type: 'xstate.done.actor.poll', output });
          return output;
        }),
        waitUntil: fromPromise<void, { readonly at: number }>(({ input, signal }) =>
          clock.waitUntil(input.at, signal),
        ),
      },
      actions: { closeRun: (_, params) => this.#closeRun(params) },
    });
  }

  #run(
    live: LiveSession,
    turn: Turn,
    child: { readonly signal: AbortSignal; readonly actor?: AnyActorRef },
  ): Promise<RunOutput> {
    const { log, clock, limits, logger } = this.#options;
    const { runner, upstream } = live.agent;
    if (upstream) return this.#link.run(upstream, { site: live, turn });
    return runTurn({ site: live, runner, turn, ...child, log, clock, limits, logger });
  }

  #closeRun({ sessionId, turns, why, error }: CloseRunParams): void {
    const { log, directory } = this.#options;
    const speech = this.#live.get(sessionId)?.speech;
    const failure = why === 'cancelled' ? null : error;
    for (const { traceId, attempt } of turns) {
      const drafts =
        speech?.runId === traceId ? speech.speech.closingDrafts(failure) : closingStatuses(traceId, failure);
      // A failed commit reaches the host through `onFailed`.
      void log.closeRun(sessionId, { runId: traceId }, drafts).catch(() => {});
      // An attempt that was given up before it spoke knows nothing of what the one before it was saying.
      if (attempt > 1) void endGrowth(log, sessionId, traceId).catch(() => {});
      directory.trigger.turnEnded({ outcome: why === 'cancelled' ? 'cancelled' : 'failed' });
    }
  }
}
