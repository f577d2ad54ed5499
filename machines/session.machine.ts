/**
 * One conversation. `session.v1` lives as long as the session is in memory; what it knows is a fold over the session's log.
 *
 *   NOT_STARTED ── session.start | message.received | turn.request ──▶ POLLING ── session.stop ──▶ STOPPED ── the same three ──▶ POLLING
 *
 * POLLING has two regions: `feed` listens to an agent that runs elsewhere, `turn` answers one message at a time. A turn never
 * stops the feed, and `ready` never stops polling. Children are promise actors, provided by the host; every effect beyond them is
 * the ordered action `closeRun`. Context and inputs are JSON, time comes in with events.
 */
import { assign, setup, type PromiseActorLogic } from 'xstate';

/** A stored message, and the trace id that names its turn and run: its own, or (of a `turn.request`) a new one. */
export type Trigger = { readonly offset: number; readonly traceId: string };

/** The turn under way. */
export type Turn = { readonly traceId: string; readonly triggerOffset: number; readonly attempt: number };

export type Failure = { readonly code: string; readonly message: string };

/** Where upstream's log was read up to. */
export type PollInput = {
  readonly sessionId: string;
  readonly upstreamOffset: number;
  readonly failures: number;
};

export type PollOutput =
  /** Stored already; the next poll asks from here. */
  | { readonly kind: 'events'; readonly upstreamOffset: number }
  | { readonly kind: 'timeout' }
  /** Passing: ask again at `retryAt`. */
  | { readonly kind: 'failed'; readonly error: Failure; readonly retryAt: number }
  /** Final: asking again is useless. */
  | { readonly kind: 'refused'; readonly error: Failure };

export type RunInput = { readonly sessionId: string; readonly turn: Turn };

export type RunOutput =
  /** Everything was said and `ready` is stored. */
  | { readonly kind: 'done' }
  /** Handed to upstream: the turn ends with upstream's `ready`. */
  | { readonly kind: 'forwarded' }
  /** Surely not with upstream: try again at `retryAt`. */
  | { readonly kind: 'unsent'; readonly retryAt: number }
  | { readonly kind: 'failed'; readonly error: Failure };

/** Why runs are closed. `upstreamStopped`: the feed ended for good while a turn was waiting for it. */
export type CloseReason = 'cancelled' | 'failed' | 'upstreamStopped';

export type CloseRunParams = {
  readonly sessionId: string;
  /** The turn under way, and with it those overtaken before they began. */
  readonly turns: readonly Turn[];
  readonly why: CloseReason;
  readonly error: Failure | null;
};

export type SessionInput = {
  readonly sessionId: string;
  readonly agentRuns: 'here' | 'upstream';
  readonly interruption: 'interrupt' | 'enqueue' | 'reject';
  readonly upstreamOffset: number;
};

type Context = SessionInput & {
  readonly turn: Turn | null;
  /** Messages that wait for their turn, oldest first. */
  readonly queue: readonly Trigger[];
  /** Offset of the newest trigger heard of: a message is heard once, however often it is told. */
  readonly heardOffset: number;
  readonly failures: number;
  /** When to poll again. */
  readonly retryAt: number;
  /** When to try to hand the message to upstream again. */
  readonly resendAt: number;
  /** Why the session was started or stopped. */
  readonly reason: string | null;
};

/** What the log says of a session that comes back to memory. */
export type RestoreFacts = {
  readonly lifecycle: 'NOT_STARTED' | 'POLLING' | 'STOPPED';
  readonly reason: string | null;
  /** The turn that was under way; it starts again as the next attempt. */
  readonly openTurn: Turn | null;
  readonly hadTurn: boolean;
  readonly heardOffset: number;
};

export type SessionMachineEvent =
  | { readonly type: 'session.start'; readonly reason: string | null }
  | { readonly type: 'session.stop'; readonly reason: string | null }
  | ({ readonly type: 'session.restore' } & RestoreFacts)
  | { readonly type: 'session.configured'; readonly interruption: Context['interruption'] }
  | ({ readonly type: 'message.received' } & Trigger)
  /** A turn without a message of its own: not stored before its run is. */
  | ({ readonly type: 'turn.request' } & Trigger)
  | { readonly type: 'turn.cancel'; readonly traceId: string | null }
  | { readonly type: 'status.processing'; readonly runId: string }
  | { readonly type: 'status.ready'; readonly runId: string };

/** A trigger becomes a turn. */
function toTurn({ offset, traceId }: Trigger): Turn {
  return { traceId, triggerOffset: offset, attempt: 1 };
}

/** While `responding` there is one: every way in assigns it. */
function currentTurn({ turn }: Context): Turn {
  return turn as Turn;
}

/** The turn under way and everything queued behind it. */
function everyTurn({ turn, queue }: Context): Turn[] {
  return turn ? [turn, ...queue.map(toTurn)] : queue.map(toTurn);
}

/** Neither under way nor waiting. */
function isUnknown({ turn, queue }: Context, traceId: string): boolean {
  return turn?.traceId !== traceId && !queue.some((trigger) => trigger.traceId === traceId);
}

export const sessionMachine = setup({
  types: {
    context: {} as Context,
    input: {} as SessionInput,
    events: {} as SessionMachineEvent,
    tags: {} as 'live' | 'polling' | 'busy',
  },
  actors: {} as {
    /** One long-poll of upstream; what it brought is stored before it resolves. */
    poll: PromiseActorLogic<PollOutput, PollInput>;
    /** Answers one turn. Fences are its host's business. */
    run: PromiseActorLogic<RunOutput, RunInput>;
    /** Resolves at an absolute time in ms. */
    waitUntil: PromiseActorLogic<void, { readonly at: number }>;
  },
  guards: {
    isUpstream: ({ context }) => context.agentRuns === 'upstream',
    isNewTrigger: ({ context }, { offset }: { offset: number }) => offset > context.heardOffset,
    isNewInterrupting: ({ context }, { offset }: { offset: number }) =>
      offset > context.heardOffset && context.interruption === 'interrupt',
    isNewRequest: ({ context }, { traceId }: { traceId: string }) => isUnknown(context, traceId),
    isNewInterruptingRequest: ({ context }, { traceId }: { traceId: string }) =>
      isUnknown(context, traceId) && context.interruption === 'interrupt',
    isThisTurn: ({ context }, { traceId }: { traceId: string | null }) =>
      traceId === null || context.turn?.traceId === traceId,
    isQueued: ({ context }, { traceId }: { traceId: string | null }) =>
      context.queue.some((trigger) => trigger.traceId === traceId),
    isUpstreamTurn: ({ context }, { runId }: { runId: string }) =>
      context.agentRuns === 'upstream' && context.turn?.traceId === runId,
    hasQueued: ({ context }) => context.queue.length > 0,
    hasEnded: (_, { kind }: PollOutput) => kind === 'refused',
    hasPassingFailure: (_, { kind }: PollOutput) => kind === 'failed',
    isTimeout: (_, { kind }: PollOutput) => kind === 'timeout',
    isForwarded: (_, { kind }: RunOutput) => kind === 'forwarded',
    isUnsent: (_, { kind }: RunOutput) => kind === 'unsent',
    isFailure: (_, { kind }: RunOutput) => kind === 'failed',
    wasStopped: (_, { lifecycle }: RestoreFacts) => lifecycle === 'STOPPED',
    wasPolling: (_, { lifecycle }: RestoreFacts) => lifecycle === 'POLLING',
    hasOpenTurn: (_, { openTurn }: RestoreFacts) => openTurn !== null,
    wasReady: (_, { lifecycle, hadTurn }: RestoreFacts) => lifecycle === 'POLLING' && hadTurn,
  },
  actions: {
    /** Provided by the host: fences the runs off and appends their closing events in one commit, in call order. */
    closeRun: (_, _params: CloseRunParams) => {},
    begin: assign(({ context }, { offset, traceId }: Trigger) => ({
      turn: { traceId, triggerOffset: offset, attempt: 1 },
      queue: [],
      heardOffset: Math.max(context.heardOffset, offset),
    })),
    enqueue: assign(({ context }, { offset, traceId }: Trigger) => ({
      queue: [...context.queue, { offset, traceId }],
      heardOffset: Math.max(context.heardOffset, offset),
    })),
    dequeue: assign(({ context }, { traceId }: { traceId: string | null }) => ({
      queue: context.queue.filter((trigger) => trigger.traceId !== traceId),
    })),
    beginNext: assign(({ context: { queue } }) => ({
      turn: queue[0] ? toTurn(queue[0]) : null,
      queue: queue.slice(1),
    })),
    endTurn: assign({ turn: null }),
    forgetTurns: assign({ turn: null, queue: [] }),
    keepReason: assign((_, { reason }: { reason: string | null }) => ({ reason })),
    configure: assign((_, { interruption }: { interruption: Context['interruption'] }) => ({ interruption })),
    recall: assign((_, { reason, heardOffset }: RestoreFacts) => ({ reason, heardOffset })),
    takeUpTurn: assign((_, { openTurn }: RestoreFacts) => ({
      turn: openTurn && { ...openTurn, attempt: openTurn.attempt + 1 },
    })),
    advance: assign(({ context }, output: PollOutput) => ({
      upstreamOffset: output.kind === 'events' ? output.upstreamOffset : context.upstreamOffset,
      failures: 0,
    })),
    planResend: assign(({ context }, output: RunOutput) => ({
      resendAt: output.kind === 'unsent' ? output.retryAt : context.resendAt,
    })),
    planRetry: assign(({ context }, output: PollOutput) => ({
      retryAt: output.kind === 'failed' ? output.retryAt : context.retryAt,
      failures: context.failures + 1,
    })),
  },
}).createMachine({
  id: 'session.v1',
  description: 'A conversation session: listening to its agent, and answering one message at a time.',
  context: ({ input }) => ({
    sessionId: input.sessionId,
    agentRuns: input.agentRuns,
    interruption: input.interruption,
    upstreamOffset: input.upstreamOffset,
    turn: null,
    queue: [],
    heardOffset: -1,
    failures: 0,
    retryAt: 0,
    resendAt: 0,
    reason: null,
  }),
  initial: 'NOT_STARTED',
  on: {
    'session.configured': { actions: { type: 'configure', params: ({ event }) => event } },
  },
  states: {
    NOT_STARTED: {
      description: 'Created; nobody has started it or written to it yet.',
      on: {
        'session.start': { target: 'POLLING', actions: { type: 'keepReason', params: ({ event }) => event } },
        'message.received': {
          target: '#responding',
          actions: { type: 'begin', params: ({ event }) => event },
        },
        'turn.request': {
          target: '#responding',
          actions: { type: 'begin', params: ({ event }) => event },
        },
        'session.restore': [
          {
            guard: { type: 'wasStopped', params: ({ event }) => event },
            target: 'STOPPED',
            actions: { type: 'recall', params: ({ event }) => event },
            description:
              'Coming back to memory is an event, never a rebuilt snapshot: so children start as always.',
          },
          {
            guard: { type: 'hasOpenTurn', params: ({ event }) => event },
            target: '#responding',
            actions: [
              { type: 'recall', params: ({ event }) => event },
              { type: 'takeUpTurn', params: ({ event }) => event },
            ],
            description: 'The process died in mid-turn: the run starts again as the next attempt.',
          },
          {
            guard: { type: 'wasReady', params: ({ event }) => event },
            target: '#ready',
            actions: { type: 'recall', params: ({ event }) => event },
          },
          {
            guard: { type: 'wasPolling', params: ({ event }) => event },
            target: 'POLLING',
            actions: { type: 'recall', params: ({ event }) => event },
          },
        ],
      },
    },
    POLLING: {
      tags: 'live',
      description: 'Started: the agent is listened to and messages are answered.',
      type: 'parallel',
      on: {
        'session.stop': {
          target: 'STOPPED',
          actions: [
            { type: 'keepReason', params: ({ event }) => event },
            {
              type: 'closeRun',
              params: ({ context }) => ({
                sessionId: context.sessionId,
                turns: everyTurn(context),
                why: 'cancelled',
                error: null,
              }),
            },
            'forgetTurns',
          ],
        },
      },
      states: {
        feed: {
          description: 'Where the agent is heard.',
          initial: 'local',
          states: {
            local: {
              description: 'The agent runs here: nothing to poll.',
              always: { guard: 'isUpstream', target: 'listening' },
            },
            listening: {
              tags: 'polling',
              description: 'One long-poll of upstream at a time, for the life of the session.',
              invoke: {
                id: 'poll',
                src: 'poll',
                input: ({ context }) => ({
                  sessionId: context.sessionId,
                  upstreamOffset: context.upstreamOffset,
                  failures: context.failures,
                }),
                onDone: [
                  {
                    guard: { type: 'hasEnded', params: ({ event }) => event.output },
                    target: '#stopped',
                    actions: [
                      {
                        type: 'keepReason',
                        params: ({ event }) => ({
                          reason: event.output.kind === 'refused' ? event.output.error.code : null,
                        }),
                      },
                      {
                        type: 'closeRun',
                        params: ({ context, event }) => ({
                          sessionId: context.sessionId,
                          turns: everyTurn(context),
                          why: 'upstreamStopped',
                          error: event.output.kind === 'refused' ? event.output.error : null,
                        }),
                      },
                      'forgetTurns',
                    ],
                    description: 'Upstream refuses us or has lost the session: asking again is useless.',
                  },
                  {
                    guard: { type: 'hasPassingFailure', params: ({ event }) => event.output },
                    target: 'backingOff',
                    actions: { type: 'planRetry', params: ({ event }) => event.output },
                  },
                  {
                    guard: { type: 'isTimeout', params: ({ event }) => event.output },
                    target: 'listening',
                    reenter: true,
                    actions: { type: 'advance', params: ({ event }) => event.output },
                    description: 'HTTP 504 upstream: nothing new. Normal, so asked again at once.',
                  },
                  {
                    target: 'listening',
                    reenter: true,
                    actions: { type: 'advance', params: ({ event }) => event.output },
                  },
                ],
              },
            },
            backingOff: {
              tags: 'polling',
              description: 'Upstream failed in passing: waits, then asks again from the same offset.',
              invoke: {
                id: 'wait',
                src: 'waitUntil',
                input: ({ context }) => ({ at: context.retryAt }),
                onDone: 'listening',
              },
            },
          },
        },
        turn: {
          description: 'One answer at a time.',
          initial: 'idle',
          states: {
            idle: {
              description: 'No message has asked for an answer yet.',
              on: {
                'message.received': {
                  guard: { type: 'isNewTrigger', params: ({ event }) => event },
                  target: 'responding',
                  actions: { type: 'begin', params: ({ event }) => event },
                },
                'turn.request': {
                  target: 'responding',
                  actions: { type: 'begin', params: ({ event }) => event },
                },
              },
            },
            responding: {
              id: 'responding',
              tags: 'busy',
              description: 'A run answers. Leaving this state fires its signal.',
              invoke: {
                id: 'run',
                src: 'run',
                input: ({ context }) => ({ sessionId: context.sessionId, turn: currentTurn(context) }),
                onDone: [
                  {
                    guard: { type: 'isFailure', params: ({ event }) => event.output },
                    target: 'ready',
                    actions: [
                      {
                        type: 'closeRun',
                        params: ({ context, event }) => ({
                          sessionId: context.sessionId,
                          turns: context.turn ? [context.turn] : [],
                          why: 'failed',
                          error: event.output.kind === 'failed' ? event.output.error : null,
                        }),
                      },
                      'endTurn',
                    ],
                  },
                  {
                    guard: { type: 'isForwarded', params: ({ event }) => event.output },
                    description: "Upstream answers: the turn ends with upstream's own `ready`.",
                  },
                  {
                    guard: { type: 'isUnsent', params: ({ event }) => event.output },
                    target: '.unsent',
                    actions: { type: 'planResend', params: ({ event }) => event.output },
                  },
                  { target: 'ready', actions: 'endTurn' },
                ],
                onError: {
                  target: 'ready',
                  actions: [
                    {
                      type: 'closeRun',
                      params: ({ context }) => ({
                        sessionId: context.sessionId,
                        turns: context.turn ? [context.turn] : [],
                        why: 'failed',
                        error: { code: 'INTERNAL', message: 'The run ended unexpectedly.' },
                      }),
                    },
                    'endTurn',
                  ],
                  description: 'A bug in the host: expected failures are outputs.',
                },
              },
              on: {
                'message.received': [
                  {
                    guard: { type: 'isNewInterrupting', params: ({ event }) => event },
                    target: 'responding',
                    reenter: true,
                    actions: [
                      {
                        type: 'closeRun',
                        params: ({ context }) => ({
                          sessionId: context.sessionId,
                          turns: everyTurn(context),
                          why: 'cancelled',
                          error: null,
                        }),
                      },
                      { type: 'begin', params: ({ event }) => event },
                    ],
                    description:
                      'Policy interrupt: the newest message is answered, what it overtook is closed first.',
                  },
                  {
                    guard: { type: 'isNewTrigger', params: ({ event }) => event },
                    actions: { type: 'enqueue', params: ({ event }) => event },
                    description: 'Policy enqueue. (Under reject the log has refused the message already.)',
                  },
                ],
                'turn.request': [
                  {
                    guard: { type: 'isNewInterruptingRequest', params: ({ event }) => event },
                    target: 'responding',
                    reenter: true,
                    actions: [
                      {
                        type: 'closeRun',
                        params: ({ context }) => ({
                          sessionId: context.sessionId,
                          turns: everyTurn(context),
                          why: 'cancelled',
                          error: null,
                        }),
                      },
                      { type: 'begin', params: ({ event }) => event },
                    ],
                    description: 'As a new message does.',
                  },
                  {
                    guard: { type: 'isNewRequest', params: ({ event }) => event },
                    actions: { type: 'enqueue', params: ({ event }) => event },
                  },
                ],
                'turn.cancel': [
                  {
                    guard: { type: 'isThisTurn', params: ({ event }) => event },
                    target: 'ready',
                    actions: [
                      {
                        type: 'closeRun',
                        params: ({ context }) => ({
                          sessionId: context.sessionId,
                          turns: context.turn ? [context.turn] : [],
                          why: 'cancelled',
                          error: null,
                        }),
                      },
                      'endTurn',
                    ],
                  },
                  {
                    guard: { type: 'isQueued', params: ({ event }) => event },
                    actions: [
                      {
                        type: 'closeRun',
                        params: ({ context, event }) => ({
                          sessionId: context.sessionId,
                          turns: context.queue.filter(({ traceId }) => traceId === event.traceId).map(toTurn),
                          why: 'cancelled',
                          error: null,
                        }),
                      },
                      { type: 'dequeue', params: ({ event }) => event },
                    ],
                    description: 'Named before its turn began: it never begins.',
                  },
                ],
                'status.ready': {
                  guard: { type: 'isUpstreamTurn', params: ({ event }) => event },
                  target: 'ready',
                  actions: 'endTurn',
                },
              },
              initial: 'acknowledged',
              states: {
                acknowledged: {
                  description: 'The message is heard.',
                  on: {
                    'status.processing': {
                      guard: { type: 'isThisTurn', params: ({ event }) => ({ traceId: event.runId }) },
                      target: 'processing',
                    },
                  },
                },
                processing: { description: 'The agent works on the answer.' },
                unsent: {
                  description:
                    'Upstream could not be reached and knows nothing of the message: waits, then tries again.',
                  invoke: {
                    id: 'rest',
                    src: 'waitUntil',
                    input: ({ context }) => ({ at: context.resendAt }),
                    onDone: { target: '#responding', reenter: true },
                  },
                },
              },
            },
            ready: {
              id: 'ready',
              description: 'The turn is over; polling goes on.',
              on: {
                'message.received': {
                  guard: { type: 'isNewTrigger', params: ({ event }) => event },
                  target: 'responding',
                  actions: { type: 'begin', params: ({ event }) => event },
                },
                'turn.request': {
                  target: 'responding',
                  actions: { type: 'begin', params: ({ event }) => event },
                },
              },
              always: {
                guard: 'hasQueued',
                target: 'responding',
                actions: 'beginNext',
                description: 'Policy enqueue: the oldest waiting message is next.',
              },
            },
          },
        },
      },
    },
    STOPPED: {
      id: 'stopped',
      description: 'Stopped by its user, its age or its upstream. A new message or a start brings it back.',
      on: {
        'session.start': { target: 'POLLING', actions: { type: 'keepReason', params: ({ event }) => event } },
        'message.received': {
          guard: { type: 'isNewTrigger', params: ({ event }) => event },
          target: '#responding',
          actions: { type: 'begin', params: ({ event }) => event },
        },
        'turn.request': {
          target: '#responding',
          actions: { type: 'begin', params: ({ event }) => event },
        },
      },
    },
  },
});
