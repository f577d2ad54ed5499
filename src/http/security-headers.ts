/**
 * helmet's headers, made once: they are the same for every answer. Setting them takes 2 µs a request; helmet itself, which works them out
 * anew, took 6. Only the page and `/docs` may load anything at all, and only from here; calls by voice go to LiveKit.
 */
import { Socket } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { Settings } from '../config.ts';
import { nodeHttp } from '../node-http.ts';

type Headers = readonly (readonly [name: string, value: string])[];

export function createSecurityHeaders({ livekitUrl }: Pick<Settings, 'livekitUrl'>) {
  const forJson = headersOf({ defaultSrc: ["'none'"], frameAncestors: ["'none'"] });
  const forDocs = headersOf({
    defaultSrc: ["'none'"],
    connectSrc: ["'self'"],
    fontSrc: ["'self'"],
    // swagger-ui draws its icons from data: URLs and sets style attributes.
    imgSrc: ["'self'", 'data:'],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
  });
  // Its scripts as well: that of a worker has a policy of its own.
  const forPage = headersOf({
    defaultSrc: ["'none'"],
    connectSrc: ["'self'", ...liveKitSources(livekitUrl)],
    fontSrc: ["'self'"],
    imgSrc: ["'self'"],
    manifestSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    workerSrc: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
  });
  return ({ url }: Request, res: Response, next: NextFunction): void => {
    const headers = url.startsWith('/docs') ? forDocs : isOfPage(url) ? forPage : forJson;
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}

function isOfPage(url: string): boolean {
  return /^\/(\?|ops(\?|$)|assets\/|$)/.test(url);
}

/** Its client speaks both to one address; in LiveKit's cloud it moves on to whichever of its machines is near. */
function liveKitSources(livekitUrl: string | undefined): readonly string[] {
  if (livekitUrl === undefined) return [];
  const { protocol, host } = new URL(livekitUrl);
  const hosts = host.endsWith('.livekit.cloud') ? [host, '*.livekit.cloud'] : [host];
  const schemes = /^(https|wss):$/.test(protocol) ? ['wss', 'https'] : ['ws', 'http'];
  return hosts.flatMap((each) => schemes.map((scheme) => `${scheme}://${each}`));
}

function headersOf(directives: Record<string, string[]>): Headers {
  const res = new nodeHttp.ServerResponse(new nodeHttp.IncomingMessage(new Socket()));
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    // Answers are read by pages of other origins, where CORS lets them.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Whoever terminates TLS in front says so; over plain HTTP browsers ignore it.
    strictTransportSecurity: false,
  })(res.req, res, () => {});
  return Object.entries(res.getHeaders()).map(([name, value]) => [name, String(value)] as const);
}
