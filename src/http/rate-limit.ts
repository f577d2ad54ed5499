/** At most so many requests per caller and minute. Behind the caller's check, so that one customer never uses up another's. */
import type { Request, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Caller } from './access.ts';
import { RateLimitedError } from './errors.ts';

export type LimitRate = (req: Request, res: Response, caller: Caller) => Promise<void>;

/** Undefined for 0: no limit, no cost. */
export function createLimitRate({
  requestsPerMinute,
}: {
  readonly requestsPerMinute: number;
}): LimitRate | undefined {
  if (requestsPerMinute === 0) return undefined;
  const callers = new WeakMap<object, Caller>();
  const limit = rateLimit({
    windowMs: 60_000,
    limit: requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Its checks are of the form `req.ip` takes behind a proxy; TRUST_PROXY is ours to set.
    validate: false,
    keyGenerator: (req) => keyOf(callers.get(req), req.ip),
    handler: (_req, _res, next) => next(new RateLimitedError(requestsPerMinute)),
  });
  return (req, res, caller) =>
    new Promise((resolve, reject) => {
      callers.set(req, caller);
      void limit(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
    });
}

function keyOf(caller: Caller | undefined, ip: string | undefined): string {
  if (caller?.role === 'customer') return `customer ${caller.customerId}`;
  if (caller?.role === 'operator') return `operator ${caller.name}`;
  return `address ${ipKeyGenerator(ip ?? '')}`;
}
