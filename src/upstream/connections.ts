/**
 * Connections to one upstream server, of two sorts. Commands share a pool of a few. Whatever waits (polls, streamed messages) has a
 * connection of its own, as many as there are, and hands it to the next when it is done: undici's own pool looks through all its
 * connections at each request and keeps what it has ever opened, which ten thousand waiting polls notice (twice the CPU).
 */
import { buildConnector, Client, type Dispatcher, Pool } from 'undici';
import { createSharedLookup } from './shared-lookup.ts';

export type Connections = {
  /** A few, shared; requests queue for them. */
  readonly commands: Dispatcher;
  /** One alone for a request that waits; `giveBack` it whatever happened. None when all were closed. */
  readonly take: () => Client | undefined;
  readonly giveBack: (client: Client) => void;
  /** Whether an error came from making a connection: then nothing was sent. */
  readonly isConnectFailure: (error: unknown) => boolean;
  readonly counts: () => { readonly waiting: number; readonly idle: number; readonly queued: number };
  readonly close: () => Promise<void>;
};

export function openConnections(options: {
  readonly origin: string;
  readonly commandConnections: number;
  readonly connectTimeoutMs: number;
  readonly maxAnswerBytes: number;
}): Connections {
  const connectFailures = new WeakSet<object>();
  const connect = buildConnector({
    allowH2: false,
    timeout: options.connectTimeoutMs,
    lookup: createSharedLookup(),
  });
  const settings: Client.Options = {
    // One for all: it holds the TLS sessions.
    connect: (target, callback) =>
      connect(target, (...[error, socket]) => {
        if (error === null) return callback(null, socket);
        connectFailures.add(error);
        callback(error, null);
      }),
    // HTTP/2 would put every poll on one connection, behind a limit that the server chooses.
    allowH2: false,
    maxResponseSize: options.maxAnswerBytes,
  };
  const commands = new Pool(options.origin, { ...settings, connections: options.commandConnections });
  const idle = new Set<Client>();
  const taken = new Set<Client>();
  let closed = false;

  return {
    commands,
    take() {
      if (closed) return undefined;
      const client = nextIdle() ?? newClient();
      taken.add(client);
      return client;
    },
    giveBack(client) {
      taken.delete(client);
      if (client.stats.connected && !closed) idle.add(client);
    },
    isConnectFailure: (error) => typeof error === 'object' && error !== null && connectFailures.has(error),
    counts: () => ({ waiting: taken.size, idle: idle.size, queued: commands.stats.queued }),
    async close() {
      closed = true;
      const clients = [commands, ...idle, ...taken];
      idle.clear();
      await Promise.all(clients.map((client) => client.destroy()));
    },
  };

  function nextIdle(): Client | undefined {
    const [client] = idle;
    if (client) idle.delete(client);
    return client;
  }

  function newClient(): Client {
    const client = new Client(options.origin, settings);
    // An idle connection that its server, or its keep-alive time, has ended is forgotten.
    client.on('disconnect', () => idle.delete(client));
    return client;
  }
}
