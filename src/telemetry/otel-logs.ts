/** The program's log for OpenTelemetry: every line goes to the SDK that is registered as well, if there is one that wants logs. */
import { type Logger, logs, SeverityNumber } from '@opentelemetry/api';
import type { DestinationStream } from 'pino';

/** As it was given, where nobody wants logs. */
export function teeToOpenTelemetry(destination: DestinationStream): DestinationStream {
  const logger = logs.getLogger('colloquy');
  if (!logger.enabled()) return destination;
  return {
    write(line) {
      destination.write(line);
      emit(logger, line);
    },
  };
}

const severities = [
  [60, SeverityNumber.FATAL, 'FATAL'],
  [50, SeverityNumber.ERROR, 'ERROR'],
  [40, SeverityNumber.WARN, 'WARN'],
  [30, SeverityNumber.INFO, 'INFO'],
  [20, SeverityNumber.DEBUG, 'DEBUG'],
  [0, SeverityNumber.TRACE, 'TRACE'],
] as const;

/** As `logger.ts` writes it: one line of JSON. */
type Line = Readonly<Record<string, unknown>> & { readonly level: number; readonly time: number };

function emit(logger: Logger, line: string): void {
  const { level, time, msg, ...facts } = JSON.parse(line) as Line; // as its type says
  const [, severityNumber, severityText] = severities.find(([least]) => level >= least) ?? severities[5];
  const attributes = Object.entries(facts).map(([name, value]) => [name, toAttribute(value)] as const);
  logger.emit({
    timestamp: time,
    severityNumber,
    severityText,
    body: typeof msg === 'string' ? msg : '',
    attributes: Object.fromEntries(attributes),
  });
}

function toAttribute(value: unknown): string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : JSON.stringify(value);
}
