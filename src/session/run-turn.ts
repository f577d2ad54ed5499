/**
 * The child actor `run`: answers one turn. It opens the run in the log, waits until the session's previous run has let go, lets the
 * agent speak, and ends with `ready`. Expected failures are outputs; the machine then closes the run.
 * The rule to know: `openRun` is called synchronously, before anything else, so that fences follow the statechart's order.
 */
import type { AnyActorRef } from 'xstate';
import type { Afterwards, Agent, AgentRunner } from '../agents/agent-runner.ts';
import { DomainError, RunClosedError } from '../errors.ts';
import type { EventFilter, EventLog, RunLog } from '../event-log/event-log.ts';
import { type SessionEvent, statusDraft, statusOf } from '../event-log/event.ts';
import type { TurnFrame } from '../event-log/frame.ts';
import type { Failure, RunOutput, Turn } from '../../machines/session.machine.ts';
import type { Clock } from './clock.ts';
import { createSpeech, type Speech } from './speech.ts';
import { endGrowth } from './whole-messages.ts';

/** What a run needs to know of its session. */
export type RunSite = {
  readonly sessionId: string;
  readonly customerId: string;
  readonly agent: Agent;
  /** The newest trigger, as it was told: saves reading it again. */
  readonly lastTrigger: SessionEvent | undefined;
  /** The voice of the newest run. */
  speech: { readonly runId: string; readonly speech: Speech } | undefined;
  /** Resolves when the newest run has let go; undefined when none is at work. */
  settled: Promise<void> | undefined;
  /** The newest run's own statechart was moved. */
  turnMoved(turn: TurnFrame): void;
};

export type RunLimits = {
  readonly runTimeoutMs: number;
  readonly runWindDownMs: number;
  readonly historyLimit: number;
};

type RunTurnOptions = {
  readonly site: RunSite;
  /** The agent's, which runs here. */
  readonly runner: AgentRunner;
  readonly turn: Turn;
  readonly signal: AbortSignal;
  /** The child that this is, where somebody looks at actors. */
  readonly actor?: AnyActorRef;
  readonly log: EventLog & RunLog;
  readonly clock: Clock;
  readonly limits: RunLimits;
  /** Is told of turns that fail. */
  readonly logger: { error(facts: object, message: string): void };
};

/** A turn is over: the reason its signal fires with. An object, because `abort()` without one builds a DOMException. */
const turnOver = new Error('The turn is over.');

export function runTurn({
  site,
  runner,
  turn,
  signal,
  actor,
  log,
  clock,
  limits,
  logger,
}: RunTurnOptions): Promise<RunOutput> {
  const { sessionId, agent } = site;
  const run = { runId: turn.traceId, attempt: turn.attempt };
  const abort = new AbortController();
  const giveUp = () => abort.abort(turnOver);
  signal.addEventListener('abort', giveUp, { once: true });

  const previous = site.settled;
  const { tellsStatuses = false } = runner;
  const begun = tellsStatuses
    ? []
    : [
        statusDraft(turn.traceId, 'acknowledged'),
        statusDraft(turn.traceId, 'processing', { stage: 'Interpreting' }),
      ];
  const beginsNow = !previous && turn.attempt === 1;
  const opened = { ...run, triggerOffset: turn.triggerOffset };
  const isOpen = log.openRun(sessionId, opened, beginsNow ? begun : []).then(ignore, ignore);
  const speech = createSpeech({
    sessionId,
    run,
    speaker: { id: agent.id, display_name: agent.name },
    log,
    outputMode: agent.outputMode,
  });
  site.speech = { runId: run.runId, speech };

  const work = answer();
  const settled = work.then(conclude, ignore).then(() => {
    if (site.settled === settled) site.settled = undefined;
  });
  site.settled = settled;
  const limit = clock.waitUntil(clock.now() + limits.runTimeoutMs, abort.signal);
  return Promise.race([work.then(() => ({ kind: 'done' as const })), limit.then(() => timedOut())])
    .catch((error: unknown): RunOutput => {
      // Given up, here or in the log: nobody waits for this output, and the closing events are written.
      if (signal.aborted || error instanceof RunClosedError) return { kind: 'done' };
      return { kind: 'failed', error: failed(error) };
    })
    .finally(() => {
      signal.removeEventListener('abort', giveUp);
      giveUp();
    });

  async function answer(): Promise<Afterwards | void> {
    if (!beginsNow) await beginLater();
    const afterwards = await runner.run({
      sessionId,
      customerId: site.customerId,
      ...run,
      trigger: await readTrigger(),
      history: { last },
      say: speech.say,
      voice: speech.voice,
      signal: abort.signal,
      ...(actor && { actor }),
      moved(move) {
        const since = new Date(clock.now()).toISOString();
        if (site.speech?.speech === speech) site.turnMoved({ ...move, trace_id: run.runId, since });
      },
    });
    if (turn.attempt > 1) await endGrowth(log, sessionId, run.runId);
    if (speech.isFinished()) return afterwards;
    abort.signal.throwIfAborted();
    await speech.voice.end();
    return afterwards;
  }

  /** The turn is over for everybody but the next one. A failure is told behind its `ready`. */
  async function conclude(afterwards: Afterwards | void): Promise<void> {
    if (!afterwards) return;
    const time = new AbortController();
    const limit = clock.waitUntil(clock.now() + limits.runTimeoutMs, time.signal);
    limit.then(() => time.abort(turnOver), ignore);
    try {
      await afterwards(time.signal);
    } catch (error) {
      const { code, message } = failed(error);
      const draft = statusDraft(run.runId, 'error', { exception: message, code });
      await log.append(sessionId, [draft]).catch(ignore);
    } finally {
      time.abort(turnOver);
    }
  }

  async function beginLater(): Promise<void> {
    if (previous) await windDown(previous);
    // What closed the run before is read from now on.
    await isOpen;
    abort.signal.throwIfAborted();
    // A turn is acknowledged once, and each of its messages said once, however many attempts it takes.
    const from = Math.max(turn.triggerOffset, 0);
    const told = await log.read(sessionId, { traceId: run.runId, from });
    const own = told.filter(({ source }) => source === 'ai_agent');
    speech.recall(own, { sayOnce: !tellsStatuses });
    abort.signal.throwIfAborted();
    if (tellsStatuses) return;
    const acknowledged = own.some((event) => statusOf(event) === 'acknowledged');
    void log.append(sessionId, acknowledged ? begun.slice(1) : begun, { run }).catch(ignore);
  }

  /** Never races this run's own end: the run after it would begin while the first is still at work. */
  async function windDown(earlier: Promise<void>): Promise<void> {
    const letGo = new AbortController();
    const patience = clock.waitUntil(clock.now() + limits.runWindDownMs, letGo.signal).catch(ignore);
    await Promise.race([earlier, patience]);
    letGo.abort(turnOver);
  }

  async function readTrigger(): Promise<SessionEvent | undefined> {
    const { triggerOffset: from } = turn;
    if (from < 0) return undefined;
    if (site.lastTrigger?.offset === from) return site.lastTrigger;
    const [trigger] = await log.read(sessionId, { from, to: from + 1 });
    if (trigger) return trigger;
    // What it would answer was taken back: it ends without a word.
    await log.closeRun(sessionId, run, []);
    throw new RunClosedError(run.runId, run.attempt);
  }

  /** The trigger comes last: answers to earlier messages may be stored behind it, and so may messages whose turn has not come. */
  async function last(n: number, filter: EventFilter = { kinds: ['message'] }) {
    const limit = Math.min(n, limits.historyLimit);
    const trigger = await readTrigger();
    const events = await log.read(sessionId, { ...filter, last: limit });
    if (!trigger) return events;
    const earlier = events.filter(
      ({ offset, source }) => offset !== trigger.offset && (source !== 'customer' || offset < trigger.offset),
    );
    const wanted = !filter.kinds || filter.kinds.includes(trigger.kind);
    return wanted ? [...earlier.slice(-(limit - 1) || earlier.length), trigger] : earlier;
  }

  function timedOut(): RunOutput {
    const seconds = limits.runTimeoutMs / 1000;
    const error = { code: 'RUN_TIMEOUT', message: `RunTimeout: no answer within ${seconds} s` };
    tellFailure({ code: error.code });
    return { kind: 'failed', error };
  }

  function failed(error: unknown): Failure {
    const failure = toFailure(error);
    tellFailure({ code: failure.code, ...whereabouts(error) });
    return failure;
  }

  function tellFailure(facts: object): void {
    logger.error({ sessionId, agentId: agent.id, traceId: run.runId, ...facts }, 'a turn failed');
  }
}

/** Where in the code. What an error says may hold what the customer said, and is nothing for the console: the turn's `error` event has it. */
function whereabouts(error: unknown): { readonly error?: string; readonly at?: readonly string[] } {
  try {
    if (!(error instanceof Error)) return {};
    const { name, message, stack = '' } = error;
    const behind = stack.slice(stack.indexOf(message) + message.length);
    const frames = behind.match(/^ +at .*$/gm) ?? [];
    return { error: name, at: frames.slice(0, LONGEST_TRACE).map((frame) => frame.trim()) };
  } catch {
    return {};
  }
}

const LONGEST_TRACE = 10;

/** Of what is told of a failure, in characters. */
const LONGEST_MESSAGE = 1_000;

/** A failure as it is told to clients: what it was, never where in the code. */
function toFailure(error: unknown): Failure {
  const code = error instanceof DomainError ? error.code : 'AGENT_FAILED';
  return { code, message: describe(error).slice(0, LONGEST_MESSAGE) };
}

/** Anything can be thrown, also what has no text. */
function describe(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : `Error: ${String(error)}`;
  } catch {
    return 'Error: something was thrown that has no text';
  }
}

function ignore(): void {}
