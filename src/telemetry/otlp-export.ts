/**
 * Sends traces, measurements and logs to a collector by OTLP: only where the environment says where it is, in the variables every
 * OpenTelemetry program has. Only then are its packages loaded, which are optional peers of this one. For the program alone: who embeds
 * Colloquy registers an SDK of their own, before.
 */
import { context, logs, metrics, trace } from '@opentelemetry/api';
import {
  loadExporters,
  loadPackage as load,
  OtlpExportError,
  type OtlpEnvironment,
  otlpPrefix as prefix,
} from './otlp-packages.ts';
import { wantedTraceId } from './tracing.ts';

export type OtlpExport = {
  /** Sends what is left; gives up on a collector that does not answer. */
  close(): Promise<void>;
};

const signals = ['TRACES', 'METRICS', 'LOGS'] as const;
type Signal = (typeof signals)[number];

const metricIntervalMs = 3_000;
const spanDelayMs = 1_000;
const closeMs = 5_000;

/**
 * Undefined: there is nowhere to send to. `env` must be the process's own, which the packages read for addresses, headers and time
 * limits. Throws `OtlpExportError` where a package is missing, or a variable cannot be used.
 */
export async function startOtlpExport(env: OtlpEnvironment): Promise<OtlpExport | undefined> {
  const wanted = signals.filter((signal) => isWanted(env, signal));
  if (wanted.length === 0) return undefined;
  const [resource, exporters] = await Promise.all([readResource(env), loadExporters(env)]);
  const providers = await Promise.all([
    ...(wanted.includes('TRACES') ? [sendTraces(env, { resource, exporters })] : []),
    ...(wanted.includes('METRICS') ? [sendMetrics(env, { resource, exporters })] : []),
    ...(wanted.includes('LOGS') ? [sendLogs({ resource, exporters })] : []),
  ]);
  return {
    async close() {
      for (const api of [trace, metrics, logs, context]) api.disable();
      // A collector that is gone is no reason for an end that fails.
      const sent = Promise.allSettled(providers.map((provider) => provider.shutdown()));
      await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, closeMs).unref())]);
    },
  };
}

function isWanted(env: OtlpEnvironment, signal: Signal): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  if (env[`OTEL_${signal}_EXPORTER`] === 'none') return false;
  return Boolean(env[`${prefix}_ENDPOINT`]?.trim() || env[`${prefix}_${signal}_ENDPOINT`]?.trim());
}

type Sending = {
  readonly resource: Awaited<ReturnType<typeof readResource>>;
  readonly exporters: Awaited<ReturnType<typeof loadExporters>>;
};

async function readResource(env: OtlpEnvironment) {
  const { detectResources, defaultResource, envDetector, resourceFromAttributes } = await load(
    () => import('@opentelemetry/resources'),
  );
  const named = env['OTEL_SERVICE_NAME'] ? {} : { 'service.name': 'colloquy' };
  const told = detectResources({ detectors: [envDetector] });
  return defaultResource().merge(resourceFromAttributes(named)).merge(told);
}

async function sendTraces(env: OtlpEnvironment, { resource, exporters }: Sending) {
  const {
    BatchSpanProcessor,
    ParentBasedSampler,
    RandomIdGenerator,
    TraceIdRatioBasedSampler,
    TracerProvider,
  } = await load(() => import('@opentelemetry/sdk-trace'));
  const { AsyncLocalStorageContextManager } = await load(() => import('@opentelemetry/context-async-hooks'));
  const random = new RandomIdGenerator();
  const exporter = new exporters.OTLPTraceExporter();
  const provider = new TracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(readRatio(env)) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: spanDelayMs })],
    idGenerator: {
      // The id of a turn in the log, in its events and here is one.
      generateTraceId: () => readWantedId() ?? random.generateTraceId(),
      generateSpanId: () => random.generateSpanId(),
    },
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return provider;
}

function readWantedId(): string | undefined {
  const id = context.active().getValue(wantedTraceId);
  return typeof id === 'string' && /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}

/** Which part of all traces is sent; all of them where nothing is said. */
function readRatio(env: OtlpEnvironment): number {
  const given = env['OTEL_TRACES_SAMPLER_ARG']?.trim();
  if (!given) return 1;
  const ratio = Number(given);
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new OtlpExportError(`OTEL_TRACES_SAMPLER_ARG must be from 0 to 1, not '${given}'.`);
}

async function sendMetrics(env: OtlpEnvironment, { resource, exporters }: Sending) {
  const { MeterProvider, PeriodicExportingMetricReader } = await load(
    () => import('@opentelemetry/sdk-metrics'),
  );
  const exportIntervalMillis = Number(env['OTEL_METRIC_EXPORT_INTERVAL']) || metricIntervalMs;
  const reader = new PeriodicExportingMetricReader({
    exporter: new exporters.OTLPMetricExporter(),
    exportIntervalMillis,
    exportTimeoutMillis: exportIntervalMillis,
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  return provider;
}

async function sendLogs({ resource, exporters }: Sending) {
  const { BatchLogRecordProcessor, LoggerProvider } = await load(() => import('@opentelemetry/sdk-logs'));
  const exporter = new exporters.OTLPLogExporter();
  const provider = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter })] });
  logs.setGlobalLoggerProvider(provider);
  return provider;
}
