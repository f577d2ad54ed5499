/** Answers to web pages of admitted origins, and refusals of others (`origins.ts` decides). */
import type { NextFunction, Request, Response } from 'express';
import type { Origins } from './origins.ts';

const EXPOSED = 'X-Request-Id, Idempotency-Replayed, Retry-After, Allow';
const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const PREFLIGHT_LASTS_S = '600';

export function createCors(origins: Origins) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const origin = origins.admit(req.headers);
    if (origin === undefined) return next();
    res.setHeader('Access-Control-Allow-Origin', origin);
    res.setHeader('Access-Control-Allow-Credentials', 'true');
    res.setHeader('Access-Control-Expose-Headers', EXPOSED);
    res.setHeader('Vary', 'Origin');
    if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined) return next();
    res.setHeader('Access-Control-Allow-Methods', METHODS);
    // Parlant's clients send headers of their own (`X-Fern-*`).
    res.setHeader('Access-Control-Allow-Headers', req.headers['access-control-request-headers'] ?? '*');
    res.setHeader('Access-Control-Max-Age', PREFLIGHT_LASTS_S);
    res.writeHead(204).end();
  };
}
