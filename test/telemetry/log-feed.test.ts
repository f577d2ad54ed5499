import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { passHandshakes } from '../../src/telemetry/handshakes.ts';
import { createLogFeed, type LogFilter } from '../../src/telemetry/log-feed.ts';
import { createLogScopes } from '../../src/telemetry/log-scopes.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

/** A watcher with this filter, and the logger it watches. */
async function watch(filter: LogFilter) {
  const feed = createLogFeed();
  const scopes = createLogScopes();
  const logger = createLogger({ logLevel: 'trace' }, feed.tee({ write() {} }), scopes);
  const { signal } = new AbortController();
  const server = createServer((req, res) => void feed.handle(req, res, { signal, filter }));
  passHandshakes(server);
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const seen: string[] = [];
  socket.on('message', (data: Buffer) =>
    seen.push((JSON.parse(data.toString()) as { message: string }).message),
  );
  await once(socket, 'open');
  return {
    logger,
    scopes,
    seen,
    async [Symbol.asyncDispose]() {
      socket.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a watcher of the log', () => {
  it('sees where in a turn a line was written', async () => {
    await using at = await watch({});
    at.scopes.trace('t1', () => at.scopes.scope('Matcher', () => at.logger.info('looking')));
    await expect.poll(() => at.seen).toHaveLength(1);
    expect(at.seen[0]).toMatch(/^\[T\+\d+\.\d{3}s\]\[Matcher\] looking$/);
  });

  it('sees only what is as loud as it asked for', async () => {
    await using at = await watch({ level: 'WARNING' });
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)
      at.logger[level](level);
    await expect.poll(() => at.seen).toEqual(['warn', 'error', 'fatal']);
  });

  it('sees only the part of the work that it asked for, and what is within', async () => {
    await using at = await watch({ scope: 'Matcher' });
    at.logger.info('outside');
    at.scopes.scope('Composer', () => at.logger.info('elsewhere'));
    at.scopes.scope('Matcher', () => {
      at.logger.info('matching');
      at.scopes.scope('actionable', () => at.logger.info('asking'));
    });
    await expect.poll(() => at.seen).toEqual(['[Matcher] matching', '[Matcher][actionable] asking']);
  });
});
