/**
 * A session's state without its actor: as its record says now, or as it was at a past offset. Both run the very machine, with
 * XState's pure transition functions: no actor, no effect.
 */
import { fromPromise, initialTransition, type SnapshotFrom, transition } from 'xstate';
import {
  type PollInput,
  type PollOutput,
  type RunInput,
  type RunOutput,
  type SessionMachineEvent,
  sessionMachine,
} from '../../machines/session.machine.ts';
import { isFinalReady, type SessionEvent, statusOf } from '../event-log/event.ts';
import type { EventLog, SessionStore } from '../event-log/event-log.ts';
import type { LifecycleChange, SessionRecord } from '../event-log/session-record.ts';

export type SessionSnapshot = SnapshotFrom<typeof sessionMachine>;

/** XState wants every actor to exist, also where none is started. */
const machine = sessionMachine.provide({
  actors: {
    poll: fromPromise<PollOutput, PollInput>(() => new Promise(() => {})),
    run: fromPromise<RunOutput, RunInput>(() => new Promise(() => {})),
    waitUntil: fromPromise<void, { readonly at: number }>(() => new Promise(() => {})),
  },
});

/** What the machine is told of where a run ended. */
const runDone = { type: 'xstate.done.actor.run', output: { kind: 'done' }, actorId: 'run' };

/** Where the session stands by its record: for sessions that are not in memory. */
export function snapshotOf(record: SessionRecord): SessionSnapshot {
  const { openRun, waiting, lifecycle, lifecycleReason, hadTurn, nextOffset } = record;
  const openTurn = openRun && {
    traceId: openRun.runId,
    triggerOffset: openRun.triggerOffset,
    attempt: openRun.attempt,
  };
  let snapshot = step(begin(record), {
    type: 'session.restore',
    lifecycle,
    reason: lifecycleReason,
    openTurn,
    hadTurn,
    heardOffset: (waiting[0]?.offset ?? nextOffset) - 1,
  });
  for (const { offset, traceId } of waiting)
    snapshot = step(snapshot, { type: 'message.received', offset, traceId });
  return snapshot;
}

/** The last change of state at an offset: what it led to, and when. */
export type PastState = { readonly snapshot: SessionSnapshot; readonly since: string };

/**
 * Folds the log up to and including the event at `at`. Only the turns that can still be open there are read: at most `queueLimit`
 * messages back. The interruption policy is the session's present one; earlier policies are not kept.
 */
export async function stateAt(
  log: EventLog & SessionStore,
  record: SessionRecord,
  { at, queueLimit }: { at: number; queueLimit: number },
): Promise<PastState> {
  const recent = await log.read(record.id, {
    kinds: ['message'],
    source: 'customer',
    to: at + 1,
    last: queueLimit + 1,
  });
  const from = recent[0]?.offset ?? 0;
  const events = await log.read(record.id, { from, to: at + 1 });
  const turns = await findTurns(log, record, recent, { to: at + 1 + queueLimit * EVENTS_PER_TURN });
  const history = await log.lifecycleHistory(record.id);
  const known = history.filter(({ offset }) => offset <= from);
  const rest = history.filter(({ offset }) => offset > from && offset <= at);
  const start = known.at(-1);
  let past: PastState = {
    snapshot: step(begin(record), {
      type: 'session.restore',
      lifecycle: start?.state ?? 'NOT_STARTED',
      reason: start?.reason ?? null,
      openTurn: null,
      hadTurn: from > 0,
      heardOffset: from - 1,
    }),
    since: start?.utc ?? record.creationUtc,
  };
  for (const event of events) {
    while (rest[0] && rest[0].offset <= event.offset)
      past = follow(past, toCommand(rest[0]), rest.shift()!.utc);
    const told = toMachineEvent(event, turns, past.snapshot);
    if (told) past = follow(past, told, event.creation_utc);
  }
  for (const change of rest) past = follow(past, toCommand(change), change.utc);
  return past;
}

/** How far behind a message the first status of its turn is looked for, per message that may wait before it. */
const EVENTS_PER_TURN = 20;

/** Traces of the turns there were. */
type Turns = {
  /** That a message asked for. */
  readonly triggers: ReadonlySet<string>;
  /** Without a message of their own. */
  readonly requests: ReadonlySet<string>;
};

/**
 * Which of these messages asked for a turn: those of mode `manual` are followed by no status of their own. And which turns were asked
 * for otherwise: they begin and end (a status that somebody posted has its trace to itself) and have no message of a customer.
 */
async function findTurns(
  log: EventLog,
  record: SessionRecord,
  messages: readonly SessionEvent[],
  { to }: { to: number },
): Promise<Turns> {
  const open = [
    ...record.waiting.map(({ traceId }) => traceId),
    ...(record.openRun ? [record.openRun.runId] : []),
  ];
  const triggers = new Set(open);
  const first = messages[0];
  if (!first) return { triggers, requests: new Set() };
  const asked = new Set(messages.map(({ trace_id }) => trace_id));
  const begun = new Set<string>();
  const ended = new Set<string>(record.openRun && [record.openRun.runId]);
  for (const event of await log.read(record.id, { kinds: ['status'], from: first.offset, to })) {
    const { trace_id: traceId, source } = event;
    if (asked.has(traceId)) triggers.add(traceId);
    else if (statusOf(event) === 'acknowledged' && source === 'ai_agent') begun.add(traceId);
    else if (isFinalReady(event)) ended.add(traceId);
  }
  const requests = new Set<string>();
  // What upstream does of its own accord is no turn of ours.
  for (const traceId of record.upstream ? [] : begun)
    if (ended.has(traceId) && !(await hasMessage(log, record.id, traceId))) requests.add(traceId);
  return { triggers, requests };
}

async function hasMessage(log: EventLog, sessionId: string, traceId: string): Promise<boolean> {
  const messages = await log.read(sessionId, {
    traceId,
    kinds: ['message'],
    source: 'customer',
    limit: 1,
  });
  return messages.length > 0;
}

function toCommand({ state, reason }: LifecycleChange): SessionMachineEvent {
  return state === 'STOPPED' ? { type: 'session.stop', reason } : { type: 'session.start', reason };
}

function toMachineEvent(
  event: SessionEvent,
  { triggers, requests }: Turns,
  { context }: SessionSnapshot,
): SessionMachineEvent | typeof runDone | undefined {
  const { trace_id: traceId, offset } = event;
  if (event.kind === 'message' && event.source === 'customer')
    return triggers.has(traceId) ? { type: 'message.received', offset, traceId } : undefined;
  if (statusOf(event) === 'acknowledged' && requests.has(traceId))
    return { type: 'turn.request', offset: context.heardOffset, traceId };
  if (statusOf(event) === 'processing') return { type: 'status.processing', runId: traceId };
  if (!isFinalReady(event)) return undefined;
  if (context.turn?.traceId === traceId) return runDone;
  return { type: 'turn.cancel', traceId };
}

function follow(past: PastState, event: SessionMachineEvent | typeof runDone, since: string): PastState {
  const snapshot = step(past.snapshot, event);
  const moved = JSON.stringify(snapshot.value) !== JSON.stringify(past.snapshot.value);
  return { snapshot, since: moved ? since : past.since };
}

function begin({ id, interruption }: SessionRecord): SessionSnapshot {
  const [snapshot] = initialTransition(machine, {
    sessionId: id,
    agentRuns: 'here',
    interruption: interruption ?? 'interrupt',
    upstreamOffset: 0,
  });
  return snapshot;
}

function step(snapshot: SessionSnapshot, event: SessionMachineEvent | typeof runDone): SessionSnapshot {
  // `runDone` is XState's own event; its type is not among the machine's.
  const [next] = transition(machine, snapshot, event as SessionMachineEvent);
  return next;
}
