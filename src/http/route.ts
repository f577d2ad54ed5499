/**
 * A route is one value: what it is called, who may use it, what it takes, what it answers, and what it does. The router mounts it and
 * the OpenAPI document describes it from the same value, so that neither can be forgotten.
 */
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { JsonObject } from '../event-log/event.ts';
import type { SessionStore } from '../event-log/event-log.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import type { Caller, Operation } from './access.ts';
import type { ReceiptKey } from './idempotency.ts';
import type { ReadBody } from './json-body.ts';

/** What a handler answers: sent as JSON, with an empty body where there is none. */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What is left to do when the effect is committed and a repeat need wait no longer: to stream, say. */
export type Later = { readonly later: () => Promise<void> };

/** Nothing where the handler wrote the answer itself. */
export type Handled = Answer | Later | void;

/** What a handler gets: everything parsed, the caller admitted. */
export type RouteRequest<Query, Body> = {
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  /** Of a POST with an `Idempotency-Key`: to be committed with what the handler makes. */
  readonly receiptKey: ReceiptKey | undefined;
  readonly req: Request;
  readonly res: Response;
};

/** A request to one session, which exists and is the caller's. */
export type SessionRouteRequest<Query, Body> = RouteRequest<Query, Body> & {
  readonly session: SessionRecord;
};

/** How an answer is described; without a schema it has no body. */
export type AnswerDoc = {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Media types that are no JSON, e.g. `text/event-stream`, with what they hold. */
  readonly media?: Readonly<Record<string, string>>;
};

type Spec<Query, Body, Given> = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/sessions/{session_id}`. */
  readonly path: string;
  readonly operation: Operation;
  /**
   * Of a route that no user calls (a worker, another server): throws unless the request has credentials of its own, before its body is
   * read. Then no caller is looked for, and no rate counts.
   */
  readonly admit?: (req: Request) => void;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodObject<Readonly<Record<string, z.ZodType<string>>>>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** Default: as JSON. */
  readonly readBody?: ReadBody;
  /** Whether a POST takes `Idempotency-Key`. */
  readonly idempotent?: true;
  /** Where is found again what a request has made; default: in the log of sessions. */
  readonly receipts?: Pick<SessionStore, 'findReceipt'>;
  readonly answers: Readonly<Record<number, AnswerDoc>>;
  /** Codes of the errors this route adds to those of every route. */
  readonly errors?: readonly string[];
  readonly handle: (request: Given) => Handled | Promise<Handled>;
  /** Answers a repeat from its receipt; default: the answer that stands in it. */
  readonly repeat?: (result: JsonObject, request: Given) => Handled | Promise<Handled>;
};

/** A route with its types forgotten: the router has parsed what the handler gets. */
export type Route = Spec<unknown, unknown, SessionRouteRequest<unknown, unknown>>;

/** A route that is about no session. */
export function route<Query = undefined, Body = undefined>(
  spec: Spec<Query, Body, RouteRequest<Query, Body>>,
): Route {
  if (isOfSession(spec)) throw new Error(`${spec.path} is about a session: use sessionRoute.`);
  return spec as unknown as Route; // the router gives the handler what the schemas made
}

/** A route under `/sessions/{session_id}`: the router looks the session up, and another customer's is not found. */
export function sessionRoute<Query = undefined, Body = undefined>(
  spec: Spec<Query, Body, SessionRouteRequest<Query, Body>>,
): Route {
  if (!isOfSession(spec)) throw new Error(`${spec.path} names no session: use route.`);
  return spec as unknown as Route; // as above
}

/** Whether a route is about one session. */
export function isOfSession({ path }: { readonly path: string }): boolean {
  return path.startsWith('/sessions/{session_id}');
}
