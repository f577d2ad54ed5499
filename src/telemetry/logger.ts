/**
 * The program's log: one JSON line per thing worth knowing, on stdout. No header and no token is ever given to it, and texts of messages
 * only at the level `trace` (what models are asked); `redact` is the second lock on that door, should a library's error bring a request
 * along.
 */
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Settings } from '../config.ts';
import { NlpError } from '../errors.ts';
import type { LogScopes } from './log-scopes.ts';

export type { Logger } from 'pino';

/** Written without waiting for the disk or the pipe. */
export function toStdout(): DestinationStream {
  return pino.destination({ fd: 1, sync: true });
}

/** `destination`: default stdout. `scopes`: lines say where in a turn they were written. */
export function createLogger(
  { logLevel }: Pick<Settings, 'logLevel'>,
  destination: DestinationStream = toStdout(),
  scopes?: Pick<LogScopes, 'current'>,
): Logger {
  return pino(
    {
      level: logLevel,
      base: null,
      ...(scopes && { mixin: () => scopes.current() }),
      serializers: { err: toShown },
      redact: {
        paths: ['req', 'res', 'headers', 'err.req', 'err.res', 'err.body', 'err.config'],
        remove: true,
      },
    },
    destination,
  );
}

/** What a provider of language models said itself, in the cause, may quote keys and customers; the error's own sentence says why. */
function toShown(error: Error): object {
  if (!(error instanceof NlpError)) return pino.stdSerializers.err(error);
  const { name, code, message, stack } = error;
  return { type: name, code, message, stack };
}
