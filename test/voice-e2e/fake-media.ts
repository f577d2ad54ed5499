/**
 * The WebSockets of the fake LiveKit server, so that official workers and clients come in by themselves: `/agent` for workers, `/rtc` for
 * people and agents.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { FakeLiveKit } from '../support/fake-livekit.ts';
import { FakeParticipant } from './fake-participant.ts';
import { hostWorker } from './fake-worker-host.ts';

export type FakeMedia = { readonly close: () => void };

export function addMedia(fake: FakeLiveKit): FakeMedia {
  const sockets = new WebSocketServer({ noServer: true });
  fake.server.on('upgrade', (req, socket, head) => void upgrade(req, socket, head));
  return {
    close() {
      for (const client of sockets.clients) client.terminate();
    },
  };

  async function upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? '', fake.url);
    const bearer = (req.headers.authorization ?? '').replace(/^Bearer /, '');
    const claims = await fake
      .verify(bearer || (searchParams.get('access_token') ?? ''))
      .catch(() => undefined);
    if (!claims) refuse(socket, '401 Unauthorized');
    else if (pathname === '/agent' && claims.video?.agent)
      sockets.handleUpgrade(req, socket, head, (opened) => hostWorker(fake, opened));
    else if (pathname === '/rtc' && claims.video?.roomJoin)
      sockets.handleUpgrade(req, socket, head, (opened) => new FakeParticipant(fake, opened, claims));
    // `/rtc/v1` among them: then the clients fall back to `/rtc`.
    else refuse(socket, '404 Not Found');
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`);
}
