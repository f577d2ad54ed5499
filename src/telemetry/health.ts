/**
 * How well the server is: what the engine and the language models did lately, and whether the process keeps up. It listens to the same
 * measurements as everybody else, and says nothing by itself: `/healthz` asks.
 */
import { newId } from '../event-log/ids.ts';
import { engineHealth, type EngineHealth } from './engine-health.ts';
import { type EventLoopHealth, watchEventLoop } from './event-loop-health.ts';
import { type HealthStatus, worst } from './health-status.ts';
import { nlpHealth, type NlpHealth } from './nlp-health.ts';
import { createReports, type NlpReport, type Reports } from './reports.ts';
import { createRollingCounter, type RollingCounter } from './rolling-counter.ts';
import type { Attributes, Measures } from './telemetry.ts';

export type HealthSnapshot = {
  /** Of this process. */
  readonly instanceId: string;
  /** The worst of all. */
  readonly status: HealthStatus;
  readonly checks: {
    readonly engine: EngineHealth;
    readonly nlp: NlpHealth;
    readonly eventLoop: EventLoopHealth;
  };
};

export interface Health {
  /** For `createTelemetry`. */
  readonly measures: Measures;
  /** At most a second old. */
  snapshot(): HealthSnapshot;
  close(): void;
}

/** Anybody may ask, as often as they like. */
const snapshotMs = 1_000;

/** `now`: milliseconds since 1970; default: the machine's clock. */
export function createHealth({ now = Date.now }: { readonly now?: () => number } = {}): Health {
  const instanceId = newId();
  const reports = createReports({ now });
  const turns = createRollingCounter({ now });
  const requests = createRollingCounter({ now });
  const tokens = createRollingCounter({ now });
  const eventLoop = watchEventLoop();
  let taken: { readonly at: number; readonly snapshot: HealthSnapshot } | undefined;

  function take(): HealthSnapshot {
    const checks = {
      engine: engineHealth({ reports, turns }),
      nlp: nlpHealth({ reports, requests, tokens }),
      eventLoop: eventLoop.health(),
    };
    return { instanceId, status: worst(Object.values(checks).map(({ status }) => status)), checks };
  }

  return {
    measures: toMeasures({ reports, turns, requests, tokens }),
    snapshot() {
      const at = now();
      if (!taken || at - taken.at >= snapshotMs || at < taken.at) taken = { at, snapshot: take() };
      return taken.snapshot;
    },
    close: () => eventLoop.close(),
  };
}

type Counted = {
  readonly reports: Reports;
  readonly turns: RollingCounter;
  readonly requests: RollingCounter;
  readonly tokens: RollingCounter;
};

/** Turns that nobody was to answer, and those that were given up, are no sign of anything. */
const turnEndings: ReadonlyMap<unknown, 'success' | 'failure'> = new Map([
  ['completed', 'success'],
  ['left', 'success'],
  ['failed', 'failure'],
  ['failedSilently', 'failure'],
  ['gaveUp', 'failure'],
]);

function toMeasures({ reports, turns, requests, tokens }: Counted): Measures {
  return {
    duration(name, latencyMs, attributes = {}) {
      if (name === 'eng.process') {
        const ending = turnEndings.get(attributes['outcome']);
        if (!ending) return;
        turns.add(1);
        reports.add('engine.turn', { success: ending === 'success', latencyMs, ...errorOf(attributes) });
      } else if (name === 'ttfm') reports.add('engine.ttfm', { latencyMs });
      else if (name === 'gen' || name === 'stream') {
        requests.add(1);
        if (attributes['outcome'] === 'cancelled') return; // by a customer who writes on, say
        reports.add('nlp.request', toNlpReport(latencyMs, attributes));
      } else if (name === 'embed') reports.add('nlp.embed', toNlpReport(latencyMs, attributes));
    },

    count(name, amount) {
      if (name === 'input_tokens' || name === 'output_tokens') tokens.add(amount);
    },
  };
}

function toNlpReport(latencyMs: number, attributes: Attributes): NlpReport {
  return {
    schema: `${attributes['schema.name'] ?? ''}`,
    model: `${attributes['model.name'] ?? ''}`,
    success: attributes['outcome'] === 'completed',
    latencyMs,
    ...errorOf(attributes),
  };
}

function errorOf({ 'error.type': errorClass }: Attributes): { readonly errorClass?: string } {
  return typeof errorClass === 'string' ? { errorClass } : {};
}
