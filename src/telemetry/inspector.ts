/**
 * The Stately inspector: `ws /api/inspect` speaks the frames of `@statelyai/inspect`, so that the official receiver and the inspector
 * of stately.ai show live sessions as statecharts. Made only with INSPECT=1; without it no actor is observed at all. No text of a
 * message leaves unless `includeText` says so. Import it only when it is wanted: the library takes memory.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { InspectionEvent } from 'xstate';
import { type WebSocket, WebSocketServer } from 'ws';
import { LoopbackOnlyError } from '../errors.ts';
import { createActorRegistry } from './actor-registry.ts';
import { acceptHandshake, passHandshakes } from './handshakes.ts';
import { sendInspectorPage } from './inspector-page.ts';
import { createWatcher, type Watcher } from './watcher.ts';

const path = '/api/inspect';

export type Inspector = {
  /** For `createActor(machine, { inspect })`. */
  readonly inspect: (event: InspectionEvent) => void;
  /**
   * The route `GET /api/inspect`, to stand behind every check of the app: a WebSocket for a handshake, else the page that shows the
   * inspector. Throws `LoopbackOnlyError` for a caller from another machine.
   */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Lets handshakes reach the server's request listener, and so the route, like any other request. */
  readonly attach: (server: Server) => void;
  /** Ends every connection. */
  readonly close: () => void;
};

export function createInspector({ includeText }: { readonly includeText: boolean }): Inspector {
  const actors = createActorRegistry();
  const watchers = new Set<Watcher>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false });

  function watch(socket: WebSocket, request: IncomingMessage): void {
    const session = new URL(request.url ?? path, 'ws://localhost').searchParams.get('session');
    const watcher = createWatcher({ socket, actors, includeText, session });
    watchers.add(watcher);
    socket.on('error', () => socket.terminate());
    socket.once('close', () => watchers.delete(watcher));
  }

  return {
    inspect: (event) => {
      actors.note(event);
      for (const watcher of watchers) watcher.see(event);
    },

    handle: (request, response) => {
      if (!isFromThisMachine(request)) throw new LoopbackOnlyError();
      if (!acceptHandshake({ request, response }, sockets, watch)) sendInspectorPage(request, response);
    },

    attach: passHandshakes,

    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

/** Not even through a proxy on this machine: behind it may be anybody. */
function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const isProxied = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
  return !isProxied && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(socket.remoteAddress ?? '');
}
