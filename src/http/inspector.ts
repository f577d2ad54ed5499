/** `/api/inspect`, there only with INSPECT: the Stately inspector's frames for a WebSocket handshake, its page otherwise. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { route, type Route } from './route.ts';

/** What `src/telemetry/inspector.ts` makes. */
export type InspectorHandle = {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
};

export function inspectorRoutes({ handle }: InspectorHandle): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/inspect',
      operation: 'inspect live sessions',
      tag: 'Operations',
      summary: 'Live sessions as statecharts',
      description: 'A WebSocket with the frames of @statelyai/inspect; from this machine only.',
      answers: { 200: { description: 'The page that shows them.', media: { 'text/html': 'A page.' } } },
      errors: ['LOOPBACK_ONLY'],
      handle: ({ req, res }) => handle(req, res),
    }),
  ];
}
