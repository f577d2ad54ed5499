/**
 * The HTTP layer: everything a request passes, in order. It keeps nothing but open connections; facts are in the log, sessions in
 * `src/session`. Middleware runs for every request of every turn: what can be made once is made here.
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { AgentDirectory } from '../agents/agent-runner.ts';
import { createCharts } from '../charts/charts.ts';
import type { Settings } from '../config.ts';
import type { Evaluations } from '../engine/indexing/evaluations.ts';
import type { Entities } from '../entities/entities.ts';
import type { Log } from '../event-log/event-log.ts';
import type { LiveDirectory } from '../session/live-directory.ts';
import type { Sessions } from '../session/sessions.ts';
import type { AgentService } from '../talk/agent-service.ts';
import { noVoice, type Voice } from '../voice/voice.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Health } from '../telemetry/health.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { noTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { agentRoutes } from './entities/agents.ts';
import { createCallerOf } from './caller.ts';
import { cannedResponseRoutes } from './entities/canned-responses.ts';
import { capabilityRoutes } from './entities/capabilities.ts';
import { chatRoutes } from './chat.ts';
import { contextValueRoutes } from './entities/context-values.ts';
import { contextVariableRoutes } from './entities/context-variables.ts';
import { createCors } from './cors.ts';
import { customerRoutes } from './entities/customers.ts';
import { evaluationRoutes } from './entities/evaluations.ts';
import { guidelineRoutes } from './entities/guidelines.ts';
import { relationshipRoutes } from './entities/relationships.ts';
import { docsRoutes } from './docs.ts';
import { InternalError, MalformedUrlError, RouteNotFoundError } from './errors.ts';
import { createOnce } from './idempotency.ts';
import { inspectorRoutes, type InspectorHandle } from './inspector.ts';
import { createReadBody } from './json-body.ts';
import { journeyEdgeRoutes } from './entities/journey-edges.ts';
import { journeyNodeRoutes } from './entities/journey-nodes.ts';
import { journeyRoutes } from './entities/journeys.ts';
import { createLeases, type Leases } from './leases.ts';
import { lifecycleRoutes } from './lifecycle.ts';
import { liveRoutes } from './live.ts';
import { logRoutes, type LogFeedHandle } from './logs.ts';
import { machineRoutes } from './machines.ts';
import { notesOf } from './notes.ts';
import { createObserve } from './observe.ts';
import { operationRoutes } from './operations.ts';
import { createOrigins } from './origins.ts';
import { ownSessionRoutes } from './own-sessions.ts';
import { isParlantPath, sendProblem, toDomainError } from './problem.ts';
import { createLimitRate } from './rate-limit.ts';
import type { Route } from './route.ts';
import { createRouter } from './router.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { sessionEventRoute } from './session-event.ts';
import { sessionEventRoutes } from './session-events.ts';
import { sessionRoutes } from './sessions.ts';
import { createStreams, type Streams } from './stream.ts';
import { flowRoutes } from './voice/flows.ts';
import { liveKitWebhookRoutes } from './voice/livekit-webhook.ts';
import { voiceSessionRoutes } from './voice/voice-sessions.ts';
import { voiceWorkerRoutes } from './voice/voice-worker.ts';
import { serviceRoutes } from './entities/services.ts';
import { tagRoutes } from './entities/tags.ts';
import { builtPage, webPageRoutes } from './web-page.ts';
import { toolCallRoutes } from './entities/tool-calls.ts';
import { termRoutes } from './entities/terms.ts';

export type AppDeps = {
  readonly settings: Settings;
  readonly sessions: Sessions;
  readonly agents: AgentDirectory;
  readonly entities: Entities;
  readonly evaluations: Evaluations;
  readonly agentService: AgentService;
  readonly log: Log;
  /** What is in memory, for `/api/live`. */
  readonly directory: LiveDirectory;
  readonly metrics: Metrics;
  readonly health: Pick<Health, 'snapshot'>;
  readonly logger: Logger;
  /** Default: nothing is traced. */
  readonly telemetry?: Telemetry;
  /** With INSPECT: serves `/api/inspect`. */
  readonly inspector?: InspectorHandle;
  /** Why an agent cannot have a language provider of that name; undefined: it can. Default: it can. */
  readonly whyNotNlp?: (choices: string) => Promise<string | undefined>;
  /** Default: flows cannot be called by voice. */
  readonly voice?: Voice;
  /** Serves `/logs`. */
  readonly logFeed?: LogFeedHandle;
  /** Where the page is; default: where it is built to. */
  readonly pageFolder?: string;
  /** Shown in the OpenAPI document. */
  readonly version?: string;
  /** How long a reader may take nothing before it is cut; default 30 s. */
  readonly stalledAfterMs?: number;
};

/** What is open. */
type Connections = { readonly leases: Leases; readonly streams: Streams };

export type HttpLayer = {
  /** For `http.createServer(app)`. */
  readonly app: Express;
  /** Ends every stream (with `retry:`) and every waiting poll, and takes no new ones: the first step of a shutdown. */
  readonly close: () => void;
  /** Refuses what still waits for a turn: when those under way had their time to finish, and before the log is closed. */
  readonly giveUp: () => void;
};

export function createApp(deps: AppDeps): HttpLayer {
  const { settings, sessions, log, metrics, logger, stalledAfterMs, telemetry = noTelemetry } = deps;
  const streams = createStreams({ ...settings, ...(stalledAfterMs !== undefined && { stalledAfterMs }) });
  const leases = createLeases(settings);
  metrics.watchStreams(() => streams.size);
  const limitRate = createLimitRate(settings);

  const app = express();
  app.disable('x-powered-by');
  // Answers are never the same twice, and a stream must not be a 304.
  app.set('etag', false);
  app.set('trust proxy', settings.trustProxy);
  app.use(createObserve({ logger, metrics, telemetry }));
  app.use(createSecurityHeaders(settings));
  app.use(createCors(createOrigins(settings)));
  app.use(refuseMalformedUrl);
  app.use(redirectFromSlash);
  app.use(
    createRouter(createRoutes({ ...deps, leases, streams }), {
      sessions,
      callerOf: createCallerOf(settings),
      ...(limitRate && { limitRate }),
      readBody: createReadBody(settings),
      once: createOnce(log),
    }),
  );
  app.use(() => {
    throw new RouteNotFoundError();
  });
  app.use(createErrorHandler({ settings, logger }));
  return {
    app,
    close() {
      // First `retry:`: what ends may not be written to.
      streams.close();
      leases.close();
    },
    giveUp: () => leases.giveUp(),
  };
}

/** Every route of the server, mounted and documented from the same values. */
export function createRoutes(given: AppDeps & Connections): readonly Route[] {
  const deps = { ...given, voice: given.voice ?? noVoice };
  const described = [
    ...chatRoutes(deps),
    ...sessionEventRoutes(deps),
    ...sessionEventRoute(deps),
    ...sessionRoutes(deps),
    ...lifecycleRoutes(deps),
    ...ownSessionRoutes(deps),
    ...agentRoutes(deps),
    ...customerRoutes(deps),
    ...tagRoutes(deps),
    ...guidelineRoutes(deps),
    ...evaluationRoutes(deps),
    ...relationshipRoutes(deps),
    ...journeyRoutes(deps),
    ...journeyNodeRoutes(deps),
    ...journeyEdgeRoutes(deps),
    ...termRoutes(deps),
    ...contextVariableRoutes(deps),
    ...contextValueRoutes(deps),
    ...capabilityRoutes(deps),
    ...cannedResponseRoutes(deps),
    ...serviceRoutes(deps),
    ...toolCallRoutes(deps),
    ...webPageRoutes({ folder: deps.pageFolder ?? builtPage }),
    ...machineRoutes({ charts: createCharts() }),
    ...flowRoutes(deps),
    ...voiceSessionRoutes(deps),
    ...voiceWorkerRoutes(deps),
    ...liveKitWebhookRoutes(deps),
    ...liveRoutes(deps),
    ...operationRoutes(deps),
    ...(deps.inspector ? inspectorRoutes(deps.inspector) : []),
    ...(deps.logFeed ? logRoutes({ ...deps, logFeed: deps.logFeed }) : []),
  ];
  return [...described, ...docsRoutes(described, { version: deps.version ?? '0.0.0' })];
}

function refuseMalformedUrl(req: Request, _res: Response, next: NextFunction): void {
  if (!req.url.includes('%')) return next();
  try {
    decodeURIComponent(req.url);
  } catch {
    throw new MalformedUrlError();
  }
  next();
}

/** Parlant's collections have no slash at their end, and its server sends who writes one to where there is none. */
function redirectFromSlash(req: Request, res: Response, next: NextFunction): void {
  // A first segment there must be: `//elsewhere/` would lead to another server.
  if (!req.path.endsWith('/') || !isParlantPath(req.path)) return next();
  // An id `..` does not get here: of `DELETE /terms/..` the client made this, which must not delete all there is.
  if (req.method === 'DELETE') throw new RouteNotFoundError();
  const query = req.url.slice(req.path.length);
  res.writeHead(307, { Location: req.path.slice(0, -1) + query, 'Content-Length': 0 }).end();
}

function createErrorHandler({ settings, logger }: Pick<AppDeps, 'settings' | 'logger'>) {
  // Express knows an error handler by its four parameters.
  return (error: unknown, req: Request, res: Response, _next: NextFunction): void => {
    const answered = toDomainError(error, settings);
    const notes = notesOf(res);
    notes.code = answered.code;
    if (answered instanceof InternalError) {
      logger.error({ requestId: notes.requestId, route: notes.route, err: error }, 'a request failed');
    }
    sendProblem(res, answered, req.path);
  };
}
