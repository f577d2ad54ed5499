/**
 * Handing a customer's messages to another server: one after the other, each once, in the order they were said, whatever is interrupted
 * meanwhile. A post that may have arrived is looked for before it is made again.
 */
import type { UpstreamPlace } from '../agents/agent-runner.ts';
import { messageTextOf, type SessionEvent } from '../event-log/event.ts';
import type { UpstreamPosition } from '../event-log/session-record.ts';
import type { Failure, RunOutput, Turn } from '../../machines/session.machine.ts';
import { newPosition } from './receive-upstream.ts';
import type { RunSite } from './run-turn.ts';
import type { UpstreamOptions } from './upstream-options.ts';
import type { UpstreamSessions } from './upstream-sessions.ts';

type UpstreamOutboxOptions = UpstreamOptions & {
  readonly sessions: UpstreamSessions;
  readonly retryAt: (failures: number) => number;
};

type Delivery = RunOutput | 'posted';

export class UpstreamOutbox {
  readonly #options: UpstreamOutboxOptions;
  /** Messages of one session go one after the other, also those of runs that were given up. */
  readonly #busy = new Map<string, Promise<unknown>>();
  /** Messages that may have been posted: looked for before they are posted again. */
  readonly #doubtful = new Set<string>();
  /** How often a message could not be sent. */
  readonly #tries = new Map<string, number>();

  constructor(options: UpstreamOutboxOptions) {
    this.#options = options;
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
    const before = this.#busy.get(sessionId) ?? Promise.resolve();
    const sent = before.then(() => this.#deliver(place, sessionId, turn));
    const quiet = sent.then(ignore, ignore).then(() => {
      if (this.#busy.get(sessionId) === quiet) this.#busy.delete(sessionId);
    });
    this.#busy.set(sessionId, quiet);
    return sent;
  }

  /** Posts, in order, every message up to the turn's that is not posted yet. */
  async #deliver(place: UpstreamPlace, sessionId: string, turn: Turn): Promise<RunOutput> {
    const { log } = this.#options;
    const ensured = await this.#options.sessions.ensure(place, sessionId);
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
  #later(message: SessionEvent, error: Failure): RunOutput {
    const { limits, retryAt } = this.#options;
    const tries = this.#tries.get(message.id) ?? 0;
    const at = retryAt(tries);
    if (at - Date.parse(message.creation_utc) >= limits.runTimeoutMs)
      return { kind: 'failed', error: { code: 'UPSTREAM_UNREACHABLE', message: error.message } };
    this.#tries.set(message.id, tries + 1);
    return { kind: 'unsent', retryAt: at };
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
}

/** Whether a customer's message was said here, not upstream. */
function isOurs({ metadata }: SessionEvent): boolean {
  return metadata['upstream'] === undefined;
}

function ignore(): void {}
