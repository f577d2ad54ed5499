/** The lifecycle of a session: start, stop, cancel, and where its statechart stands. The commands are idempotent. */
import { z } from 'zod';
import type { Sessions } from '../session/sessions.ts';
import { sessionRoute, type Route } from './route.ts';
import { wholeNumber } from './schemas/common.ts';
import { sessionStateSchema, toStateJson } from './schemas/session.ts';

export type LifecycleDeps = { readonly sessions: Pick<Sessions, 'start' | 'stop' | 'cancel' | 'stateOf'> };

const accepted = { 202: { description: 'The state after the command.', schema: sessionStateSchema } };

export function lifecycleRoutes({ sessions }: LifecycleDeps): readonly Route[] {
  return [
    sessionRoute({
      method: 'post',
      path: '/sessions/{session_id}/start',
      operation: 'start, stop or cancel',
      tag: 'Lifecycle',
      summary: 'Start listening',
      description: 'NOT_STARTED or STOPPED becomes POLLING. A message does the same.',
      answers: accepted,
      handle: async ({ session }) => ({ status: 202, body: toStateJson(await sessions.start(session.id)) }),
    }),
    sessionRoute({
      method: 'post',
      path: '/sessions/{session_id}/stop',
      operation: 'start, stop or cancel',
      tag: 'Lifecycle',
      summary: 'Stop the session',
      description: 'Cancels the turn under way. Streams stay open; the next message starts it again.',
      answers: accepted,
      handle: async ({ session }) => ({ status: 202, body: toStateJson(await sessions.stop(session.id)) }),
    }),
    sessionRoute({
      method: 'post',
      path: '/sessions/{session_id}/cancel',
      operation: 'start, stop or cancel',
      tag: 'Lifecycle',
      summary: 'Cancel a turn',
      description: 'The turn under way, or the one named. Without effect when there is none.',
      body: z
        .object({ trace_id: z.string().min(1).max(200).nullish() })
        .optional()
        .meta({ description: 'Which turn is meant; absent: whichever is under way.' }),
      answers: accepted,
      errors: ['TURN_NOT_FOUND', 'TURN_OVER'],
      async handle({ session, body }) {
        const traceId = body?.trace_id;
        const state = await sessions.cancel(session.id, traceId ? { traceId } : {});
        return { status: 202, body: toStateJson(state) };
      },
    }),
    sessionRoute({
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
      async handle({ session, query }) {
        const { at } = query;
        return {
          status: 200,
          body: toStateJson(await sessions.stateOf(session.id, at === undefined ? {} : { at })),
        };
      },
    }),
  ];
}
