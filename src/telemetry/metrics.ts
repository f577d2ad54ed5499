/**
 * What the server counts, for `GET /metrics`; `docs/metrics.md` lists every name. What somebody else already knows (live sessions, open
 * streams, ended turns) is read from there when it is asked for, so that the hot path counts only requests and events.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RunLog } from '../event-log/event-log.ts';
import { eventKinds, type EventKind } from '../event-log/event.ts';
import { lifecycleStates } from '../event-log/session-record.ts';
import type { LiveDirectory } from '../session/live-directory.ts';
import type { UpstreamMonitor } from '../session/upstream-options.ts';
import { createEngineMetrics } from './engine-metrics.ts';
import type { Measures } from './telemetry.ts';
import { createUpstreamMetrics } from './upstream-metrics.ts';

export interface Metrics {
  readonly registry: Registry;
  /** `route`: its path with names for ids, empty for none. Streams are counted, not timed: they last as long as their client. */
  observeRequest(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number | undefined;
  }): void;
  /** An error that was answered. */
  countError(code: string): void;
  /** How listening to upstream servers goes. */
  readonly upstream: UpstreamMonitor;
  /** For `createTelemetry`: what the engine measures. */
  readonly engine: Measures;
  /** Where the number of open streams is read. */
  watchStreams(count: () => number): void;
}

export function createMetrics({
  directory,
  log,
}: {
  readonly directory: LiveDirectory;
  readonly log: Pick<RunLog, 'onCommitted'>;
}): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry]; // one, as made above
  collectDefaultMetrics({ register: registry });

  const requests = new Counter({
    name: 'colloquy_http_requests_total',
    help: 'Requests answered.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'colloquy_http_request_duration_seconds',
    help: 'Time to the end of the answer; without event streams.',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers,
  });
  const errors = new Counter({
    name: 'colloquy_errors_total',
    help: 'Errors answered, by their code.',
    labelNames: ['code'],
    registers,
  });
  countEvents(log, registers);
  readDirectory(directory, registers);

  return {
    registry,
    upstream: createUpstreamMetrics(registers),
    engine: createEngineMetrics(registers),
    observeRequest({ method, route, status, seconds }) {
      requests.inc({ method, route, status });
      if (seconds !== undefined) durations.observe({ route }, seconds);
    },
    countError: (code) => errors.inc({ code }),
    watchStreams(count) {
      // Holds itself in the registry.
      void new Gauge({
        name: 'colloquy_streams_open',
        help: 'Event streams open now.',
        registers,
        collect() {
          this.set(count());
        },
      });
    },
  };
}

/** Plain numbers while events are appended, read when they are asked for. */
function countEvents(log: Pick<RunLog, 'onCommitted'>, registers: Registry[]): void {
  const counts: Record<EventKind, number> = { message: 0, status: 0, tool: 0, custom: 0 };
  log.onCommitted((_, events) => {
    for (const { kind } of events) counts[kind]++;
  });
  void new Counter({
    name: 'colloquy_events_appended_total',
    help: 'Events stored.',
    labelNames: ['kind'],
    registers,
    collect() {
      this.reset();
      for (const kind of eventKinds) this.inc({ kind }, counts[kind]);
    },
  });
}

function readDirectory(directory: LiveDirectory, registers: Registry[]): void {
  void new Gauge({
    name: 'colloquy_sessions_live',
    help: 'Sessions in memory, by lifecycle.',
    labelNames: ['state'],
    registers,
    collect() {
      const sessions = [...directory.getSnapshot().context.sessions.values()];
      for (const state of lifecycleStates)
        this.set({ state }, sessions.filter((live) => live.state === state).length);
    },
  });
  void new Gauge({
    name: 'colloquy_queue_depth',
    help: 'Messages accepted whose turn has not begun.',
    registers,
    collect() {
      let depth = 0;
      for (const live of directory.getSnapshot().context.sessions.values()) depth += live.queueDepth;
      this.set(depth);
    },
  });
  void new Counter({
    name: 'colloquy_turns_total',
    help: 'Turns ended, by outcome.',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(directory.getSnapshot().context.turns))
        this.inc({ outcome }, count);
    },
  });
  void new Counter({
    name: 'colloquy_queue_overflows_total',
    help: 'Messages refused because the queue of their session was full.',
    registers,
    collect() {
      this.reset();
      this.inc(directory.getSnapshot().context.overflows);
    },
  });
}
