/** The lifecycle of a session: start, stop, cancel, and where its statechart stands. The commands are idempotent. */
import { z } from 'zod';
import type { EventLog } from '../event-log/event-log.ts';
import type { JsonObject } from '../event-log/event.ts';
import type { Sessions, SessionState } from '../session/sessions.ts';
import { sessionRoute, type Answer, type Route, type SessionRouteRequest } from './route.ts';
import { wholeNumber } from './schemas/common.ts';
import { sessionStateSchema, toStateJson } from './schemas/session.ts';

export type LifecycleDeps = {
  readonly sessions: Pick<Sessions, 'start' | 'stop' | 'cancel' | 'stateOf'>;
  readonly log: Pick<EventLog, 'append'>;
};

export function lifecycleRoutes(deps: LifecycleDeps): readonly Route[] {
  return [startSession(deps), stopSession(deps), cancelTurn(deps), readState(deps)];
}

const command = {
  method: 'post',
  operation: 'start, stop or cancel',
  tag: 'Lifecycle',
  idempotent: true,
  answers: { 202: { description: 'The state after the command.', schema: sessionStateSchema } },
} as const;

function startSession({ sessions, log }: LifecycleDeps): Route {
  return sessionRoute({
    ...command,
    path: '/sessions/{session_id}/start',
    summary: 'Start listening',
    description: 'NOT_STARTED or STOPPED becomes POLLING. A message does the same.',
    handle: async (request) => accept(log, request, await sessions.start(request.session.id)),
  });
}

function stopSession({ sessions, log }: LifecycleDeps): Route {
  return sessionRoute({
    ...command,
    path: '/sessions/{session_id}/stop',
    summary: 'Stop the session',
    description: 'Cancels the turn under way. Streams stay open; the next message starts it again.',
    handle: async (request) => accept(log, request, await sessions.stop(request.session.id)),
  });
}

function cancelTurn({ sessions, log }: LifecycleDeps): Route {
  return sessionRoute({
    ...command,
    path: '/sessions/{session_id}/cancel',
    summary: 'Cancel a turn',
    description: 'The turn under way, or the one named. Without effect when there is none.',
    body: z
      .object({ trace_id: z.string().min(1).max(200).nullish() })
      .optional()
      .meta({ description: 'Which turn is meant; absent: whichever is under way.' }),
    errors: ['TURN_NOT_FOUND', 'TURN_OVER'],
    async handle(request) {
      const traceId = request.body?.trace_id;
      return accept(log, request, await sessions.cancel(request.session.id, traceId ? { traceId } : {}));
    },
  });
}

/** The receipt comes behind the effect, which a repeat in between would only have again: a state that is reached already. */
async function accept(
  log: Pick<EventLog, 'append'>,
  { session, receiptKey }: Pick<SessionRouteRequest<unknown, unknown>, 'session' | 'receiptKey'>,
  state: SessionState,
): Promise<Answer> {
  const answer = { status: 202, body: toStateJson(state) };
  if (receiptKey) {
    const result = () => answer as JsonObject; // the state is JSON, made of XState's
    await log.append(session.id, [], { receipt: { ...receiptKey, result } });
  }
  return answer;
}

function readState({ sessions }: LifecycleDeps): Route {
  return sessionRoute({
    method: 'get',
    path: '/sessions/{session_id}/state',
    operation: 'read a session',
    tag: 'Lifecycle',
    summary: 'Where the statechart stands',
    query: z.object({
      at: wholeNumber({ min: 0 })
        .optional()
        .meta({ description: 'As it was when the event of this offset had just been stored.' }),
    }),
    answers: { 200: { description: 'The state.', schema: sessionStateSchema } },
    errors: ['OFFSET_BEYOND_END'],
    async handle({ session, query: { at } }) {
      const state = await sessions.stateOf(session.id, at === undefined ? {} : { at });
      return { status: 200, body: toStateJson(state) };
    },
  });
}
