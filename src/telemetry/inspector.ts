/**
 * The Stately inspector: `ws /api/inspect` speaks the frames of `@statelyai/inspect`, so that the official receiver and the inspector
 * of stately.ai show live sessions as statecharts. Made only with INSPECT=1; without it no actor is observed at all. No text of a
 * message leaves unless `includeText` says so. Import it only when it is wanted: the library takes memory.
 */
import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { InspectionEvent } from 'xstate';
import { type WebSocket, WebSocketServer } from 'ws';
import { LoopbackOnlyError } from '../errors.ts';
import { createActorRegistry } from './actor-registry.ts';
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
  /** First bytes after handshakes that are on their way through the app. */
  const handshakes = new WeakMap<IncomingMessage, Buffer>();
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
      const head = handshakes.get(request);
      if (!head) return sendInspectorPage(request, response);
      handshakes.delete(request);
      response.statusCode = 101;
      response.detachSocket(request.socket);
      request.socket.once('close', () => response.emit('close'));
      sockets.handleUpgrade(request, request.socket, head, watch);
    },

    attach: (server) => {
      // Other upgrades (`h2c`, say) go on as the plain requests they also are.
      Object.assign(server, { shouldUpgradeCallback: isHandshake });
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        handshakes.set(request, head);
        socket.on('error', () => socket.destroy());
        server.emit('request', request, responseFor(request));
      });
    },

    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function isHandshake(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** What refuses a handshake is an ordinary answer, after which the connection ends. */
function responseFor(request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(request.socket);
  response.once('finish', () => request.socket.end());
  return response;
}

/** Not even through a proxy on this machine: behind it may be anybody. */
function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const isProxied = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
  return !isProxied && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(socket.remoteAddress ?? '');
}
