/** What a server is put together from: opened by `createColloquy`, closed with the server. */
import type { UpstreamAgents } from '../agents/upstream-agents.ts';
import type { Settings } from '../config.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import type { Engine } from '../engine/engine.ts';
import type { Evaluations } from '../engine/indexing/evaluations.ts';
import type { Entities } from '../entities/entities.ts';
import type { Log } from '../event-log/event-log.ts';
import type { NlpServices } from '../nlp/create-nlp.ts';
import type { Clock } from '../session/clock.ts';
import type { LiveDirectory } from '../session/live-directory.ts';
import type { Health } from '../telemetry/health.ts';
import type { LogFeed } from '../telemetry/log-feed.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { FlowConfig } from '../voice/flows.ts';

export type Parts = {
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
