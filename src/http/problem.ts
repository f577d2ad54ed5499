/**
 * The only translator of errors into answers. Parlant's routes answer as Parlant does (`detail` is a list where a request does not fit
 * its schema), all others RFC 9457. What is not a `DomainError` is a bug: the answer says nothing, the log says everything.
 */
import type { ServerResponse } from 'node:http';
import { DomainError, QueueFullError, ShuttingDownError } from '../errors.ts';
import {
  BodyTooLargeError,
  InternalError,
  InvalidJsonError,
  InvalidRequestError,
  MethodNotAllowedError,
  RateLimitedError,
  UnauthenticatedError,
  UnreadableBodyError,
  UnsupportedMediaTypeError,
} from './errors.ts';

/** The first segments of the paths of Parlant's API. */
const parlantRoutes = new Set([
  'agents',
  'canned_responses',
  'capabilities',
  'context-variables',
  'customers',
  'evaluations',
  'guidelines',
  'journeys',
  'logs',
  'relationships',
  'services',
  'sessions',
  'tags',
  'terms',
]);

/** Whether errors there are answered as Parlant does. */
export function isParlantPath(path: string): boolean {
  return parlantRoutes.has(path.split('/', 2)[1] ?? '');
}

/** The error a caller may hear of: itself, or what a library meant, or `InternalError`. */
export function toDomainError(error: unknown, { maxBodyKb }: { readonly maxBodyKb: number }): DomainError {
  if (error instanceof DomainError) return error;
  switch (bodyParserTypeOf(error)) {
    case 'entity.parse.failed':
      return new InvalidJsonError();
    case 'entity.too.large':
      return new BodyTooLargeError(maxBodyKb);
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new UnsupportedMediaTypeError();
    case 'unreadable':
      return new UnreadableBodyError();
    default:
      return new InternalError();
  }
}

/** `path`: of the request, without its query. Nothing happens if the answer has begun: then there is only the connection to end. */
export function sendProblem(res: ServerResponse, error: DomainError, path: string): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const isParlant = isParlantPath(path);
  const body = JSON.stringify(isParlant ? toParlantError(error) : toProblem(error));
  res.writeHead(error.status, {
    'Content-Type': isParlant ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...extraHeaders(error),
  });
  res.end(body);
}

function toProblem(error: DomainError) {
  return {
    type: `urn:colloquy:error:${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.code,
    retryable: error.retryable,
    ...error.members,
    ...(error instanceof InvalidRequestError && {
      errors: error.complaints.map(({ place, path, message, code }) => ({
        place,
        field: path.join('.'),
        ...(place === 'body' && { pointer: toPointer(path) }),
        message,
        code,
      })),
    }),
  };
}

function toParlantError(error: DomainError) {
  return { detail: toParlantDetail(error), code: error.code, title: error.title, status: error.status };
}

function toParlantDetail(error: DomainError) {
  if (!(error instanceof InvalidRequestError)) return error.message;
  return error.complaints.map(({ place, path, message, code, input }) => ({
    type: code,
    loc: [place, ...path],
    msg: message,
    ...(input !== undefined && { input }),
  }));
}

/** RFC 6901. */
function toPointer(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function extraHeaders(error: DomainError): Record<string, string> {
  if (error instanceof MethodNotAllowedError) return { Allow: error.allow };
  if (error instanceof UnauthenticatedError) return { 'WWW-Authenticate': 'Bearer' };
  if (error instanceof RateLimitedError) return { 'Retry-After': '60' };
  if (error instanceof QueueFullError) return { 'Retry-After': '1' };
  if (error instanceof ShuttingDownError) return { 'Retry-After': '1', Connection: 'close' };
  // The rest of a body that is not read would be taken for the next request.
  if (error instanceof BodyTooLargeError) return { Connection: 'close' };
  return {};
}

/** Errors of body-parser carry `type`; those of zlib and raw-body only a client's status. */
function bodyParserTypeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { type, status } = error as { type?: unknown; status?: unknown }; // read, not trusted
  if (type === 'entity.parse.failed' || type === 'entity.too.large') return type;
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') return type;
  return typeof status === 'number' && status >= 400 && status < 500 ? 'unreadable' : undefined;
}
