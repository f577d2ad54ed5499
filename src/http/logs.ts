/** `WebSocket /logs`: the program's log as it is written, for operators. Parlant's chat interface shows it beside each message. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { levelNames, type LogFilter } from '../telemetry/log-feed.ts';
import { RouteNotFoundError } from './errors.ts';
import type { Leases } from './leases.ts';
import { route, type Route } from './route.ts';

/** What `src/telemetry/log-feed.ts` makes. */
export type LogFeedHandle = {
  readonly handle: (
    request: IncomingMessage,
    response: ServerResponse,
    options: { readonly signal: AbortSignal; readonly filter: LogFilter },
  ) => boolean;
};

export type LogsDeps = { readonly logFeed: LogFeedHandle; readonly leases: Leases };

const query = z.object({
  level: z
    .string()
    .toUpperCase()
    .pipe(z.enum(levelNames))
    .optional()
    .meta({ description: 'From this level on.' }),
  scope: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'Only lines of this part of the work: `Matcher`.' }),
});

export function logRoutes({ logFeed, leases }: LogsDeps): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/logs',
      operation: 'read logs',
      tag: 'Operations',
      summary: 'The log as it is written',
      description:
        'A WebSocket: one JSON text frame `{level, trace_id, message}` for each line from now on. Texts of messages only at `LOG_LEVEL=trace`.',
      query,
      answers: { 101: { description: 'The connection is a WebSocket from here on.' } },
      errors: ['OPERATOR_ONLY', 'SHUTTING_DOWN'],
      handle({ req, res, caller, query: { level, scope } }) {
        // Of no session: it ends with the caller's token, or the server.
        const { signal } = leases.hold({ res, caller, sessionId: '' });
        const filter = { ...(level && { level }), ...(scope !== undefined && { scope }) };
        if (!logFeed.handle(req, res, { signal, filter })) throw new RouteNotFoundError();
      },
    }),
  ];
}
