/**
 * The voice side of a session: from the call for an agent until the agent says that it is ready, or too late; then until it is over.
 *
 *   created ── session.start ──▶ awaited ── agent.ready ──▶ ready ──▶ closing ─▶ ended
 *
 *   awaited   starting { pending ─▶ dispatched ─▶ connecting } ── deadline ──▶ checking ── not ready ──▶ failing ─▶ failed
 *
 * Nobody polls for the agent: it reports by itself, and the one deadline covers everything before `ready`. Every change of the public
 * status (`pending dispatched connecting ready failed ended`) is the ordered action `append`; `checking` is not one of them.
 */
import { setup, type PromiseActorLogic } from 'xstate';

export type VoiceStatus = 'pending' | 'dispatched' | 'connecting' | 'ready' | 'failed' | 'ended';

/** Why a session has failed. `reason`: what a look at the room found when the deadline had passed. */
export type VoiceFailure = {
  readonly code: string;
  readonly reason: string | null;
  readonly message: string | null;
};

export type DispatchOutput =
  | { readonly kind: 'dispatched' }
  | { readonly kind: 'failed'; readonly failure: VoiceFailure };

export type ProbeOutput =
  /** It had said so, and the message was lost. */
  | { readonly kind: 'ready'; readonly readyAt: number }
  | { readonly kind: 'late'; readonly failure: VoiceFailure };

/** A new public status, to be stored. */
export type AppendParams = {
  readonly sessionId: string;
  readonly to: VoiceStatus;
  /** ms since 1970; only of `ready`. */
  readonly readyAt: number | null;
  /** Only of `failed`. */
  readonly failure: VoiceFailure | null;
};

export type VoiceSessionInput = {
  readonly sessionId: string;
  /** ms since 1970: when the agent must have been ready. */
  readonly deadlineAt: number;
};

export type VoiceSessionEvent =
  | { readonly type: 'session.start' }
  | { readonly type: 'session.stop' }
  /** Comes back to memory; `status` is what the log says. */
  | { readonly type: 'session.restore'; readonly status: VoiceStatus }
  | { readonly type: 'agent.joined' }
  | { readonly type: 'agent.ready'; readonly readyAt: number }
  | { readonly type: 'agent.failed'; readonly failure: VoiceFailure }
  | { readonly type: 'agent.left' }
  | { readonly type: 'room.finished' };

type Stored = { readonly status: VoiceStatus };

function toStatus({ sessionId }: VoiceSessionInput, to: VoiceStatus): AppendParams {
  return { sessionId, to, readyAt: null, failure: null };
}

function toReady({ sessionId }: VoiceSessionInput, readyAt: number): AppendParams {
  return { sessionId, to: 'ready', readyAt, failure: null };
}

function toFailed({ sessionId }: VoiceSessionInput, failure: VoiceFailure): AppendParams {
  return { sessionId, to: 'failed', readyAt: null, failure };
}

function failure(code: string): VoiceFailure {
  return { code, reason: null, message: null };
}

/** A bug in the host: expected failures are outputs. */
const internalError: VoiceFailure = {
  code: 'internal_error',
  reason: null,
  message: 'The server failed; its log says how.',
};

/** Of an output that is a failure: the guards before have taken the others. */
function failureOf(output: DispatchOutput | ProbeOutput): VoiceFailure {
  return 'failure' in output ? output.failure : internalError;
}

/** Of an output that is `ready`, as above. */
function readyAtOf(output: ProbeOutput): number {
  return output.kind === 'ready' ? output.readyAt : 0;
}

export const voiceSessionMachine = setup({
  types: {
    context: {} as VoiceSessionInput,
    input: {} as VoiceSessionInput,
    events: {} as VoiceSessionEvent,
    tags: {} as 'over',
  },
  actors: {} as {
    /** Makes the room and calls an agent into it. A second time it finds what the first has made. */
    dispatchAgent: PromiseActorLogic<DispatchOutput, { readonly sessionId: string }>;
    /** One look at the room. */
    probeRoom: PromiseActorLogic<ProbeOutput, { readonly sessionId: string }>;
    /** Throws everybody out. A room that is gone is removed. */
    removeRoom: PromiseActorLogic<void, { readonly sessionId: string }>;
    /** Resolves at an absolute time in ms. */
    waitUntil: PromiseActorLogic<void, { readonly at: number }>;
  },
  guards: {
    isDispatched: (_, { kind }: DispatchOutput) => kind === 'dispatched',
    isReady: (_, { kind }: ProbeOutput) => kind === 'ready',
    wasDispatched: (_, { status }: Stored) => status === 'dispatched',
    wasConnecting: (_, { status }: Stored) => status === 'connecting',
    wasReady: (_, { status }: Stored) => status === 'ready',
    wasFailed: (_, { status }: Stored) => status === 'failed',
    wasEnded: (_, { status }: Stored) => status === 'ended',
  },
  actions: {
    /** Provided by the host: stores the new status, in call order. */
    append: (_, _params: AppendParams) => {},
  },
}).createMachine({
  id: 'voice-session.v1',
  description:
    'A voice session: an agent is called into a room, says when it is ready, and talks until one of them leaves.',
  context: ({ input }) => ({ sessionId: input.sessionId, deadlineAt: input.deadlineAt }),
  initial: 'created',
  states: {
    created: {
      description: 'In memory; nothing is asked of LiveKit yet.',
      on: {
        'session.start': 'awaited',
        'session.restore': [
          {
            guard: { type: 'wasDispatched', params: ({ event }) => event },
            target: '#dispatched',
            description:
              'Coming back to memory is an event: the deadline is waited for again, or has passed.',
          },
          { guard: { type: 'wasConnecting', params: ({ event }) => event }, target: '#connecting' },
          { guard: { type: 'wasReady', params: ({ event }) => event }, target: 'ready' },
          {
            guard: { type: 'wasFailed', params: ({ event }) => event },
            target: 'failing',
            description: 'The process died before the room was surely removed.',
          },
          {
            guard: { type: 'wasEnded', params: ({ event }) => event },
            target: 'closing',
            description: 'As above.',
          },
          { target: 'awaited', description: 'It was pending: what was made of the room is found again.' },
        ],
      },
    },
    awaited: {
      description: 'Until the agent says that it is ready, or is too late. No request waits for this.',
      on: {
        'agent.ready': {
          target: 'ready',
          actions: { type: 'append', params: ({ context, event }) => toReady(context, event.readyAt) },
          description: 'In every state of it: what the agent says may overtake what LiveKit answers.',
        },
        'agent.failed': {
          target: 'failing',
          actions: { type: 'append', params: ({ context, event }) => toFailed(context, event.failure) },
        },
        'agent.left': {
          target: 'failing',
          actions: { type: 'append', params: ({ context }) => toFailed(context, failure('agent_left')) },
        },
        'room.finished': {
          target: 'failing',
          actions: { type: 'append', params: ({ context }) => toFailed(context, failure('room_finished')) },
        },
        'session.stop': {
          target: 'closing',
          actions: { type: 'append', params: ({ context }) => toStatus(context, 'ended') },
        },
      },
      initial: 'starting',
      states: {
        starting: {
          description: 'Before the deadline.',
          invoke: {
            id: 'deadline',
            src: 'waitUntil',
            input: ({ context }) => ({ at: context.deadlineAt }),
            onDone: 'checking',
          },
          initial: 'pending',
          states: {
            pending: {
              description: 'The room is made and an agent called into it.',
              invoke: {
                id: 'dispatch',
                src: 'dispatchAgent',
                input: ({ context }) => ({ sessionId: context.sessionId }),
                onDone: [
                  {
                    guard: { type: 'isDispatched', params: ({ event }) => event.output },
                    target: 'dispatched',
                    actions: { type: 'append', params: ({ context }) => toStatus(context, 'dispatched') },
                  },
                  {
                    target: '#failing',
                    actions: {
                      type: 'append',
                      params: ({ context, event }) => toFailed(context, failureOf(event.output)),
                    },
                    description: 'Not tried again: who called sees at once what is wrong.',
                  },
                ],
                onError: {
                  target: '#failing',
                  actions: { type: 'append', params: ({ context }) => toFailed(context, internalError) },
                  description: 'A bug in the host: expected failures are outputs.',
                },
              },
              on: {
                'agent.joined': {
                  target: 'connecting',
                  actions: { type: 'append', params: ({ context }) => toStatus(context, 'connecting') },
                },
              },
            },
            dispatched: {
              id: 'dispatched',
              description: 'Both calls were accepted. That a worker takes the job is hoped for, not known.',
              on: {
                'agent.joined': {
                  target: 'connecting',
                  actions: { type: 'append', params: ({ context }) => toStatus(context, 'connecting') },
                },
              },
            },
            connecting: { id: 'connecting', description: 'The agent is in the room and prepares itself.' },
          },
        },
        checking: {
          description: 'The deadline has passed: one look at the room says why, or that a message was lost.',
          invoke: {
            id: 'probe',
            src: 'probeRoom',
            input: ({ context }) => ({ sessionId: context.sessionId }),
            onDone: [
              {
                guard: { type: 'isReady', params: ({ event }) => event.output },
                target: '#ready',
                actions: {
                  type: 'append',
                  params: ({ context, event }) => toReady(context, readyAtOf(event.output)),
                },
              },
              {
                target: '#failing',
                actions: {
                  type: 'append',
                  params: ({ context, event }) => toFailed(context, failureOf(event.output)),
                },
              },
            ],
            onError: {
              target: '#failing',
              actions: { type: 'append', params: ({ context }) => toFailed(context, internalError) },
              description: 'A bug in the host: expected failures are outputs.',
            },
          },
        },
      },
    },
    ready: {
      id: 'ready',
      description: 'The greeting was spoken: the user may talk. No deadline any more.',
      on: {
        'agent.left': {
          target: 'closing',
          actions: { type: 'append', params: ({ context }) => toStatus(context, 'ended') },
        },
        'agent.failed': {
          target: 'closing',
          actions: { type: 'append', params: ({ context }) => toStatus(context, 'ended') },
        },
        'room.finished': {
          target: 'ended',
          actions: { type: 'append', params: ({ context }) => toStatus(context, 'ended') },
        },
        'session.stop': {
          target: 'closing',
          actions: { type: 'append', params: ({ context }) => toStatus(context, 'ended') },
        },
      },
    },
    closing: {
      tags: 'over',
      description: 'Ended; whoever is still in the room is thrown out.',
      invoke: {
        id: 'close',
        src: 'removeRoom',
        input: ({ context }) => ({ sessionId: context.sessionId }),
        onDone: 'ended',
        onError: 'ended',
      },
    },
    failing: {
      id: 'failing',
      tags: 'over',
      description: 'Failed; the room is removed, so that a late or half-started agent does not stay.',
      invoke: {
        id: 'cleanUp',
        src: 'removeRoom',
        input: ({ context }) => ({ sessionId: context.sessionId }),
        onDone: 'failed',
        onError: 'failed',
      },
    },
    failed: { tags: 'over', description: 'It never became ready.', type: 'final' },
    ended: { tags: 'over', description: 'It was stopped, or its agent or its room is gone.', type: 'final' },
  },
});
