/**
 * Where the parts are opened, and the adapters chosen: the SQLite log and documents, the agents, the engine. `wiring/` puts them together.
 * For the program (`main.ts`), for programs that embed Colloquy, and for tests. It reads no environment and handles no signal.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createAgentDirectory } from './agents/agent-directory.ts';
import { parseSettings, type SettingsInput } from './config.ts';
import { applyDefinitions, hasChanges } from './definition/apply-definitions.ts';
import { agentsOf } from './definition/definition.ts';
import { definitionCollection } from './definition/definition-record.ts';
import { joinAttachments } from './definition/attachments.ts';
import type { DocumentStore } from './documents/document-store.ts';
import { documentsFile } from './documents/documents-file.ts';
import { openSqliteDocuments, type SqliteDocumentsOptions } from './documents/sqlite-document-store.ts';
import { StartingWriter } from './documents/starting-writer.ts';
import { entityCollections } from './entities/collections/all.ts';
import { openEntities } from './entities/entities.ts';
import { type Engine, openEngine } from './engine/engine.ts';
import { evaluationCollection } from './engine/indexing/evaluation.ts';
import { type Evaluations, openEvaluations } from './engine/indexing/evaluations.ts';
import { findingCollection } from './engine/indexing/finding.ts';
import { observeRequests } from './engine/observing/observed-requests.ts';
import { createStoredRunners } from './engine/stored-runners.ts';
import { createNlpServices, type NlpServices } from './nlp/create-nlp.ts';
import { openNamedByAgents } from './nlp/named-by-agents.ts';
import type { NlpService } from './nlp/nlp.ts';
import { openSqliteLog } from './event-log/sqlite-log.ts';
import { type Clock, systemClock } from './session/clock.ts';
import { createLiveDirectory } from './session/live-directory.ts';
import { createLogFeed } from './telemetry/log-feed.ts';
import { createHealth } from './telemetry/health.ts';
import { createLogScopes } from './telemetry/log-scopes.ts';
import { createLogger, type Logger, toStdout } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { teeToOpenTelemetry } from './telemetry/otel-logs.ts';
import { createTelemetry } from './telemetry/tracing.ts';
import type { FlowConfig } from './voice/flows.ts';
import { createOwnServices, type OwnToolServices } from './tools/own-services.ts';
import { assemble } from './wiring/assemble.ts';
import { type GivenAgents, makeAgents, withDefaultAgent, withExamples } from './wiring/given-agents.ts';
import type { Colloquy } from './wiring/running.ts';

export type { Colloquy } from './wiring/running.ts';
export { ListenError } from './wiring/listening.ts';

export type ColloquyOptions = GivenAgents & {
  readonly settings?: SettingsInput;
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
