/** `WebSocket /logs`: the program's log as it is written, for operators. Parlant's chat interface shows it beside each message. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RouteNotFoundError } from './errors.ts';
import type { Leases } from './leases.ts';
import { route, type Route } from './route.ts';

/** What `src/telemetry/log-feed.ts` makes. */
export type LogFeedHandle = {
  readonly handle: (request: IncomingMessage, response: ServerResponse, signal: AbortSignal) => boolean;
};

export type LogsDeps = { readonly logFeed: LogFeedHandle; readonly leases: Leases };

export function logRoutes({ logFeed, leases }: LogsDeps): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/logs',
      operation: 'read logs',
      tag: 'Operations',
      summary: 'The log as it is written',
      description:
        'A WebSocket: one JSON text frame `{level, trace_id, message}` for each line from now on. Never the text of a message.',
      answers: { 101: { description: 'The connection is a WebSocket from here on.' } },
      errors: ['OPERATOR_ONLY', 'SHUTTING_DOWN'],
      handle({ req, res, caller }) {
        // Of no session: it ends with the caller's token, or the server.
        const { signal } = leases.hold({ res, caller, sessionId: '' });
        if (!logFeed.handle(req, res, signal)) throw new RouteNotFoundError();
      },
    }),
  ];
}
