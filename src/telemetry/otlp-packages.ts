/** The packages that export by OTLP: which, for which protocol, and what is said where one is missing. */
import { StartError } from '../start-error.ts';

export type OtlpEnvironment = Readonly<Record<string, string | undefined>>;

/** How variables begin that are about it. */
export const otlpPrefix = 'OTEL_EXPORTER_OTLP';

/** Nothing can be sent as the environment says. The message is one line. */
export class OtlpExportError extends StartError {}

const common = ['context-async-hooks', 'resources', 'sdk-logs', 'sdk-metrics', 'sdk-trace'].map(
  (name) => `@opentelemetry/${name}`,
);

function exportersOf(kind: string): readonly string[] {
  return ['trace', 'metrics', 'logs'].map((signal) => `@opentelemetry/exporter-${signal}-otlp-${kind}`);
}

/** Packages by protocol; they offer the same. */
const packages = { http: 'http', 'http/json': 'http', 'http/protobuf': 'proto', grpc: 'grpc' } as const;

/** `OtlpExportError` */
export async function loadExporters(env: OtlpEnvironment) {
  const protocol = env[`${otlpPrefix}_PROTOCOL`]?.trim() || 'http';
  if (!isProtocol(protocol)) {
    const known = Object.keys(packages).join(', ');
    throw new OtlpExportError(`${otlpPrefix}_PROTOCOL must be one of ${known}, not '${protocol}'.`);
  }
  const kind = packages[protocol];
  if (kind === 'http') {
    const [ofTraces, ofMetrics, ofLogs] = await loadPackage(() =>
      Promise.all([
        import('@opentelemetry/exporter-trace-otlp-http'),
        import('@opentelemetry/exporter-metrics-otlp-http'),
        import('@opentelemetry/exporter-logs-otlp-http'),
      ]),
    );
    return { ...ofTraces, ...ofMetrics, ...ofLogs };
  }
  const names = ['trace', 'metrics', 'logs'].map(
    (signal) => `@opentelemetry/exporter-${signal}-otlp-${kind}`,
  );
  const loaded: object[] = await loadPackage(() => Promise.all(names.map((name) => import(name))));
  return Object.assign({}, ...loaded) as HttpExporters; // the same classes, over another wire
}

type HttpExporters = typeof import('@opentelemetry/exporter-trace-otlp-http') &
  typeof import('@opentelemetry/exporter-metrics-otlp-http') &
  typeof import('@opentelemetry/exporter-logs-otlp-http');

function isProtocol(protocol: string): protocol is keyof typeof packages {
  return Object.hasOwn(packages, protocol);
}

/** `OtlpExportError` */
export async function loadPackage<Module>(module: () => Promise<Module>): Promise<Module> {
  try {
    return await module();
  } catch (error) {
    const [, missing] = /Cannot find package '(@opentelemetry\/[^']+)'/.exec(String(error)) ?? [];
    if (missing === undefined) throw error;
    const kind = /-otlp-(\w+)$/.exec(missing)?.[1] ?? 'http';
    const all = [...common, ...exportersOf(kind)].join(' ');
    throw new OtlpExportError(`${otlpPrefix}_… needs packages that are not installed: npm install ${all}`);
  }
}
