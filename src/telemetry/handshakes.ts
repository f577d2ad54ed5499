/**
 * WebSocket handshakes go through the app like any other request, so that every check of the app holds for them; the route at their
 * end accepts them, and what refuses them is an ordinary answer.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { nodeHttp } from '../node-http.ts';

/** First bytes after handshakes that are on their way through the app. */
const heads = new WeakMap<IncomingMessage, Buffer>();
const passing = new WeakSet<Server>();

/** Lets handshakes reach the server's request listener. A second call changes nothing. */
export function passHandshakes(server: Server): void {
  if (passing.has(server)) return;
  passing.add(server);
  // Other upgrades (`h2c`, say) go on as the plain requests they also are.
  Object.assign(server, { shouldUpgradeCallback: isHandshake });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    heads.set(request, head);
    socket.on('error', () => socket.destroy());
    server.emit('request', request, responseFor(request));
  });
}

/** Makes a WebSocket of a handshake; the response closes with it. False for a request that is none: nothing is done. */
export function acceptHandshake(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  sockets: WebSocketServer,
  onOpen: (socket: WebSocket, request: IncomingMessage) => void,
): boolean {
  const head = heads.get(request);
  if (!head) return false;
  heads.delete(request);
  response.statusCode = 101;
  response.detachSocket(request.socket);
  request.socket.once('close', () => response.emit('close'));
  sockets.handleUpgrade(request, request.socket, head, onOpen);
  return true;
}

function isHandshake(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** What refuses a handshake is an ordinary answer, after which the connection ends. */
function responseFor(request: IncomingMessage): ServerResponse {
  const response = new nodeHttp.ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(request.socket);
  response.once('finish', () => request.socket.end());
  return response;
}
