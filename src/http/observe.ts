/**
 * The first and last thing of every request: its id, and what is logged and counted of it. A log line names the route, never the
 * address, the body or a header: what users say and who they are is not there. Refusals and slow requests are lines of level
 * `info`, all others of `debug`: a request costs 38 µs in all, a line for each would add 12 (and pino-http's, with its child
 * logger per request, 31).
 */
import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Attributes, OpenSpan, Telemetry } from '../telemetry/telemetry.ts';
import { startNotes, type Notes } from './notes.ts';

/** A request that took longer is worth a line. Streams and waiting polls are meant to. */
const SLOW_MS = 2_000;
const REQUEST_ID = /^[\w.:/=+-]{1,128}$/;

export type ObserveOptions = {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly telemetry: Pick<Telemetry, 'begin' | 'duration'>;
};

export function createObserve({ logger, metrics, telemetry }: ObserveOptions) {
  // One random part for the process and a number for each request: unique, and 20 times cheaper than a UUID for each.
  const prefix = randomUUID().slice(0, 13);
  let count = 0;
  return (req: Request, res: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    const given = req.headers['x-request-id'];
    const id =
      typeof given === 'string' && REQUEST_ID.test(given) ? given : `${prefix}-${(count++).toString(36)}`;
    res.setHeader('X-Request-Id', id);
    const notes = startNotes(res, id);
    const span = telemetry.begin('http.request');
    res.once('close', () => {
      const ms = performance.now() - startedAt;
      tell(req, res, { notes, span, ms });
      finish(req, res, notes, ms);
    });
    span.within(next);
  };

  function tell(
    { method }: Request,
    { statusCode }: Response,
    { notes, span, ms }: { readonly notes: Notes; readonly span: OpenSpan; readonly ms: number },
  ): void {
    const { route, isStream, isWait } = notes;
    const about = {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': statusCode,
    };
    span.end({ attributes: () => ({ ...about, ...toAttributes(notes) }) });
    if (!isStream && !isWait) telemetry.duration('httpreq', ms, about);
  }

  function finish(req: Request, res: Response, notes: Notes, ms: number): void {
    const status = res.statusCode;
    const { route, isStream, requestId, role, code } = notes;
    const isTimed = !isStream && !notes.isWait;
    metrics.observeRequest({ method: req.method, route, status, seconds: isTimed ? ms / 1000 : undefined });
    if (code !== '') metrics.countError(code);
    const level = code !== '' || (isTimed && ms > SLOW_MS) ? 'info' : 'debug';
    if (!logger.isLevelEnabled(level)) return;
    const facts = {
      requestId,
      method: req.method,
      route,
      status,
      ms: Math.round(ms),
      role,
      ...(code !== '' && { code }),
    };
    logger[level](facts, isStream ? 'stream ended' : 'request');
  }
}

function toAttributes({ requestId, operation, params, code }: Notes): Attributes {
  const ids = Object.entries(params).map(([name, value]) => [name, String(value)] as const);
  return {
    'request.id': requestId,
    operation,
    ...Object.fromEntries(ids),
    ...(code !== '' && { 'error.type': code }),
  };
}
