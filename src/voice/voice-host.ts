/**
 * Hosts the actors of voice sessions: feeds them what was reported, carries out what they ask for, and lets them go when they are over.
 * What an agent reports and the status that follows from it are one commit. An actor whose commit failed is dropped and comes back
 * from the log.
 */
import { fromPromise, type InspectionEvent } from 'xstate';
import {
  type AppendParams,
  type DispatchOutput,
  type ProbeOutput,
  voiceSessionMachine,
  type VoiceSessionEvent,
} from '../../machines/voice-session.machine.ts';
import { ShuttingDownError, VoiceSessionNotFoundError } from '../errors.ts';
import type { Log } from '../event-log/event-log.ts';
import type { Clock } from '../session/clock.ts';
import { LiveVoiceSession, type VoiceLogic } from './live-voice-session.ts';
import { type AgentReport, isStatusEvent, type VoiceLog } from './voice-log.ts';
import type { VoiceSession } from './voice-session.ts';

type Input = { readonly sessionId: string };

/** What the statechart asks for, carried out by somebody who knows LiveKit. None of these rejects but for a bug. */
export type VoiceWork = {
  readonly dispatch: (session: VoiceSession, signal: AbortSignal) => Promise<DispatchOutput>;
  readonly probe: (session: VoiceSession) => Promise<ProbeOutput>;
  readonly removeRoom: (session: VoiceSession) => Promise<void>;
};

export interface VoiceLogger {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export type VoiceHostOptions = {
  readonly log: Pick<Log, 'onCommitted' | 'onFailed'>;
  readonly voiceLog: VoiceLog;
  readonly work: VoiceWork;
  readonly clock: Clock;
  readonly logger: VoiceLogger;
  readonly inspect?: (event: InspectionEvent) => void;
};

/** How long a session waits for a log that could not be written. */
const RETRY_AFTER_MS = 1_000;

export class VoiceHost {
  readonly #options: VoiceHostOptions;
  readonly #logic: VoiceLogic;
  readonly #live = new Map<string, LiveVoiceSession>();
  readonly #ended = new AbortController();
  readonly #detach: readonly (() => void)[];

  constructor(options: VoiceHostOptions) {
    this.#options = options;
    this.#logic = this.#provide();
    this.#detach = [
      options.log.onCommitted((sessionId, events) => {
        if (events.some(isStatusEvent)) this.#live.get(sessionId)?.leavePending();
      }),
      options.log.onFailed((sessionIds) => this.#distrust(sessionIds)),
    ];
  }

  get live(): ReadonlyMap<string, LiveVoiceSession> {
    return this.#live;
  }

  /** A session that was just stored. */
  begin(session: VoiceSession): void {
    this.#host(session).send({ type: 'session.start' });
  }

  /** The session's actor, from the log if it was not in memory; undefined for one that is closed. Throws `VoiceSessionNotFoundError`. */
  async wake(sessionId: string): Promise<LiveVoiceSession | undefined> {
    const live = this.#live.get(sessionId);
    if (live) return live;
    const session = await this.#options.voiceLog.find(sessionId);
    if (!session) throw new VoiceSessionNotFoundError(sessionId);
    // Somebody else may have woken it meanwhile.
    return this.#live.get(sessionId) ?? this.bringBack(session);
  }

  /** As the log says it stands. */
  bringBack(session: VoiceSession): LiveVoiceSession | undefined {
    if (session.isClosed) return undefined;
    const live = this.#host(session);
    live.send({ type: 'session.restore', status: session.status });
    return live;
  }

  /** Tells the actor something, and stores it with what follows. False, and nothing is stored, where the actor makes nothing of it. */
  async tell(live: LiveVoiceSession, event: VoiceSessionEvent, report?: AgentReport): Promise<boolean> {
    if (!live.can(event)) {
      await live.written;
      return false;
    }
    const told = report && this.#options.voiceLog.tell(live.session.id, report);
    live.send(event);
    await Promise.all([told, live.written]);
    return true;
  }

  /** Lets every actor go without a word. */
  close(): void {
    this.#ended.abort(new ShuttingDownError());
    for (const detach of this.#detach) detach();
    for (const sessionId of this.#live.keys()) this.#drop(sessionId);
  }

  #host(session: VoiceSession): LiveVoiceSession {
    if (this.#ended.signal.aborted) throw new ShuttingDownError();
    const { logger, inspect } = this.#options;
    const live: LiveVoiceSession = new LiveVoiceSession({
      session,
      logic: this.#logic,
      onOver: () => void this.#letGo(live),
      onError: (error) => {
        logger.error({ sessionId: session.id, err: error }, 'a voice session failed and was dropped');
        this.#drop(session.id);
      },
      ...(inspect && { inspect }),
    });
    this.#live.set(session.id, live);
    return live;
  }

  /** Its end is stored before it is forgotten: else somebody would find it in the log as it was, and bring it back. */
  async #letGo(live: LiveVoiceSession): Promise<void> {
    const { id } = live.session;
    try {
      await this.#options.voiceLog.close(id);
    } catch {
      // `onFailed` has dropped it, and it comes back.
      return;
    }
    if (this.#live.get(id) === live) this.#live.delete(id);
  }

  #drop(sessionId: string): void {
    const live = this.#live.get(sessionId);
    this.#live.delete(sessionId);
    live?.abandon();
  }

  /** A commit failed: what these actors believe may not be so. */
  #distrust(sessionIds: readonly string[]): void {
    const { logger } = this.#options;
    logger.error({ sessions: sessionIds.length }, 'the log of voice sessions could not be written');
    const dropped = sessionIds.filter((id) => this.#live.has(id));
    for (const sessionId of dropped) this.#drop(sessionId);
    if (dropped.length > 0) void this.#wakeLater(dropped);
  }

  async #wakeLater(sessionIds: readonly string[]): Promise<void> {
    const { clock, logger } = this.#options;
    try {
      await clock.waitUntil(clock.now() + RETRY_AFTER_MS, this.#ended.signal);
    } catch {
      return;
    }
    for (const sessionId of sessionIds) {
      this.wake(sessionId).catch((error: unknown) => {
        // Its creation was what could not be stored.
        if (error instanceof VoiceSessionNotFoundError || error instanceof ShuttingDownError) return;
        logger.error({ sessionId, err: error }, 'a voice session could not be brought back');
      });
    }
  }

  #append({ sessionId, to, readyAt, failure }: AppendParams): void {
    const live = this.#live.get(sessionId);
    if (!live) return;
    const before = live.session;
    live.session = { ...before, status: to, readyAt: readyAt ?? before.readyAt, failure };
    live.written = this.#options.voiceLog.move(before, live.session);
    // Those who wait hear of a failed commit themselves, the host by `onFailed`.
    live.written.catch(() => {});
    if (!failure) return;
    const { code, reason } = failure;
    this.#options.logger.warn({ sessionId, flowId: before.flowId, code, reason }, 'a voice session failed');
  }

  /** One logic for all sessions: a promise actor finds its session by the id in its input. */
  #provide(): VoiceLogic {
    const { work, clock } = this.#options;
    return voiceSessionMachine.provide({
      actors: {
        dispatchAgent: fromPromise<DispatchOutput, Input>(({ input, signal }) => {
          const live = this.#get(input);
          const dispatching = work.dispatch(live.session, signal);
          live.dispatching = dispatching.catch(() => {});
          return dispatching;
        }),
        probeRoom: fromPromise<ProbeOutput, Input>(({ input }) => work.probe(this.#get(input).session)),
        removeRoom: fromPromise<void, Input>(async ({ input }) => {
          const live = this.#get(input);
          // A call still under way would make the room anew, and an agent would come into it.
          await live.dispatching;
          await work.removeRoom(live.session);
        }),
        waitUntil: fromPromise<void, { readonly at: number }>(({ input, signal }) =>
          clock.waitUntil(input.at, signal),
        ),
      },
      actions: { append: (_, params) => this.#append(params) },
    });
  }

  /** Actors live no longer than their session is hosted. */
  #get({ sessionId }: Input): LiveVoiceSession {
    const live = this.#live.get(sessionId);
    if (!live) throw new VoiceSessionNotFoundError(sessionId);
    return live;
  }
}
