/**
 * Which web pages may call. With `AUTH=dev` anybody who reaches the server is believed, so a stranger's page in the developer's
 * browser must not: the host asked for must be loopback (against DNS rebinding) and so must the page's origin. With `AUTH=jwt` a
 * page without a token can do nothing, and CORS headers go to `CORS_ORIGINS` only. The WebSocket of the inspector asks here too.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback, type Settings } from '../config.ts';
import { ForeignOriginError } from './errors.ts';

export type Origins = {
  /** The origin to send CORS headers for, undefined for none. Throws `ForeignOriginError` for a request that must not be answered. */
  readonly admit: (headers: IncomingHttpHeaders) => string | undefined;
};

export function createOrigins({ auth, corsOrigins }: Pick<Settings, 'auth' | 'corsOrigins'>): Origins {
  const listed = new Set(corsOrigins);
  const isLoopbackHost = remember((host) => isLoopback(hostnameOf(`http://${host}`)));
  const isAllowed = remember(
    (origin) => listed.has(origin) || (auth === 'dev' && isLoopback(hostnameOf(origin))),
  );
  return {
    admit({ host, origin }) {
      if (auth === 'dev' && (host === undefined || !isLoopbackHost(host))) throw new ForeignOriginError();
      if (origin === undefined) return undefined;
      if (isAllowed(origin)) return origin;
      if (auth === 'dev') throw new ForeignOriginError();
      return undefined;
    },
  };
}

/** The host of an origin; empty, which is no loopback, for `null` and other things that are no origin. */
function hostnameOf(origin: string): string {
  if (!/^https?:/.test(origin) || !URL.canParse(origin)) return '';
  const url = new URL(origin);
  return url.username === '' && url.pathname === '/' && url.search === '' && url.hash === ''
    ? url.hostname
    : '';
}

/** Nearly every request brings the same few values; parsing a URL for each costs more than the rest of the check. */
function remember(decide: (value: string) => boolean): (value: string) => boolean {
  const known = new Map<string, boolean>();
  return (value) => {
    let answer = known.get(value);
    if (answer === undefined) {
      answer = decide(value);
      if (known.size >= 100) known.clear();
      known.set(value, answer);
    }
    return answer;
  };
}
