/**
 * The actors `poll` and `run` of sessions whose agent lives on another server: one long-poll per call, and a customer's message handed
 * on. Waiting and trying again are states of the machine; here is what must be true in between: what was received and how far it was
 * read are one commit, and a message is posted once, in order, whatever is interrupted meanwhile.
 */
import type { UpstreamPlace } from '../agents/agent-runner.ts';
import type { Log } from '../event-log/event-log.ts';
import { type EventDraft, messageTextOf, type SessionEvent, statusDraft } from '../event-log/event.ts';
import { newTraceId } from '../event-log/ids.ts';
import type { SessionRecord, UpstreamPosition } from '../event-log/session-record.ts';
import type { Failure, PollInput, PollOutput, RunOutput, Turn } from '../../machines/session.machine.ts';
import { toRetryAt } from '../upstream/backoff.ts';
import type { Upstream, UpstreamError, UpstreamEvent } from '../upstream/upstream.ts';
import type { Clock } from './clock.ts';
import { endTurn, isAnswered, newPosition, receiveNews } from './receive-upstream.ts';
import type { RunSite } from './run-turn.ts';
import { closingStatuses, completed } from './speech.ts';

/** Hears how polling goes, per server. */
export interface UpstreamMonitor {
  pollStarted(url: string): void;
  /** `outcome`: `events`, `timeout`, or the code of the failure. */
  pollEnded(url: string, outcome: string): void;
  /** How long ago the newest event was made when it was stored, in ms. */
  received(url: string, lagMs: number): void;
}

export type UpstreamLimits = {
  /** How long upstream may hold a poll. */
  readonly pollWaitS: number;
  /** An answered turn that upstream does not end is over after so long without an event. */
  readonly upstreamIdleMs: number;
};

export type UpstreamLinkOptions = {
  readonly log: Log;
  readonly clock: Clock;
  readonly limits: UpstreamLimits & { readonly runTimeoutMs: number };
  readonly monitor: UpstreamMonitor;
  /** Fires when the runtime ends. */
  readonly ended: AbortSignal;
};

/** "Nothing new" without having waited is a proxy's word, not Parlant's: after so many in a row it is asked less eagerly. */
const EARLY_IN_A_ROW = 5;
const EARLY_PAUSE_MS = 1_000;

type Ensured =
  | { readonly kind: 'ready'; readonly position: UpstreamPosition }
  | Extract<PollOutput, { kind: 'failed' | 'refused' }>;
type Delivery = RunOutput | 'posted';

export class UpstreamLink {
  readonly #options: UpstreamLinkOptions;
  /** Upstream sessions being made: poll and run may need the same one at once. */
  readonly #making = new Map<string, Promise<Ensured>>();
  /** Messages of one session go one after the other, also those of runs that were given up. */
  readonly #outbox = new Map<string, Promise<unknown>>();
  /** Messages that may have been posted: looked for before they are posted again. */
  readonly #doubtful = new Set<string>();
  /** How often in a row "nothing new" came without a wait, per session. */
  readonly #early = new Map<string, number>();
  /** How often a message could not be sent. */
  readonly #tries = new Map<string, number>();
  /** Servers that were seen to end a turn without `completed`. */
  readonly #bareServers = new WeakSet<Upstream>();

  constructor(options: UpstreamLinkOptions) {
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
        retryAt: this.#retryAt(failures),
      }),
    );
    monitor.pollEnded(place.url, 'error' in output ? output.error.code : output.kind);
    return output;
  }

  /** Hands the turn's message to upstream, behind every earlier one that is not posted yet. */
  run(
    place: UpstreamPlace,
    { site, turn }: { readonly site: RunSite; readonly turn: Turn },
  ): Promise<RunOutput> {
    const { sessionId } = site;
    const { log } = this.#options;
    void log
      .openRun(sessionId, { runId: turn.traceId, attempt: turn.attempt, triggerOffset: turn.triggerOffset })
      .catch(ignore);
    site.speech = undefined;
    const before = this.#outbox.get(sessionId) ?? Promise.resolve();
    const sent = before.then(() => this.#deliver(place, sessionId, turn));
    const quiet = sent.then(ignore, ignore).then(() => {
      if (this.#outbox.get(sessionId) === quiet) this.#outbox.delete(sessionId);
    });
    this.#outbox.set(sessionId, quiet);
    return sent;
  }

  async #pollOnce(
    place: UpstreamPlace,
    session: SessionRecord,
    { failures, signal }: { failures: number; signal: AbortSignal },
  ): Promise<PollOutput> {
    const { log, limits, clock } = this.#options;
    const { id: sessionId, openRun } = session;
    const ensured = await this.#ensure(place, sessionId);
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
    return this.#failed(sessionId, { ...outcome, retryAt: this.#retryAt(failures) }, failures);
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
          { kind: 'failed', error: whole.error, retryAt: this.#retryAt(failures) },
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
    if (Number.isFinite(made)) monitor.received(place.url, Math.max(0, clock.now() - made));
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
        const error = statusDraft(newTraceId(), 'error', toErrorData(output.error));
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

  /** The session's position, with a session made upstream if there is none. */
  async #ensure(place: UpstreamPlace, sessionId: string): Promise<Ensured> {
    const { log } = this.#options;
    const session = await log.getSession(sessionId);
    if (session?.upstream?.sessionId) return { kind: 'ready', position: session.upstream };
    const underWay = this.#making.get(sessionId);
    if (underWay) return underWay;
    const making = this.#make(place, sessionId, session).finally(() => this.#making.delete(sessionId));
    this.#making.set(sessionId, making);
    return making;
  }

  async #make(place: UpstreamPlace, sessionId: string, session: SessionRecord | undefined): Promise<Ensured> {
    const { log, ended } = this.#options;
    const made = await place.server.createSession({
      agentId: place.agentId,
      ...(session?.title && { title: session.title }),
      metadata: { colloquy_session_id: sessionId },
      signal: ended,
    });
    if (made.kind === 'failed') return { ...made, retryAt: this.#retryAt(0) };
    if (made.kind === 'refused') return made;
    // What was said to a session that is gone is not said again.
    const posted =
      (session?.waiting[0]?.offset ?? session?.openRun?.triggerOffset ?? session?.nextOffset ?? 0) - 1;
    let position = newPosition(made.sessionId, posted);
    await log.receive(sessionId, ({ upstream }) => {
      position = { ...position, outage: upstream?.outage ?? false };
      return { drafts: [], upstream: position, closesRun: false };
    });
    return { kind: 'ready', position };
  }

  /** Posts, in order, every message up to the turn's that is not posted yet. */
  async #deliver(place: UpstreamPlace, sessionId: string, turn: Turn): Promise<RunOutput> {
    const { log } = this.#options;
    const ensured = await this.#ensure(place, sessionId);
    const [trigger] = await log.read(sessionId, { from: turn.triggerOffset, to: turn.triggerOffset + 1 });
    if (!trigger) return { kind: 'done' };
    if (ensured.kind === 'refused') return { kind: 'failed', error: ensured.error };
    if (ensured.kind === 'failed') return this.#later(trigger, ensured.error);
    const { position } = ensured;
    const messages = await log.read(sessionId, {
      kinds: ['message'],
      source: 'customer',
      from: position.postedOffset + 1,
      to: turn.triggerOffset + 1,
    });
    for (const message of messages.filter(isOurs)) {
      if (turn.attempt > 1) this.#doubtful.add(message.id);
      const delivery = await this.#post(place, position, message);
      if (delivery !== 'posted' && delivery.kind !== 'failed') return delivery;
      // What upstream will not have is not offered again.
      await this.#keepPosted(sessionId, message);
      if (delivery !== 'posted' && message.id === trigger.id) return delivery;
    }
    return { kind: 'forwarded' };
  }

  async #post(place: UpstreamPlace, position: UpstreamPosition, message: SessionEvent): Promise<Delivery> {
    const { ended } = this.#options;
    const where = { sessionId: position.sessionId, signal: ended };
    if (this.#doubtful.has(message.id)) {
      const found = await place.server.findPosted({ ...where, colloquyEventId: message.id });
      if (found.kind === 'found') return 'posted';
      if (found.kind === 'failed') return this.#later(message, found.error);
      if (found.kind !== 'none') return { kind: 'failed', error: found.error };
    }
    const posted = await place.server.postMessage({
      ...where,
      text: messageTextOf(message) ?? '',
      metadata: { ...message.metadata, colloquy_event_id: message.id, colloquy_trace_id: message.trace_id },
    });
    if (posted.kind === 'posted') return 'posted';
    if (posted.kind === 'doubtful') this.#doubtful.add(message.id);
    if (posted.kind === 'refused' || posted.kind === 'gone') return { kind: 'failed', error: posted.error };
    return this.#later(message, posted.error);
  }

  /** Tried again until the run's time is up. */
  #later(message: SessionEvent, error: UpstreamError | Failure): RunOutput {
    const { limits } = this.#options;
    const tries = this.#tries.get(message.id) ?? 0;
    const retryAt = this.#retryAt(tries);
    if (retryAt - Date.parse(message.creation_utc) >= limits.runTimeoutMs)
      return { kind: 'failed', error: { code: 'UPSTREAM_UNREACHABLE', message: error.message } };
    this.#tries.set(message.id, tries + 1);
    return { kind: 'unsent', retryAt };
  }

  async #keepPosted(sessionId: string, message: SessionEvent): Promise<void> {
    this.#doubtful.delete(message.id);
    this.#tries.delete(message.id);
    await this.#options.log.receive(sessionId, ({ upstream }) => {
      const position = upstream ?? newPosition('', -1);
      const postedOffset = Math.max(position.postedOffset, message.offset);
      return { drafts: [], upstream: { ...position, postedOffset }, closesRun: false };
    });
  }

  #retryAt(failures: number): number {
    return toRetryAt({ failures, now: this.#options.clock.now() });
  }
}

/** Whether a customer's message was said here, not upstream. */
function isOurs({ metadata }: SessionEvent): boolean {
  return metadata['upstream'] === undefined;
}

function isGrowing({ kind, data }: UpstreamEvent): boolean {
  if (kind !== 'message') return false;
  const { chunks } = data as { readonly chunks?: readonly (string | null)[] | null };
  return Array.isArray(chunks) && chunks.at(-1) !== null;
}

function textOf({ data }: UpstreamEvent): string {
  return (data as { readonly message?: string }).message ?? '';
}

function toErrorData({ code, message }: Failure) {
  return { exception: message, code };
}

function ignore(): void {}
