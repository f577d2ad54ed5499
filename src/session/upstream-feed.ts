/** Listening to another server: one long-poll at a time, stored in order, once; outages reported once; silent turns ended. */
import type { UpstreamPlace } from '../agents/agent-runner.ts';
import { type EventDraft, isGrowing, statusDraft } from '../event-log/event.ts';
import { newTraceId } from '../event-log/ids.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import type { PollInput, PollOutput } from '../../machines/session.machine.ts';
import type { Upstream, UpstreamError, UpstreamEvent } from '../upstream/upstream.ts';
import { endTurn, isAnswered, newPosition, receiveNews } from './receive-upstream.ts';
import { closingStatuses, completed } from './speech.ts';
import type { UpstreamOptions } from './upstream-options.ts';
import type { UpstreamSessions } from './upstream-sessions.ts';

/** "Nothing new" without having waited is a proxy's word, not Parlant's: after so many in a row it is asked less eagerly. */
const EARLY_IN_A_ROW = 5;
const EARLY_PAUSE_MS = 1_000;

type UpstreamFeedOptions = UpstreamOptions & {
  readonly sessions: UpstreamSessions;
  readonly retryAt: (failures: number) => number;
};

export class UpstreamFeed {
  readonly #options: UpstreamFeedOptions;
  /** How often in a row "nothing new" came without a wait, per session. */
  readonly #early = new Map<string, number>();
  /** Servers that were seen to end a turn without `completed`. */
  readonly #bareServers = new WeakSet<Upstream>();

  constructor(options: UpstreamFeedOptions) {
    this.#options = options;
  }

  /** One long-poll. Its events are stored when it resolves. */
  async poll(
    place: UpstreamPlace,
    { sessionId, failures }: PollInput,
    signal: AbortSignal,
  ): Promise<PollOutput> {
    const { log, monitor } = this.#options;
    const session = await log.getSession(sessionId);
    if (!session)
      return { kind: 'refused', error: { code: 'SESSION_NOT_FOUND', message: 'The session is deleted.' } };
    monitor.pollStarted(place.url);
    const output = await this.#pollOnce(place, session, { failures, signal }).catch(
      (error: unknown): PollOutput => ({
        kind: 'failed',
        error: {
          code: 'LOG_UNAVAILABLE',
          message: error instanceof Error ? error.message : 'The poll failed.',
        },
        retryAt: this.#options.retryAt(failures),
      }),
    );
    const outcome = 'error' in output ? output.error.code : output.kind;
    monitor.pollEnded(place.url, signal.aborted ? 'aborted' : outcome, sessionId);
    return output;
  }

  async #pollOnce(
    place: UpstreamPlace,
    session: SessionRecord,
    { failures, signal }: { failures: number; signal: AbortSignal },
  ): Promise<PollOutput> {
    const { log, limits, clock } = this.#options;
    const { id: sessionId, openRun } = session;
    const ensured = await this.#options.sessions.ensure(place, sessionId);
    if (ensured.kind !== 'ready') return this.#failed(sessionId, ensured, failures);
    const { position } = ensured;
    const idleS = Math.ceil(limits.upstreamIdleMs / 1000);
    const outcome = await place.server.poll({
      sessionId: position.sessionId,
      minOffset: position.offset,
      waitSeconds: openRun ? Math.min(limits.pollWaitS, idleS) : limits.pollWaitS,
      signal,
    });
    if (outcome.kind === 'events') {
      await this.#recovered(sessionId);
      return this.#receive(place, sessionId, { ...outcome, failures, signal });
    }
    if (outcome.kind === 'timeout') {
      await this.#recovered(sessionId);
      await this.#endSilentTurn(place, sessionId);
      const early = outcome.early ? (this.#early.get(sessionId) ?? 0) + 1 : 0;
      if (early > 0) this.#early.set(sessionId, early);
      else this.#early.delete(sessionId);
      if (early >= EARLY_IN_A_ROW) await clock.waitUntil(clock.now() + EARLY_PAUSE_MS, signal).catch(ignore);
      return { kind: 'timeout' };
    }
    if (outcome.kind === 'gone') {
      await log.updateSession(sessionId, { upstream: null });
      return { kind: 'refused', error: outcome.error };
    }
    if (outcome.kind === 'refused') return outcome;
    return this.#failed(sessionId, { ...outcome, retryAt: this.#options.retryAt(failures) }, failures);
  }

  /** Stores what came, in order; a message that still grows is followed to its end before what is behind it. */
  async #receive(
    place: UpstreamPlace,
    sessionId: string,
    news: { events: readonly UpstreamEvent[]; nextOffset: number; failures: number; signal: AbortSignal },
  ): Promise<PollOutput> {
    const { events, nextOffset, failures, signal } = news;
    let rest = events;
    for (;;) {
      const growing = rest.findIndex(isGrowing);
      const ready = growing < 0 ? rest : rest.slice(0, growing);
      const message = rest[growing];
      if (ready.length > 0) await this.#store(place, sessionId, ready, message ? message.offset : nextOffset);
      if (!message) return { kind: 'events', upstreamOffset: nextOffset };
      const whole = await this.#follow(place, sessionId, message, signal);
      if ('error' in whole)
        return this.#failed(
          sessionId,
          { kind: 'failed', error: whole.error, retryAt: this.#options.retryAt(failures) },
          failures,
        );
      rest = [whole, ...rest.slice(growing + 1)];
    }
  }

  async #store(
    place: UpstreamPlace,
    sessionId: string,
    events: readonly UpstreamEvent[],
    nextOffset: number,
  ) {
    const { log, monitor, clock } = this.#options;
    const bareReadyEnds = this.#bareServers.has(place.server);
    await log.receive(sessionId, (session) => receiveNews(session, { events, nextOffset, bareReadyEnds }));
    const made = Date.parse(events.at(-1)?.creation_utc ?? '');
    if (Number.isFinite(made)) monitor.received(place.url, Math.max(0, clock.now() - made), sessionId);
  }

  /** The message when it is whole. Meanwhile its growth goes to our followers as chunks of the turn's run. */
  async #follow(
    place: UpstreamPlace,
    sessionId: string,
    message: UpstreamEvent,
    signal: AbortSignal,
  ): Promise<UpstreamEvent | { readonly error: UpstreamError }> {
    const { log } = this.#options;
    const session = await log.getSession(sessionId);
    const upstreamSession = session?.upstream?.sessionId ?? '';
    let told = '';
    let index = 0;
    for await (const step of place.server.followEvent({
      sessionId: upstreamSession,
      eventId: message.id,
      signal,
    })) {
      if (step.kind !== 'snapshot') return { error: step.error };
      if (step.complete) return step.event;
      const text = textOf(step.event);
      const isLonger = text.startsWith(told);
      const run = session?.openRun;
      if (run && text !== told)
        log.publishChunk(
          sessionId,
          {
            message_id: message.id,
            trace_id: run.runId,
            attempt: run.attempt,
            index: isLonger ? index++ : 0,
            text: isLonger ? text.slice(told.length) : text,
          },
          run,
        );
      if (!isLonger) index = 1;
      told = text;
    }
    return { error: { code: 'UPSTREAM_CUT', message: 'The streamed message has no end.' } };
  }

  /** Reports an outage once, however long it lasts. */
  async #failed(
    sessionId: string,
    output: Extract<PollOutput, { kind: 'failed' | 'refused' }>,
    failures: number,
  ): Promise<PollOutput> {
    const { log } = this.#options;
    if (output.kind === 'failed' && failures === 0)
      await log.receive(sessionId, (session) => {
        const upstream = session.upstream ?? newPosition('', -1);
        if (upstream.outage) return { drafts: [], upstream, closesRun: false };
        const error = statusDraft(newTraceId(), 'error', {
          exception: output.error.message,
          code: output.error.code,
        });
        return {
          drafts: [{ ...error, source: 'system' }],
          upstream: { ...upstream, outage: true },
          closesRun: false,
        };
      });
    return output;
  }

  async #recovered(sessionId: string): Promise<void> {
    const { log } = this.#options;
    const session = await log.getSession(sessionId);
    if (!session?.upstream?.outage) return;
    const recovered: EventDraft = {
      source: 'system',
      kind: 'custom',
      trace_id: newTraceId(),
      data: { type: 'upstream.recovered' },
    };
    await log.receive(sessionId, ({ upstream }) => ({
      drafts: upstream?.outage ? [recovered] : [],
      upstream: { ...(upstream ?? newPosition('', -1)), outage: false },
      closesRun: false,
    }));
  }

  /** The net under turns that upstream does not end: answered and silent for long, or never answered in the run's time. */
  async #endSilentTurn(place: UpstreamPlace, sessionId: string): Promise<void> {
    const { log, clock, limits } = this.#options;
    const session = await log.getSession(sessionId);
    const run = session?.openRun;
    if (!session || !run) return;
    const silentMs = clock.now() - Date.parse(session.lastActivityUtc);
    if (isAnswered(session)) {
      if (silentMs < limits.upstreamIdleMs) return;
      this.#bareServers.add(place.server);
      const ready = statusDraft(run.runId, 'ready', { ...completed, reason: 'UPSTREAM_SILENT' });
      return this.#end(sessionId, run.runId, [ready]);
    }
    const [trigger] = await log.read(sessionId, { from: run.triggerOffset, to: run.triggerOffset + 1 });
    if (trigger && clock.now() - Date.parse(trigger.creation_utc) < limits.runTimeoutMs) return;
    const error = {
      code: 'RUN_TIMEOUT',
      message: `RunTimeout: no answer within ${limits.runTimeoutMs / 1000} s`,
    };
    return this.#end(sessionId, run.runId, closingStatuses(run.runId, error));
  }

  async #end(sessionId: string, runId: string, drafts: readonly EventDraft[]): Promise<void> {
    await this.#options.log.receive(sessionId, (session) => endTurn(session, runId, drafts));
  }
}

function textOf({ data }: UpstreamEvent): string {
  return (data as { readonly message?: string }).message ?? '';
}

function ignore(): void {}
