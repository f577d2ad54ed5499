/**
 * Mounts routes on Express. The order is the same for all: caller, rights, session, body, schemas, handler. Whatever depends on the
 * route is made once, here; a request pays only for what it uses (no promise for a caller that needs none, no query that is not there).
 */
import { Router, type Request, type Response } from 'express';
import { SessionNotFoundError } from '../errors.ts';
import type { JsonObject } from '../event-log/event.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import type { Sessions } from '../session/sessions.ts';
import { demand, mayReach, type Caller } from './access.ts';
import type { CallerOf } from './caller.ts';
import { MethodNotAllowedError } from './errors.ts';
import { createOnce, toReceiptKey, type Once } from './idempotency.ts';
import type { ReadBody } from './json-body.ts';
import { notesOf } from './notes.ts';
import { parse } from './parse.ts';
import { isOfSession, type Answer, type Handled, type Route, type SessionRouteRequest } from './route.ts';
import { sessionId } from './schemas/common.ts';

export type RouterDeps = {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly callerOf: CallerOf;
  /** Throws `RateLimitedError`. Absent: no limit. */
  readonly limitRate?: (req: Request, res: Response, caller: Caller) => Promise<void>;
  readonly readBody: ReadBody;
  readonly once: Once;
};

export function createRouter(routes: readonly Route[], deps: RouterDeps): Router {
  const router = Router({ caseSensitive: true });
  for (const [path, group] of Map.groupBy(routes, (route) => route.path)) {
    const mounted = router.route(toExpressPath(path));
    for (const route of group) mounted[route.method](createHandler(route, deps));
    mounted.all(refuseMethod(group));
  }
  return router;
}

function createHandler(route: Route, deps: RouterDeps) {
  const ofSession = isOfSession(route);
  const { admit, readBody = deps.readBody } = route;
  const once = route.receipts ? createOnce(route.receipts) : deps.once;
  // A probe that is refused would have a healthy server restarted.
  const limitRate = admit || route.operation === 'read health' ? undefined : deps.limitRate;
  return async (req: Request, res: Response): Promise<void> => {
    const notes = notesOf(res);
    notes.route = route.path;
    notes.operation = route.operation;
    notes.params = req.params;
    admit?.(req);
    const known = admit ? ANYBODY : deps.callerOf(req);
    const caller = known instanceof Promise ? await known : known;
    notes.role = caller.role;
    demand(caller, route.operation);
    if (limitRate) await limitRate(req, res, caller);
    const session = ofSession ? await findSession(req, caller) : undefined;
    const handled = await handle(req, res, caller, session);
    if (!handled) return;
    if ('later' in handled) await handled.later();
    else sendAnswer(res, handled);
  };

  /** Another customer's session is not found, on every route. */
  async function findSession(req: Request, caller: Caller): Promise<SessionRecord> {
    const id = parse(sessionId, req.params['session_id'], { place: 'path', at: ['session_id'] });
    const session = await deps.sessions.get(id);
    if (!mayReach(caller, session.customerId)) throw new SessionNotFoundError(id);
    return session;
  }

  async function handle(
    req: Request,
    res: Response,
    caller: Caller,
    session: SessionRecord | undefined,
  ): Promise<Handled> {
    const params = route.params ? parse(route.params, req.params, { place: 'path' }) : {};
    const query = route.query && parse(route.query, queryOf(req), { place: 'query' });
    const body = route.body && parse(route.body, await readBody(req, res), { place: 'body' });
    const receiptKey = route.idempotent && toReceiptKeyOf(req, caller, { query, body });
    const request = { req, res, caller, params, query, body, receiptKey, session } as SessionRouteRequest<
      unknown,
      unknown
    >; // `session` is there for every route that may read it
    if (!receiptKey) return route.handle(request);
    return once<Handled>(receiptKey, {
      perform: async () => route.handle(request),
      repeat: (result) => (route.repeat ? route.repeat(result, request) : toStoredAnswer(result)),
    });
  }
}

function toReceiptKeyOf(req: Request, caller: Caller, request: unknown) {
  const header = req.headers['idempotency-key'];
  if (header === undefined) return undefined;
  return toReceiptKey({ header: String(header), caller, path: req.path, request });
}

function toStoredAnswer({ status, body }: JsonObject): Answer {
  return { status: Number(status), body, headers: { 'Idempotency-Replayed': 'true' } };
}

const ANYBODY: Caller = { role: 'anybody' };
const NO_QUERY = {};

/** Express parses the query each time it is asked for. */
function queryOf(req: Request): unknown {
  return req.url.includes('?') ? req.query : NO_QUERY;
}

/** As `res.json`, without looking at the app's settings and the request's caches. */
function sendAnswer(res: Response, { status, body, headers }: Answer): void {
  if (body === undefined) {
    res.writeHead(status, headers).end();
    return;
  }
  const text = JSON.stringify(body);
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...headers,
  });
  res.end(text);
}

function refuseMethod(group: readonly Route[]) {
  const methods = new Set(group.map(({ method }) => method.toUpperCase()));
  if (methods.has('GET')) methods.add('HEAD');
  const allow = [...methods, 'OPTIONS'].join(', ');
  return (req: Request, res: Response): void => {
    if (req.method !== 'OPTIONS') throw new MethodNotAllowedError(allow);
    res.writeHead(204, { Allow: allow }).end();
  };
}

function toExpressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
