/** The parts put together: the runtime, the service behind `/api/chat`, voice and HTTP over them, and the order in which all of it ends. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createCustomersOnFirstUse } from '../entities/customers-on-first-use.ts';
import { createApp } from '../http/app.ts';
import { createModeratedSessions } from '../moderation/moderated-sessions.ts';
import { whyNotNlp } from '../nlp/named-by-agents.ts';
import { nodeHttp } from '../node-http.ts';
import { createSessions } from '../session/create-sessions.ts';
import { createAgentService } from '../talk/agent-service.ts';
import { passHandshakes } from '../telemetry/handshakes.ts';
import { version } from '../version.ts';
import { addressOf, listenOn, release } from './listening.ts';
import { makeInspector, makeModerator, makeVoice } from './optional-parts.ts';
import type { Parts } from './parts.ts';
import type { Colloquy } from './running.ts';

/** Takes up unfinished turns, and listens nowhere yet. */
export async function assemble(parts: Parts): Promise<Colloquy> {
  const { settings, entities, documents, upstreams, logger, logFeed, log, clock } = parts;
  const { directory, metrics, health, telemetry } = parts;
  const { directory: agents, customers } = entities;
  const inspector = settings.inspect ? await makeInspector(settings) : undefined;
  const runtime = createSessions({
    log,
    agents,
    directory,
    logger,
    limits: settings,
    monitor: metrics.upstream,
    clock,
    ...(inspector && { inspect: inspector.inspect }),
  });
  const moderator = await makeModerator(parts);
  const sessions = createModeratedSessions({
    sessions: createCustomersOnFirstUse({ sessions: runtime, customers, agents }),
    moderator,
    minimum: settings.moderation,
  });
  const agentService = createAgentService({
    sessions,
    agents,
    log,
    defaultAgent: settings.defaultAgent,
    nameOf: (customerId) => customers.nameOf(customerId),
    // A turn ends by itself when its run's time is over; waiting a little longer tells that from a turn that never began.
    limits: { ...settings, turnTimeoutMs: settings.runTimeoutMs + settings.runWindDownMs },
  });
  const addresses: string[] = [];
  const voice = await makeVoice(parts, {
    sessions,
    agentService,
    listensAt: () => addresses[0],
    ...(inspector && { inspect: inspector.inspect }),
  });
  const http = createApp({
    settings,
    sessions,
    agents,
    entities,
    evaluations: parts.evaluations,
    agentService,
    log,
    directory,
    metrics,
    health,
    telemetry,
    logger,
    version,
    logFeed,
    whyNotNlp: (choices) => whyNotNlp(parts.nlp, choices),
    voice,
    ...(inspector && { inspector }),
  });
  const { app } = http;
  const servers = new Set<Server>();
  await sessions.resume();

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeInOrder());
  return { settings, agents, sessions, agentService, app, listen, close, [Symbol.asyncDispose]: close };

  async function listen(): Promise<string> {
    const server = nodeHttp.createServer(app);
    passHandshakes(server);
    await listenOn(server, settings);
    servers.add(server);
    const address = addressOf(server, settings.host);
    addresses.push(address);
    return address;
  }

  async function closeInOrder(): Promise<void> {
    const closed = [...servers].map((server) => once(server, 'close'));
    for (const server of servers) server.close();
    http.close();
    inspector?.close();
    moderator.close();
    await sessions.shutdown();
    http.giveUp();
    for (const server of servers) release(server);
    await Promise.all(closed);
    await voice.close();
    health.close();
    await upstreams.close();
    await parts.evaluations.close();
    await parts.engine.close();
    await parts.nlp.close();
    await entities.tools.close();
    await documents.close();
    await log.close();
  }
}
