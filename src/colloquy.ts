/**
 * Where the parts are put together, and the only place that chooses adapters: the SQLite log and documents, the agents, the runtime, HTTP.
 * For the program (`main.ts`), for programs that embed Colloquy, and for tests. It reads no environment and handles no signal.
 */
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createAgentDirectory } from './agents/agent-directory.ts';
import type { Agent, AgentDirectory } from './agents/agent-runner.ts';
import { createEchoAgent } from './agents/echo-agent.ts';
import { InvalidAgentError } from './errors.ts';
import { parseSettings, type Settings, SettingsError, type SettingsInput } from './config.ts';
import { applyDefinitions, hasChanges } from './definition/apply-definitions.ts';
import { agentsOf, checkDefinitions, type Definition } from './definition/definition.ts';
import { definitionCollection } from './definition/definition-record.ts';
import { joinAttachments } from './definition/attachments.ts';
import type { DocumentStore } from './documents/document-store.ts';
import { documentsFile } from './documents/documents-file.ts';
import { openSqliteDocuments, type SqliteDocumentsOptions } from './documents/sqlite-document-store.ts';
import { StartingWriter } from './documents/starting-writer.ts';
import { entityCollections } from './entities/collections/all.ts';
import { createCustomersOnFirstUse } from './entities/customers-on-first-use.ts';
import { type Entities, openEntities } from './entities/entities.ts';
import { type Engine, openEngine } from './engine/engine.ts';
import { evaluationCollection } from './engine/indexing/evaluation.ts';
import { type Evaluations, openEvaluations } from './engine/indexing/evaluations.ts';
import { findingCollection } from './engine/indexing/finding.ts';
import { observeRequests } from './engine/observing/observed-requests.ts';
import { createStoredRunners } from './engine/stored-runners.ts';
import { createNlpServices, type NlpServices } from './nlp/create-nlp.ts';
import { openNamedByAgents, whyNotNlp } from './nlp/named-by-agents.ts';
import type { NlpService } from './nlp/nlp.ts';
import type { Log } from './event-log/event-log.ts';
import { openSqliteLog } from './event-log/sqlite-log.ts';
import { exampleSource, noExamples } from './examples/example-source.ts';
import { createApp } from './http/app.ts';
import type { LakeraGuardOptions } from './moderation/lakera-guard.ts';
import { createModeratedSessions } from './moderation/moderated-sessions.ts';
import { type Check, createModerator, type Moderator } from './moderation/moderator.ts';
import { type Clock, systemClock } from './session/clock.ts';
import { createSessions } from './session/create-sessions.ts';
import { createLiveDirectory, type LiveDirectory } from './session/live-directory.ts';
import type { Sessions } from './session/sessions.ts';
import { type AgentService, createAgentService } from './talk/agent-service.ts';
import type { Inspector } from './telemetry/inspector.ts';
import { passHandshakes } from './telemetry/handshakes.ts';
import { createLogFeed, type LogFeed } from './telemetry/log-feed.ts';
import { createHealth, type Health } from './telemetry/health.ts';
import { createLogScopes } from './telemetry/log-scopes.ts';
import { createLogger, type Logger, toStdout } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { teeToOpenTelemetry } from './telemetry/otel-logs.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import { createTelemetry } from './telemetry/tracing.ts';
import type { FlowConfig } from './voice/flows.ts';
import { createSilentVoice, type Voice } from './voice/voice.ts';
import { readVoiceKeys, voiceFolder } from './voice/voice-settings.ts';
import { createOwnServices, type OwnToolServices } from './tools/own-services.ts';
import { StartError } from './start-error.ts';
import type { UpstreamAgentConfig, UpstreamAgents } from './agents/upstream-agents.ts';
import { nodeHttp } from './node-http.ts';
import { version } from './version.ts';

/** `listen` could not have its address. The message is one line. */
export class ListenError extends StartError {}

export type ColloquyOptions = {
  readonly settings?: SettingsInput;
  /** Default: `echo`, beside the examples (`createExampleDefinition`), which are stored; none where a definition has agents. */
  readonly agents?: readonly (Agent | UpstreamAgentConfig)[];
  /** Agents that live on other servers; each takes the place of the agent with its id. */
  readonly upstreams?: readonly UpstreamAgentConfig[];
  /** What programs define in code (`createServer(…).define()`): stored before anything is answered. */
  readonly definitions?: readonly Definition[];
  /** Servers and programs that have tools, by name; beside those that are stored. */
  readonly toolServices?: OwnToolServices;
  /** What one may call by voice; default: nothing. */
  readonly flows?: readonly FlowConfig[];
  /** Default: JSON lines on stdout from `settings.logLevel` on. */
  readonly logger?: Logger;
  /** Default: the machine's own. */
  readonly clock?: Clock;
  /** What understands language for stored agents; closed with the server. Default: as the settings say. */
  readonly nlp?: NlpService;
};

export type Colloquy = AsyncDisposable & {
  readonly settings: Settings;
  readonly agents: AgentDirectory;
  /** Sessions as such, without rights. */
  readonly sessions: Sessions;
  /** Talks in the name of users. */
  readonly agentService: AgentService;
  /** An ordinary request listener, for a server of yours; `listen` makes one itself. */
  readonly app: RequestListener;
  /** Listens on the settings' host and port; resolves with the address, e.g. `http://127.0.0.1:8000`. Throws `ListenError`. */
  listen(): Promise<string>;
  /** Ends in order: no new requests, streams end with `retry:`, turns may finish for `shutdownGraceMs`, the log is flushed. */
  close(): Promise<void>;
};

/**
 * Opens the data folder, stores what is defined and takes up unfinished turns. Throws `SettingsError`, or what is wrong with an agent, a
 * definition or the folder.
 */
export async function createColloquy(options: ColloquyOptions = {}): Promise<Colloquy> {
  const definitions = await withExamples(options);
  const ownServices = createOwnServices(options.toolServices);
  const upstreams = await makeAgents(options);
  const configured = createAgentDirectory(upstreams.agents);
  const configuredAgents = configured.list().map(({ id }) => id);
  const agentIds = [...configuredAgents, ...agentsOf(definitions)];
  const settings = withDefaultAgent(parseSettings(options.settings), agentIds);
  const logFeed = createLogFeed();
  const scopes = createLogScopes();
  // A logger of the program's own has lines that are not ours to show.
  const logger =
    options.logger ?? createLogger(settings, logFeed.tee(teeToOpenTelemetry(toStdout())), scopes);
  const log = await openSqliteLog({ folder: settings.dataDir });
  const directory = createLiveDirectory();
  const metrics = createMetrics({ directory, log });
  const health = createHealth();
  const telemetry = createTelemetry({ scopes, measures: [health.measures, metrics.engine] });
  let documents: DocumentStore | undefined;
  let nlp: NlpServices | undefined;
  let engine: Engine | undefined;
  let evaluations: Evaluations | undefined;
  try {
    // Behind the log, whose lock keeps other processes out of the folder.
    const collections = [...entityCollections, definitionCollection, findingCollection, evaluationCollection];
    const startUp = openDocuments({ folder: settings.dataDir, collections });
    documents = startUp.documents;
    for (const changes of await applyDefinitions({ documents, definitions, configuredAgents })) {
      if (hasChanges(changes)) logger.info(changes, 'definition stored');
    }
    const stored = createStoredRunners();
    const { runnerFor } = stored;
    const { defaultAgent } = settings;
    const entities = await openEntities({ documents, configured, ownServices, runnerFor, defaultAgent });
    for (const tool of definitions.flatMap(({ tools }) => tools)) entities.localTools.add(tool);
    const clock = options.clock ?? systemClock;
    const providers = await createNlpServices(settings, {
      clock,
      logger,
      onRequest: observeRequests(telemetry),
      ...(options.nlp && { ordinary: options.nlp }),
    });
    nlp = providers;
    const defined = agentsOf(definitions);
    await openNamedByAgents(entities.agents.list(), { services: providers, defined, logger });
    engine = await openEngine({
      ...entities,
      documents,
      log,
      nlp: providers.ordinary,
      nlpNamed: (choices) => providers.named(choices),
      extensions: joinAttachments(definitions.map(({ attachments }) => attachments)),
      clock,
      historyLimit: settings.historyLimit,
      runTimeoutMs: settings.runTimeoutMs,
      indexing: settings.indexing,
      logger,
      telemetry,
    });
    stored.answerWith(engine);
    const { inquiry } = engine;
    const { tools } = entities;
    evaluations = await openEvaluations({ documents, inquiry, tools, clock, logger });
    await lookedIntoSoon(engine, providers.ordinary);
    startUp.writer.leaveToThread();
    return await assemble({
      settings,
      engine,
      evaluations,
      nlp: providers,
      entities,
      documents,
      upstreams,
      flows: options.flows ?? [],
      logger,
      logFeed,
      log,
      clock,
      directory,
      metrics,
      health,
      telemetry,
    });
  } catch (error) {
    health.close();
    await evaluations?.close();
    await engine?.close();
    await nlp?.close();
    await documents?.close();
    await log.close();
    await upstreams.close();
    throw error;
  }
}

function openDocuments(options: SqliteDocumentsOptions) {
  const writer = new StartingWriter(join(options.folder, documentsFile));
  return { writer, documents: openSqliteDocuments({ ...options, createWriter: () => writer }) };
}

const soonMs = 1_000;

/** Where answers are there at once, they are before anybody is served, as a rule; a model is asked beside the first turns. */
async function lookedIntoSoon(engine: Engine, nlp: NlpService): Promise<void> {
  if (nlp.name !== 'offline') return;
  const over = new AbortController();
  // A timer that holds the process open, unlike those of the clock: nothing else may yet.
  const late = delay(soonMs, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([engine.lookedInto(), late]);
  over.abort();
}

/** The client of other servers is loaded only where there are any. */
async function makeAgents(options: ColloquyOptions): Promise<UpstreamAgents> {
  const { upstreams = [] } = options;
  const given = options.agents ?? (wantsExamples(options) ? [createEchoAgent()] : []);
  for (const agent of given) checkIsObject(agent);
  const moved = new Set(upstreams.map(({ id }) => id));
  const stay = given.filter(({ id }) => !moved.has(id));
  const away = [...stay.filter((agent) => isUpstreamConfig(agent)), ...upstreams];
  const here = stay.filter((agent): agent is Agent => !isUpstreamConfig(agent));
  if (away.length === 0) return { agents: here, close: async () => {} };
  const { createUpstreamAgents } = await import('./agents/upstream-agents.ts');
  const made = createUpstreamAgents(away);
  return { agents: [...here, ...made.agents], close: () => made.close() };
}

function wantsExamples({ agents, definitions = [] }: ColloquyOptions): boolean {
  return agents === undefined && agentsOf(definitions).length === 0;
}

/** They are loaded only where there are no other agents; one that lives elsewhere is not defined here. */
async function withExamples(options: ColloquyOptions): Promise<readonly Definition[]> {
  const { definitions = [], upstreams = [] } = options;
  checkDefinitions(definitions);
  if (definitions.some(({ source }) => source === exampleSource)) return definitions;
  if (!wantsExamples(options)) return [...definitions, noExamples];
  const { createExampleDefinition } = await import('./examples/example-definition.ts');
  return [...definitions, createExampleDefinition({ without: upstreams.map(({ id }) => id) })];
}

/** Whether it is still to be made an agent of. */
function isUpstreamConfig(agent: Agent | UpstreamAgentConfig): agent is UpstreamAgentConfig {
  const { upstream }: { readonly upstream?: unknown } = agent;
  return (
    upstream !== undefined && !(typeof upstream === 'object' && upstream !== null && 'server' in upstream)
  );
}

/** What else is wrong with an agent is said where it is made or listed. */
function checkIsObject(agent: unknown): void {
  if (typeof agent !== 'object' || agent === null)
    throw new InvalidAgentError(String(agent), 'it is no object');
}

type Parts = {
  readonly upstreams: UpstreamAgents;
  readonly flows: readonly FlowConfig[];
  readonly settings: Settings;
  readonly entities: Entities;
  readonly documents: DocumentStore;
  readonly logger: Logger;
  readonly logFeed: LogFeed;
  readonly directory: LiveDirectory;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly evaluations: Evaluations;
  readonly nlp: NlpServices;
};

async function assemble(parts: Parts): Promise<Colloquy> {
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

/** Lets answers under way be read, but not for long: nothing more can come of what is still open. */
function release(server: Server): void {
  const idle = setInterval(() => server.closeIdleConnections(), 10);
  const all = setTimeout(() => server.closeAllConnections(), 1_000);
  server.once('close', () => {
    clearInterval(idle);
    clearTimeout(all);
  });
}

type VoicePlace = {
  readonly sessions: Sessions;
  readonly agentService: AgentService;
  readonly listensAt: () => string | undefined;
  readonly inspect?: Inspector['inspect'];
};

/** What speaks with LiveKit is loaded, and a log for voice sessions opened, only where it is configured. */
async function makeVoice(parts: Parts, { listensAt, ...place }: VoicePlace): Promise<Voice> {
  const { settings, flows, entities, log, clock, logger } = parts;
  const { directory: agents } = entities;
  for (const { id, agent } of flows)
    if (!agents.get(agent)) logger.warn({ flow: id, agent }, 'a flow names an agent that is not there');
  const keys = readVoiceKeys(settings);
  if ('missing' in keys) return createSilentVoice(flows, keys.missing);
  const { publicUrl, host, port } = settings;
  const { openVoice } = await import('./voice/open-voice.ts');
  const voiceEvents = await openSqliteLog({ folder: join(settings.dataDir, voiceFolder) });
  try {
    return await openVoice({
      ...place,
      keys,
      settings,
      flows,
      log,
      voiceEvents,
      agents,
      publicUrl: () => publicUrl ?? listensAt() ?? `http://${host}:${port}`,
      clock,
      logger,
    });
  } catch (error) {
    await voiceEvents.close();
    throw error;
  }
}

/** The guard is loaded only where there is a key for it. */
async function makeModerator({ settings, entities, nlp, clock, logger }: Parts): Promise<Moderator> {
  const { lakeraApiKey: apiKey, lakeraUrl: url } = settings;
  const guard = apiKey === undefined ? undefined : await makeGuard({ apiKey, url });
  const nlpOf = (agentId: string) => nlp.named(entities.agents.get(agentId)?.nlp);
  return createModerator({ nlpOf, guard, clock, logger });
}

async function makeGuard(options: LakeraGuardOptions): Promise<Check> {
  const { createLakeraGuard } = await import('./moderation/lakera-guard.ts');
  return createLakeraGuard(options);
}

/** Loaded only when asked for. */
async function makeInspector({ inspectText }: Settings): Promise<Inspector> {
  const { createInspector } = await import('./telemetry/inspector.ts');
  return createInspector({ includeText: inspectText });
}

/** Who brings agents of their own, and does not say who answers by default, means the first. */
function withDefaultAgent(settings: Settings, ids: readonly string[]): Settings {
  const [first] = ids;
  if (first === undefined) throw new SettingsError('There is no agent: "agents" must name at least one.');
  if (ids.includes(settings.defaultAgent)) return settings;
  if (settings.defaultAgent === parseSettings().defaultAgent) return { ...settings, defaultAgent: first };
  throw new SettingsError(`DEFAULT_AGENT must be one of ${ids.join(', ')}, not '${settings.defaultAgent}'.`);
}

async function listenOn(server: Server, { host, port }: Settings): Promise<void> {
  try {
    await once(server.listen({ host, port }), 'listening');
  } catch (error) {
    throw new ListenError(explain(error, { host, port }), { cause: error });
  }
}

function explain(error: unknown, { host, port }: { host: string; port: number }): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} of ${host} is in use; set PORT to another one.`;
  if (code === 'EACCES') return `Port ${port} of ${host} may not be used; set PORT to another one.`;
  return `${host}:${port} cannot be listened on: ${error instanceof Error ? error.message : String(error)}.`;
}

function addressOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
