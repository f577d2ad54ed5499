/**
 * A real server on 127.0.0.1 and a free port, over a real file in a folder of its own; `await using` closes it. `restart` ends the
 * process's part of it and brings it up again on the same file and port, as after a crash when `killed`.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import request from 'supertest';
import { createAgentDirectory } from '../../src/agents/agent-directory.ts';
import type { Agent } from '../../src/agents/agent-runner.ts';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { parseSettings, type Settings, type SettingsInput } from '../../src/config.ts';
import type { DocumentStore } from '../../src/documents/document-store.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import { evaluationCollection } from '../../src/engine/indexing/evaluation.ts';
import { type Evaluations, openEvaluations } from '../../src/engine/indexing/evaluations.ts';
import { findingCollection, finderOf } from '../../src/engine/indexing/finding.ts';
import { openFindings } from '../../src/engine/indexing/findings.ts';
import { createInquiry } from '../../src/engine/indexing/inquiry.ts';
import { entityCollections } from '../../src/entities/collections/all.ts';
import { createCustomersOnFirstUse } from '../../src/entities/customers-on-first-use.ts';
import { openEntities, type Entities } from '../../src/entities/entities.ts';
import type { SessionEvent } from '../../src/event-log/event.ts';
import type { Log } from '../../src/event-log/event-log.ts';
import { openSqliteLog } from '../../src/event-log/sqlite-log.ts';
import { createApp, type HttpLayer } from '../../src/http/app.ts';
import { createSessions } from '../../src/session/create-sessions.ts';
import type { NlpService } from '../../src/nlp/nlp.ts';
import { createOfflineNlp } from '../../src/nlp/offline/offline-nlp.ts';
import { systemClock } from '../../src/session/clock.ts';
import { createLiveDirectory, type LiveDirectory } from '../../src/session/live-directory.ts';
import type { Sessions } from '../../src/session/sessions.ts';
import { type AgentService, createAgentService } from '../../src/talk/agent-service.ts';
import { passHandshakes } from '../../src/telemetry/handshakes.ts';
import { createLogFeed } from '../../src/telemetry/log-feed.ts';
import { createHealth, type Health } from '../../src/telemetry/health.ts';
import { createLogScopes } from '../../src/telemetry/log-scopes.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import type { Telemetry } from '../../src/telemetry/telemetry.ts';
import { createTelemetry } from '../../src/telemetry/tracing.ts';
import type { ToolService } from '../../src/tools/tool-service.ts';
import { createDataFolder } from './data-folder.ts';

export type TestServerOptions = {
  readonly settings?: SettingsInput;
  /** Default: `echo`. The first one is the default agent. */
  readonly agents?: readonly Agent[];
  /** The program's own tool services by name; default: none. */
  readonly services?: ReadonlyMap<string, ToolService>;
  /** What answers evaluations. Default: without a model. */
  readonly nlp?: NlpService;
  /** How long a reader may take nothing before it is cut. */
  readonly stalledAfterMs?: number;
  /** Where the page is; default: there is none. */
  readonly pageFolder?: string;
};

type Parts = {
  readonly log: Log;
  readonly documents: DocumentStore;
  readonly entities: Entities;
  readonly evaluations: Evaluations;
  readonly sessions: Sessions;
  readonly agentService: AgentService;
  readonly directory: LiveDirectory;
  readonly health: Health;
  readonly telemetry: Telemetry;
  readonly server: Server;
  readonly http: HttpLayer;
};

export type TestServer = AsyncDisposable & {
  readonly url: string;
  readonly settings: Settings;
  readonly log: Log;
  readonly entities: Entities;
  readonly sessions: Sessions;
  readonly agentService: AgentService;
  readonly directory: LiveDirectory;
  /** As the engine would tell of its work. */
  readonly telemetry: Telemetry;
  readonly server: Server;
  /** What the program logged, line by line. */
  readonly logged: readonly string[];
  /** supertest; with a name: as that customer. */
  http(user?: string): ReturnType<typeof request.agent>;
  /** Creates a session and resolves with its id. */
  session(user?: string, more?: Record<string, unknown>): Promise<string>;
  /** Posts a customer's message as an operator. */
  say(sessionId: string, text: string): Promise<SessionEvent>;
  /** Ends streams, runs and connections, as SIGTERM does. */
  stop(): Promise<void>;
  restart(): Promise<void>;
};

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const folder = await createDataFolder();
  const configured = createAgentDirectory(options.agents ?? [createEchoAgent()]);
  const settings = parseSettings({
    defaultAgent: configured.list()[0]?.id ?? 'echo',
    shutdownGraceMs: 0,
    logLevel: 'debug',
    ...options.settings,
  });
  const logged: string[] = [];
  const sink = new Writable({
    write(line, _encoding, done) {
      logged.push(String(line));
      done();
    },
  });
  let port = 0;
  let parts: Parts | undefined = await start();

  async function start(): Promise<Parts> {
    const log = await openSqliteLog({ folder: folder.path });
    const logFeed = createLogFeed();
    const scopes = createLogScopes();
    const logger = createLogger(settings, logFeed.tee(sink), scopes);
    const directory = createLiveDirectory();
    const metrics = createMetrics({ directory, log });
    const health = createHealth();
    const telemetry = createTelemetry({ scopes, measures: [health.measures, metrics.engine] });
    const documents = openSqliteDocuments({
      folder: folder.path,
      collections: [...entityCollections, findingCollection, evaluationCollection],
    });
    const entities = await openEntities({
      documents,
      configured,
      ...(options.services && { ownServices: options.services }),
    });
    const nlp = options.nlp ?? createOfflineNlp();
    const { tools } = entities;
    const findings = await openFindings({ documents, by: finderOf(nlp) });
    const inquiry = createInquiry({ nlp, tools, findings });
    const evaluations = await openEvaluations({ documents, inquiry, tools, clock: systemClock, logger });
    const agents = entities.directory;
    const { customers } = entities;
    const runtime = createSessions({ log, agents, limits: settings, directory, logger });
    const sessions = createCustomersOnFirstUse({ sessions: runtime, customers, agents });
    const agentService = createAgentService({
      sessions,
      agents,
      log,
      defaultAgent: settings.defaultAgent,
      nameOf: (customerId) => entities.customers.nameOf(customerId),
      limits: { ...settings, turnTimeoutMs: settings.runTimeoutMs },
    });
    const { stalledAfterMs } = options;
    const http = createApp({
      settings,
      sessions,
      agents,
      entities,
      evaluations,
      agentService,
      log,
      directory,
      metrics,
      health,
      telemetry,
      logger,
      logFeed,
      pageFolder: options.pageFolder ?? join(folder.path, 'no-page'),
      ...(stalledAfterMs !== undefined && { stalledAfterMs }),
    });
    await sessions.resume();
    const server = createServer(http.app);
    passHandshakes(server);
    server.listen({ host: '127.0.0.1', port });
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port; // listening on TCP
    return {
      log,
      documents,
      entities,
      evaluations,
      sessions,
      agentService,
      directory,
      health,
      telemetry,
      server,
      http,
    };
  }

  async function stop(): Promise<void> {
    if (!parts) return;
    const { server, sessions, entities, evaluations, documents, log, http, health } = parts;
    parts = undefined;
    const closed = once(server, 'close');
    server.close();
    http.close();
    await sessions.shutdown();
    http.giveUp();
    // Answers under way are read; what is still open then is a client that does not read.
    const idle = setInterval(() => server.closeIdleConnections(), 5);
    const all = setTimeout(() => server.closeAllConnections(), 500);
    await closed;
    clearInterval(idle);
    clearTimeout(all);
    health.close();
    await evaluations.close();
    await entities.tools.close();
    await documents.close();
    await log.close();
  }

  function running(): Parts {
    if (!parts) throw new Error('The test server was stopped.');
    return parts;
  }

  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    settings,
    logged,
    get log() {
      return running().log;
    },
    get entities() {
      return running().entities;
    },
    get sessions() {
      return running().sessions;
    },
    get agentService() {
      return running().agentService;
    },
    get directory() {
      return running().directory;
    },
    get telemetry() {
      return running().telemetry;
    },
    get server() {
      return running().server;
    },
    http(user) {
      const agent = request.agent(url);
      return user === undefined ? agent : agent.set('X-User-Id', user);
    },
    async session(user, more = {}) {
      const record = await running().sessions.create({
        agentId: settings.defaultAgent,
        customerId: user ?? 'guest',
        ...more,
      });
      return record.id;
    },
    say: (sessionId, text) =>
      running().sessions.post(sessionId, {
        kind: 'message',
        source: 'customer',
        data: {
          message: text,
          participant: { id: 'guest', display_name: 'Guest' },
          flagged: false,
          tags: [],
        },
      }),
    stop,
    async restart() {
      await stop();
      parts = await start();
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}
