/**
 * One turn of the embedded engine, from the message to `ready` and what is left to do then. It runs inside the session's child `run`.
 *
 *   loading ─▶ acknowledging ─▶ preparing ─▶ beginning ─▶ iterating ─▶ resolving ─▶ inferring ─▶ calling ─▶ tracking ─▶ answering ─▶ concluding
 *                                              ▲                                                               │
 *                                              └────────────────────────── not prepared ───────────────────────┘
 *
 * `iterating` has two regions: a few words to bridge the time, and the matching of guidelines. A turn can be cancelled until its answer
 * exists (`answering.sending`); from there on it is finished. What the stages find out is kept by their host: here are only the order,
 * the times and the counters. What the host emits is fenced in the log; this machine emits nothing itself.
 */
import { assign, raise, setup, type PromiseActorLogic } from 'xstate';

export type CycleInput = {
  readonly sessionId: string;
  /** The turn's trace id. */
  readonly runId: string;
  readonly attempt: number;
  /** How often guidelines are matched at most, because tools have brought something new. */
  readonly maxIterations: number;
};

export type CycleFailure = { readonly code: string; readonly message: string };

type Failed = { readonly kind: 'failed'; readonly error: CycleFailure };

/** `left`: a hook has taken the turn out of the agent's hands. */
export type CycleOutcome = 'completed' | 'manual' | 'left' | 'cancelled' | 'failed' | 'failedSilently';

export type CycleOutput = { readonly outcome: CycleOutcome; readonly error: CycleFailure | null };

type Context = CycleInput & {
  /** 1, 2 …; 0 before the first. */
  readonly iteration: number;
  /** When a few words are to bridge the time; null: not at all. */
  readonly preambleAt: number | null;
  /** When to say that guidelines are being looked at, after these words. */
  readonly interpretAt: number;
  /** When to say that it takes longer; null: never. */
  readonly thinkingAt: number | null;
  /** Whether a hook bailed out of these words. */
  readonly bridge: 'open' | 'bailed';
  readonly outcome: CycleOutcome;
  readonly error: CycleFailure | null;
};

type StageInput = { readonly runId: string; readonly iteration: number };

export type BeginOutput =
  | { readonly kind: 'go'; readonly preambleAt: number | null }
  | { readonly kind: 'bailed' }
  | Failed;

export type CycleEvent =
  | { readonly type: 'turn.cancel' }
  /** From the host: its time is over, also for what is left to do behind `ready`. */
  | { readonly type: 'turn.abandon' }
  /** From the host: the text of the answer is there. */
  | { readonly type: 'answer.exists' }
  /** Raised by the machine: the bridge is done, so that matching may be said to take long. */
  | { readonly type: 'bridge.over' };

export const engineCycleMachine = setup({
  types: {
    context: {} as Context,
    input: {} as CycleInput,
    output: {} as CycleOutput,
    events: {} as CycleEvent,
    tags: {} as 'over',
  },
  actors: {} as {
    /** Reads agent, session, customer, events and what the agent remembers. */
    load: PromiseActorLogic<{ readonly kind: 'ready' } | { readonly kind: 'manual' } | Failed, StageInput>;
    /** `acknowledged`, between its two hooks. */
    acknowledge: PromiseActorLogic<
      { readonly kind: 'done' } | { readonly kind: 'bailed' } | Failed,
      StageInput
    >;
    /** Variables, terms, capabilities; then the hook. */
    prepare: PromiseActorLogic<{ readonly kind: 'done' } | { readonly kind: 'bailed' } | Failed, StageInput>;
    /** The hook of an iteration, and whether it begins with a few words. */
    beginIteration: PromiseActorLogic<BeginOutput, StageInput>;
    speakPreamble: PromiseActorLogic<
      { readonly kind: 'said'; readonly interpretAt: number } | { readonly kind: 'bailed' } | Failed,
      StageInput
    >;
    announceInterpreting: PromiseActorLogic<
      { readonly kind: 'done'; readonly thinkingAt: number | null } | Failed,
      StageInput
    >;
    announceThinking: PromiseActorLogic<{ readonly kind: 'done' } | Failed, StageInput>;
    /** Which guidelines apply, and which journeys they activate. */
    match: PromiseActorLogic<{ readonly kind: 'done' } | Failed, StageInput>;
    /** What follows from what; whether there are tools to consider. */
    resolve: PromiseActorLogic<{ readonly kind: 'tools' } | { readonly kind: 'done' } | Failed, StageInput>;
    /** Which tools to call. */
    infer: PromiseActorLogic<{ readonly kind: 'calls' } | { readonly kind: 'done' } | Failed, StageInput>;
    /** Calls them. */
    call: PromiseActorLogic<{ readonly kind: 'done' } | Failed, StageInput>;
    /** Where the journeys stand now; whether to look again. */
    track: PromiseActorLogic<{ readonly kind: 'again' } | { readonly kind: 'prepared' } | Failed, StageInput>;
    /** Makes the answer and sends it. */
    answer: PromiseActorLogic<{ readonly kind: 'done' } | { readonly kind: 'bailed' } | Failed, StageInput>;
    /** The last of the answer, and `ready`. */
    conclude: PromiseActorLogic<{ readonly kind: 'done' } | Failed, StageInput>;
    /** What was followed, what to remember; the last hooks. */
    analyse: PromiseActorLogic<{ readonly kind: 'done' } | Failed, StageInput>;
    /** The hook for failures. */
    fail: PromiseActorLogic<
      { readonly kind: 'told' } | { readonly kind: 'silent' },
      StageInput & { readonly error: CycleFailure | null }
    >;
    /** Resolves at an absolute time in ms. */
    waitUntil: PromiseActorLogic<void, { readonly at: number }>;
  },
  guards: {
    isManual: (_, { kind }: { kind: string }) => kind === 'manual',
    hasFailed: (_, { kind }: { kind: string }) => kind === 'failed',
    hasBailed: (_, { kind }: { kind: string }) => kind === 'bailed',
    hasTools: (_, { kind }: { kind: string }) => kind === 'tools',
    hasCalls: (_, { kind }: { kind: string }) => kind === 'calls',
    isNotPrepared: (_, { kind }: { kind: string }) => kind === 'again',
    isSilent: (_, { kind }: { kind: string }) => kind === 'silent',
    bridgesTime: ({ context }) => context.preambleAt !== null,
    isBridgeBailed: ({ context }) => context.bridge === 'bailed',
    tellsThinking: ({ context }) => context.thinkingAt !== null,
  },
  actions: {
    countIteration: assign({ iteration: ({ context }) => context.iteration + 1 }),
    planPreamble: assign((_, output: BeginOutput) => ({
      preambleAt: output.kind === 'go' ? output.preambleAt : null,
      thinkingAt: null,
    })),
    planInterpreting: assign((_, output: { kind: string; interpretAt?: number }) => ({
      interpretAt: output.interpretAt ?? 0,
    })),
    planThinking: assign((_, output: { kind: string; thinkingAt?: number | null }) => ({
      thinkingAt: output.thinkingAt ?? null,
    })),
    endBridge: raise({ type: 'bridge.over' }),
    bailBridge: assign({ bridge: 'bailed' as const }),
    keepError: assign((_, output: { kind: string; error?: CycleFailure }) => ({
      error: output.error ?? null,
    })),
    keepUnexpected: assign(() => ({
      error: { code: 'INTERNAL', message: 'A stage of the turn ended unexpectedly.' },
    })),
    settle: assign((_, { outcome }: { outcome: CycleOutcome }) => ({ outcome })),
  },
}).createMachine({
  id: 'engine-cycle.v1',
  description: 'One turn of the embedded engine.',
  context: ({ input }) => ({
    sessionId: input.sessionId,
    runId: input.runId,
    attempt: input.attempt,
    maxIterations: input.maxIterations,
    iteration: 0,
    preambleAt: null,
    interpretAt: 0,
    thinkingAt: null,
    bridge: 'open',
    outcome: 'completed',
    error: null,
  }),
  output: ({ context }) => ({ outcome: context.outcome, error: context.error }),
  initial: 'loading',
  on: {
    'turn.cancel': {
      target: '.cancelled',
      actions: { type: 'settle', params: { outcome: 'cancelled' } },
      description: 'Until the answer exists. Whoever cancels closes the run in the log.',
    },
    'turn.abandon': {
      target: '.cancelled',
      actions: { type: 'settle', params: { outcome: 'cancelled' } },
    },
  },
  states: {
    loading: {
      description: 'Reads what the turn begins with.',
      invoke: {
        id: 'load',
        src: 'load',
        input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
        onDone: [
          {
            guard: { type: 'isManual', params: ({ event }) => event.output },
            target: 'done',
            actions: { type: 'settle', params: { outcome: 'manual' } },
            description:
              'A person has taken the session over: the agent says nothing, not even that it heard.',
          },
          {
            guard: { type: 'hasFailed', params: ({ event }) => event.output },
            target: 'failing',
            actions: { type: 'keepError', params: ({ event }) => event.output },
          },
          { target: 'acknowledging' },
        ],
        onError: { target: 'failing', actions: 'keepUnexpected' },
      },
    },
    acknowledging: {
      description: 'Says that the message was heard.',
      invoke: {
        id: 'acknowledge',
        src: 'acknowledge',
        input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
        onDone: [
          {
            guard: { type: 'hasBailed', params: ({ event }) => event.output },
            target: 'done',
            actions: { type: 'settle', params: { outcome: 'left' } },
          },
          {
            guard: { type: 'hasFailed', params: ({ event }) => event.output },
            target: 'failing',
            actions: { type: 'keepError', params: ({ event }) => event.output },
          },
          { target: 'preparing' },
        ],
        onError: { target: 'failing', actions: 'keepUnexpected' },
      },
    },
    preparing: {
      description: 'Gets together what the agent knows of the customer and the matter.',
      invoke: {
        id: 'prepare',
        src: 'prepare',
        input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
        onDone: [
          {
            guard: { type: 'hasBailed', params: ({ event }) => event.output },
            target: 'done',
            actions: { type: 'settle', params: { outcome: 'left' } },
          },
          {
            guard: { type: 'hasFailed', params: ({ event }) => event.output },
            target: 'failing',
            actions: { type: 'keepError', params: ({ event }) => event.output },
          },
          { target: 'beginning', actions: 'countIteration' },
        ],
        onError: { target: 'failing', actions: 'keepUnexpected' },
      },
    },
    beginning: {
      description: 'An iteration begins, unless a hook says that enough is known.',
      invoke: {
        id: 'beginIteration',
        src: 'beginIteration',
        input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
        onDone: [
          { guard: { type: 'hasBailed', params: ({ event }) => event.output }, target: 'answering' },
          {
            guard: { type: 'hasFailed', params: ({ event }) => event.output },
            target: 'failing',
            actions: { type: 'keepError', params: ({ event }) => event.output },
          },
          {
            target: 'iterating',
            actions: { type: 'planPreamble', params: ({ event }) => event.output },
          },
        ],
        onError: { target: 'failing', actions: 'keepUnexpected' },
      },
    },
    iterating: {
      description: 'Looks which guidelines apply, and meanwhile bridges the time.',
      type: 'parallel',
      states: {
        bridging: {
          description: 'What the customer hears meanwhile.',
          initial: 'deciding',
          states: {
            deciding: {
              description: 'A few words first, or only the status.',
              always: [{ guard: 'bridgesTime', target: 'waiting' }, { target: 'announcing' }],
            },
            waiting: {
              description: 'Nobody answers in the same moment.',
              invoke: {
                id: 'waitForPreamble',
                src: 'waitUntil',
                input: ({ context }) => ({ at: context.preambleAt ?? 0 }),
                onDone: 'speaking',
              },
            },
            speaking: {
              description: 'Says a few words that promise an answer.',
              invoke: {
                id: 'speakPreamble',
                src: 'speakPreamble',
                input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
                onDone: [
                  {
                    guard: { type: 'hasBailed', params: ({ event }) => event.output },
                    target: 'over',
                    actions: 'bailBridge',
                    description: 'The turn ends when matching has.',
                  },
                  {
                    guard: { type: 'hasFailed', params: ({ event }) => event.output },
                    target: '#failing',
                    actions: { type: 'keepError', params: ({ event }) => event.output },
                  },
                  {
                    target: 'resting',
                    actions: { type: 'planInterpreting', params: ({ event }) => event.output },
                  },
                ],
                onError: { target: '#failing', actions: 'keepUnexpected' },
              },
            },
            resting: {
              description: 'A moment between the words and the status.',
              invoke: {
                id: 'waitForInterpreting',
                src: 'waitUntil',
                input: ({ context }) => ({ at: context.interpretAt }),
                onDone: 'announcing',
              },
            },
            announcing: {
              description: 'Says that it is looking.',
              invoke: {
                id: 'announceInterpreting',
                src: 'announceInterpreting',
                input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
                onDone: [
                  {
                    guard: { type: 'hasFailed', params: ({ event }) => event.output },
                    target: '#failing',
                    actions: { type: 'keepError', params: ({ event }) => event.output },
                  },
                  {
                    target: 'over',
                    actions: [{ type: 'planThinking', params: ({ event }) => event.output }, 'endBridge'],
                  },
                ],
                onError: { target: '#failing', actions: 'keepUnexpected' },
              },
            },
            over: { type: 'final', description: 'Nothing more to hear before there is something to say.' },
          },
        },
        matching: {
          description: 'Which guidelines apply.',
          initial: 'working',
          states: {
            working: {
              description: 'Asks, in batches at the same time.',
              invoke: {
                id: 'match',
                src: 'match',
                input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
                onDone: [
                  {
                    guard: { type: 'hasFailed', params: ({ event }) => event.output },
                    target: '#failing',
                    actions: { type: 'keepError', params: ({ event }) => event.output },
                    description: 'At once: a failure does not wait for the bridge.',
                  },
                  { target: 'over' },
                ],
                onError: { target: '#failing', actions: 'keepUnexpected' },
              },
              initial: 'busy',
              states: {
                busy: {
                  description: 'Not for long yet.',
                  on: { 'bridge.over': { guard: 'tellsThinking', target: 'patient' } },
                },
                patient: {
                  description: 'The customer has heard the last status.',
                  invoke: {
                    id: 'waitForThinking',
                    src: 'waitUntil',
                    input: ({ context }) => ({ at: context.thinkingAt ?? 0 }),
                    onDone: 'thinking',
                  },
                },
                thinking: {
                  description: 'Says once that it takes longer.',
                  invoke: {
                    id: 'announceThinking',
                    src: 'announceThinking',
                    input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
                    onError: { target: '#failing', actions: 'keepUnexpected' },
                  },
                },
              },
            },
            over: { type: 'final', description: 'It is known which guidelines apply.' },
          },
        },
      },
      onDone: [
        {
          guard: 'isBridgeBailed',
          target: 'done',
          actions: { type: 'settle', params: { outcome: 'left' } },
        },
        { target: 'resolving' },
      ],
    },
    resolving: {
      description: 'What follows from what applies: relationships, journeys, tools.',
      invoke: {
        id: 'resolve',
        src: 'resolve',
        input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
        onDone: [
          { guard: { type: 'hasTools', params: ({ event }) => event.output }, target: 'inferring' },
          {
            guard: { type: 'hasFailed', params: ({ event }) => event.output },
            target: 'failing',
            actions: { type: 'keepError', params: ({ event }) => event.output },
          },
          { target: 'tracking' },
        ],
        onError: { target: 'failing', actions: 'keepUnexpected' },
      },
    },
    inferring: {
      description: 'Which tools to call, with what.',
      invoke: {
        id: 'infer',
        src: 'infer',
        input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
        onDone: [
          { guard: { type: 'hasCalls', params: ({ event }) => event.output }, target: 'calling' },
          {
            guard: { type: 'hasFailed', params: ({ event }) => event.output },
            target: 'failing',
            actions: { type: 'keepError', params: ({ event }) => event.output },
          },
          { target: 'tracking' },
        ],
        onError: { target: 'failing', actions: 'keepUnexpected' },
      },
    },
    calling: {
      description:
        'Calls them, all at once. What a call of consequence is about is on disk before it is made.',
      invoke: {
        id: 'call',
        src: 'call',
        input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
        onDone: [
          {
            guard: { type: 'hasFailed', params: ({ event }) => event.output },
            target: 'failing',
            actions: { type: 'keepError', params: ({ event }) => event.output },
          },
          { target: 'tracking' },
        ],
        onError: { target: 'failing', actions: 'keepUnexpected' },
      },
    },
    tracking: {
      description: 'Where the journeys stand, and whether what was learned must be looked at.',
      invoke: {
        id: 'track',
        src: 'track',
        input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
        onDone: [
          {
            guard: { type: 'isNotPrepared', params: ({ event }) => event.output },
            target: 'beginning',
            actions: 'countIteration',
            description: 'A tool has run, or a journey goes on: guidelines are looked at again.',
          },
          {
            guard: { type: 'hasFailed', params: ({ event }) => event.output },
            target: 'failing',
            actions: { type: 'keepError', params: ({ event }) => event.output },
          },
          { target: 'answering' },
        ],
        onError: { target: 'failing', actions: 'keepUnexpected' },
      },
    },
    answering: {
      description: 'Makes the answer and sends it.',
      invoke: {
        id: 'answer',
        src: 'answer',
        input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
        onDone: [
          {
            guard: { type: 'hasBailed', params: ({ event }) => event.output },
            target: 'done',
            actions: { type: 'settle', params: { outcome: 'left' } },
          },
          {
            guard: { type: 'hasFailed', params: ({ event }) => event.output },
            target: 'failing',
            actions: { type: 'keepError', params: ({ event }) => event.output },
          },
          { target: 'concluding' },
        ],
        onError: { target: 'failing', actions: 'keepUnexpected' },
      },
      initial: 'composing',
      states: {
        composing: {
          description: 'There is no text yet: it can still be cancelled.',
          on: { 'answer.exists': 'sending' },
        },
        sending: {
          description: 'There is a text: it is sent, whatever comes.',
          on: { 'turn.cancel': { description: 'Too late: whoever cancels appends the rest.' } },
        },
      },
    },
    concluding: {
      description: 'The last of the answer, and `ready`, in one commit.',
      invoke: {
        id: 'conclude',
        src: 'conclude',
        input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
        onDone: [
          {
            guard: { type: 'hasFailed', params: ({ event }) => event.output },
            target: 'failing',
            actions: { type: 'keepError', params: ({ event }) => event.output },
          },
          { target: 'analysing' },
        ],
        onError: { target: 'failing', actions: 'keepUnexpected' },
      },
      on: { 'turn.cancel': { description: 'As above.' } },
    },
    analysing: {
      tags: 'over',
      description: 'For the customer the turn is over. What was followed, and what to remember.',
      invoke: {
        id: 'analyse',
        src: 'analyse',
        input: ({ context }) => ({ runId: context.runId, iteration: context.iteration }),
        onDone: [
          {
            guard: { type: 'hasFailed', params: ({ event }) => event.output },
            target: 'failing',
            actions: { type: 'keepError', params: ({ event }) => event.output },
          },
          { target: 'done' },
        ],
        onError: { target: 'failing', actions: 'keepUnexpected' },
      },
      on: { 'turn.cancel': { description: 'As above.' } },
    },
    failing: {
      id: 'failing',
      description: 'A stage has failed: the hook for that decides whether anybody hears of it.',
      invoke: {
        id: 'fail',
        src: 'fail',
        input: ({ context }) => ({
          runId: context.runId,
          iteration: context.iteration,
          error: context.error,
        }),
        onDone: [
          {
            guard: { type: 'isSilent', params: ({ event }) => event.output },
            target: 'done',
            actions: { type: 'settle', params: { outcome: 'failedSilently' } },
          },
          { target: 'done', actions: { type: 'settle', params: { outcome: 'failed' } } },
        ],
        onError: { target: 'done', actions: { type: 'settle', params: { outcome: 'failed' } } },
      },
      on: { 'turn.cancel': { description: 'It is over already.' } },
    },
    cancelled: { type: 'final', description: 'Given up before there was an answer.' },
    done: { type: 'final', description: 'Over, one way or another: `outcome` says which.' },
  },
});
