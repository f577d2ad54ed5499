/**
 * One session in memory: its actor, and what its host and its runs must remember beside the statechart. It reports each move of the
 * statechart to the followers, the live directory and, where the lifecycle changed, the log.
 */
import {
  type ActorRefFrom,
  createActor,
  type InspectionEvent,
  type SnapshotFrom,
  type StateValue,
} from 'xstate';
import type { SessionMachineEvent, sessionMachine } from '../../machines/session.machine.ts';
import type { Agent } from '../agents/agent-runner.ts';
import type { SessionEvent } from '../event-log/event.ts';
import type { EventFilter, Log } from '../event-log/event-log.ts';
import type { Frame, TurnFrame } from '../event-log/frame.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import type { Clock } from './clock.ts';
import type { LiveDirectory } from './live-directory.ts';
import type { RunSite } from './run-turn.ts';
import { type Cause, moveBetween } from './move.ts';
import { keyOf, lifecycleOf, turnOf } from './state-value.ts';

/** The session machine with its actors and actions provided. */
export type SessionLogic = typeof sessionMachine;

type LiveSessionOptions = {
  readonly record: SessionRecord;
  /** When it came to where the record says it stands. */
  readonly since: string;
  readonly agent: Agent;
  readonly logic: SessionLogic;
  readonly clock: Clock;
  readonly log: Log;
  readonly directory: LiveDirectory;
  readonly onError: (error: unknown) => void;
  readonly inspect?: (event: InspectionEvent) => void;
};

export class LiveSession implements RunSite {
  readonly sessionId: string;
  agent: Agent;
  customerId: string;
  lastTrigger: SessionEvent | undefined;
  speech: RunSite['speech'];
  settled: Promise<void> | undefined;
  /** Resolves when the last change of lifecycle is on disk. */
  written: Promise<void> | undefined;
  /** When the session last did anything, ms since 1970. */
  activeAt: number;

  readonly #options: LiveSessionOptions;
  readonly #actor: ActorRefFrom<SessionLogic>;
  #snapshot: SnapshotFrom<SessionLogic>;
  #turn: TurnFrame | undefined;
  #since: number;
  /** What moves the statechart now, for the `state` frame. */
  #cause: Cause = { type: 'xstate.init' };
  #restoring = false;
  #abandoned = false;

  constructor(options: LiveSessionOptions) {
    const { record, agent, logic, clock, inspect, onError } = options;
    this.#options = options;
    this.sessionId = record.id;
    this.customerId = record.customerId;
    this.agent = agent;
    this.activeAt = clock.now();
    this.#since = Date.parse(options.since);
    this.#actor = createActor(logic, {
      // What inspectors call it.
      id: record.id,
      input: {
        sessionId: record.id,
        agentRuns: agent.upstream ? 'upstream' : 'here',
        interruption: record.interruption ?? agent.interruption,
        upstreamOffset: record.upstream?.offset ?? 0,
      },
      ...(inspect && { inspect }),
    });
    this.#snapshot = this.#actor.getSnapshot();
    this.#actor.subscribe({ next: (snapshot) => this.#moved(snapshot), error: onError });
    this.#actor.start();
  }

  get value(): StateValue {
    return this.#snapshot.value;
  }

  get isBusy(): boolean {
    return this.#snapshot.hasTag('busy');
  }

  get isPolling(): boolean {
    return this.#snapshot.hasTag('polling');
  }

  get since(): number {
    return this.#since;
  }

  get context(): SnapshotFrom<SessionLogic>['context'] {
    return this.#snapshot.context;
  }

  /** Takes the machine to where the log says it was, and tells it what waits. */
  restore(record: SessionRecord): void {
    const { directory, log } = this.#options;
    const { lifecycle, lifecycleReason, openRun, waiting, hadTurn, nextOffset, mode } = record;
    directory.trigger.entered({
      entry: {
        sessionId: record.id,
        agentId: record.agentId,
        customerId: record.customerId,
        state: lifecycle,
        turn: null,
        mode,
        since: this.#since,
        queueDepth: 0,
        followers: log.followers(record.id),
        lastOffset: nextOffset - 1,
        lastPollAt: null,
        lagMs: null,
      },
    });
    const openTurn = openRun && {
      traceId: openRun.runId,
      triggerOffset: openRun.triggerOffset,
      attempt: openRun.attempt,
    };
    this.#restoring = true;
    this.send({
      type: 'session.restore',
      // With a run open the session polls, whatever the row says: the commit that says so was lost with the process.
      lifecycle: openTurn ? 'POLLING' : lifecycle,
      reason: lifecycleReason,
      openTurn,
      hadTurn,
      heardOffset: (waiting[0]?.offset ?? nextOffset) - 1,
    });
    this.#restoring = false;
    this.#report();
    if (openTurn && lifecycle !== 'POLLING') this.#writeLifecycle();
    for (const { offset, traceId } of waiting) this.send({ type: 'message.received', offset, traceId });
  }

  /** Sends an event to the actor. */
  send(event: SessionMachineEvent): void {
    if (this.#abandoned) return;
    this.touch();
    this.#cause = event;
    this.#actor.send(event);
  }

  /** The session's record was changed. */
  configure(record: SessionRecord, agent: Agent | undefined): void {
    const { interruption, agentId, customerId, mode } = record;
    if (agent) this.agent = agent;
    this.customerId = customerId;
    this.#options.directory.trigger.changed({
      sessionId: this.sessionId,
      change: { agentId, customerId, mode },
    });
    this.send({ type: 'session.configured', interruption: interruption ?? this.agent.interruption });
  }

  /** A committed message that asks for a turn. */
  hear(message: SessionMachineEvent & { readonly type: 'message.received' }, event: SessionEvent): void {
    this.lastTrigger = event;
    this.send(message);
  }

  /** The next move of the statechart is caused by this event, which the actor sends itself. */
  expect(cause: Cause): void {
    this.#cause = cause;
  }

  /** Events up to this offset are stored. */
  stored(lastOffset: number): void {
    this.#options.directory.trigger.changed({ sessionId: this.sessionId, change: { lastOffset } });
  }

  touch(): void {
    this.activeAt = this.#options.clock.now();
  }

  /** Resolves when no turn is under way, or the actor is gone. */
  whenQuiet(): Promise<void> {
    return new Promise((resolve) => {
      if (!this.isBusy) return resolve();
      const subscription = this.#actor.subscribe({
        next: (snapshot) => {
          if (snapshot.hasTag('busy')) return;
          subscription.unsubscribe();
          resolve();
        },
        error: () => resolve(),
        complete: () => resolve(),
      });
    });
  }

  /** Stops the actor without effects. */
  abandon(): void {
    this.#abandoned = true;
    this.#actor.stop();
  }

  turnMoved(turn: TurnFrame): void {
    this.#turn = turn;
    const { log } = this.#options;
    if (!this.#abandoned && log.followers(this.sessionId) > 0) log.publishTurn(this.sessionId, turn);
  }

  /** Where the statechart stands, and that of the newest turn, as the first frames of a stream. */
  stateFrames({ traceId }: Pick<EventFilter, 'traceId'>): readonly Frame[] {
    const state = { value: this.value, since: toUtc(this.#since), transition: null };
    const first: Frame = { type: 'state', state, json: JSON.stringify(state) };
    const turn = this.#turn;
    if (!turn || (traceId ?? turn.trace_id) !== turn.trace_id) return [first];
    return [first, { type: 'turn', turn: { ...turn, transition: null } }];
  }

  #moved(snapshot: SnapshotFrom<SessionLogic>): void {
    const before = this.#snapshot;
    this.#snapshot = snapshot;
    if (snapshot === before || this.#abandoned) return;
    const queueChanged = snapshot.context.queue !== before.context.queue;
    const moved = sameState(before, snapshot) ? undefined : before;
    if (!moved && !queueChanged) return;
    if (moved && !this.#restoring) this.#tell(moved);
    if (!this.#restoring) this.#report();
  }

  #tell(before: SnapshotFrom<SessionLogic>): void {
    const { log, clock } = this.#options;
    const { value } = this.#snapshot;
    this.#since = clock.now();
    if (lifecycleOf(before.value) !== lifecycleOf(value)) this.#writeLifecycle();
    if (log.followers(this.sessionId) === 0) return;
    const since = toUtc(this.#since);
    const move = moveBetween(before, this.#cause, value);
    log.publishState(
      this.sessionId,
      { value, since, transition: { id: move.edge, from: before.value, to: value, event: move.event } },
      // Put together from texts that are made once: this is told several times per turn.
      `{"value":${move.to},"since":"${since}","transition":{"id":"${move.edge}","from":${move.from},"to":${move.to},"event":"${move.event}"}}`,
    );
  }

  #writeLifecycle(): void {
    const { log } = this.#options;
    this.written = log.setLifecycle(this.sessionId, lifecycleOf(this.value), this.context.reason);
    // A failed commit reaches the host through `onFailed`; those who wait for `written` hear of it themselves.
    this.written.catch(() => {});
  }

  #report(): void {
    const { value, context } = this.#snapshot;
    this.#options.directory.trigger.changed({
      sessionId: this.sessionId,
      change: {
        state: lifecycleOf(value),
        turn: turnOf(value),
        since: this.#since,
        queueDepth: context.queue.length,
      },
    });
  }
}

/** Whether two snapshots stand at the same place in the same turn. */
function sameState(a: SnapshotFrom<SessionLogic>, b: SnapshotFrom<SessionLogic>): boolean {
  return a.context.turn?.traceId === b.context.turn?.traceId && keyOf(a.value) === keyOf(b.value);
}

function toUtc(ms: number): string {
  return new Date(ms).toISOString();
}
