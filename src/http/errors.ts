/**
 * The errors only HTTP knows: bad input, callers, limits. Those of the domain are in `../errors.ts`; `problem.ts` turns both into
 * answers, and `docs/errors.md` lists all of them.
 */
import { DomainError } from '../errors.ts';

/** One thing that is wrong with a request, and where. */
export type Complaint = {
  /** `body`, `query` or `path`. */
  readonly place: string;
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** What kind of mistake, e.g. `too_big`. */
  readonly code: string;
  /** What was given there, where it is a plain value. */
  readonly input?: string | number | boolean | null;
};

export class InvalidRequestError extends DomainError {
  readonly code = 'INVALID_REQUEST';
  readonly status = 422;
  readonly title = 'Invalid request';
  readonly complaints: readonly Complaint[];
  constructor(complaints: readonly Complaint[]) {
    const [first] = complaints;
    super(first ? `${[first.place, ...first.path].join('.')}: ${first.message}` : 'The request is invalid.');
    this.complaints = complaints;
  }
}

/** A rule of Parlant's API that a schema cannot say; its `detail` is a text. */
export class InvalidEventError extends DomainError {
  readonly code = 'INVALID_EVENT';
  readonly status = 422;
  readonly title = 'Invalid event';
}

export class InvalidJsonError extends DomainError {
  readonly code = 'INVALID_JSON';
  readonly status = 400;
  readonly title = 'Invalid JSON';
  constructor() {
    super('The body is not JSON.');
  }
}

export class UnreadableBodyError extends DomainError {
  readonly code = 'UNREADABLE_BODY';
  readonly status = 400;
  readonly title = 'Unreadable body';
  constructor() {
    super('The body could not be read: its length, compression or transfer is broken.');
  }
}

export class UnsupportedMediaTypeError extends DomainError {
  readonly code = 'UNSUPPORTED_MEDIA_TYPE';
  readonly status = 415;
  readonly title = 'Unsupported media type';
  constructor() {
    super('Send the body as UTF-8 JSON, with `Content-Type: application/json`.');
  }
}

export class BodyTooLargeError extends DomainError {
  readonly code = 'BODY_TOO_LARGE';
  readonly status = 413;
  readonly title = 'Body too large';
  constructor(limitKb: number) {
    super(`The body is larger than ${limitKb} KB.`);
  }
}

export class MalformedUrlError extends DomainError {
  readonly code = 'MALFORMED_URL';
  readonly status = 400;
  readonly title = 'Malformed URL';
  constructor() {
    super('The percent-encoding of the address is broken.');
  }
}

export class InvalidLastEventIdError extends DomainError {
  readonly code = 'INVALID_LAST_EVENT_ID';
  readonly status = 400;
  readonly title = 'Invalid Last-Event-ID';
  constructor() {
    super('`Last-Event-ID` must be the offset of an event: a whole number from 0.');
  }
}

export class InvalidIdempotencyKeyError extends DomainError {
  readonly code = 'INVALID_IDEMPOTENCY_KEY';
  readonly status = 400;
  readonly title = 'Invalid Idempotency-Key';
  constructor() {
    super('`Idempotency-Key` must be 1 to 255 printable ASCII characters.');
  }
}

export class IdempotencyKeyReusedError extends DomainError {
  readonly code = 'IDEMPOTENCY_KEY_REUSED';
  readonly status = 422;
  readonly title = 'Idempotency-Key reused';
  constructor() {
    super('This `Idempotency-Key` was used for another request within the last 24 hours.');
  }
}

export class RouteNotFoundError extends DomainError {
  readonly code = 'ROUTE_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Not Found';
  constructor() {
    super('Not Found');
  }
}

export class MachineNotFoundError extends DomainError {
  readonly code = 'MACHINE_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Machine not found';
  constructor(name: string) {
    super(`There is no statechart "${name}".`);
  }
}

export class MethodNotAllowedError extends DomainError {
  readonly code = 'METHOD_NOT_ALLOWED';
  readonly status = 405;
  readonly title = 'Method Not Allowed';
  /** The value of `Allow`. */
  readonly allow: string;
  constructor(allow: string) {
    super('Method Not Allowed');
    this.allow = allow;
  }
}

export class UnauthenticatedError extends DomainError {
  readonly code = 'UNAUTHENTICATED';
  readonly status = 401;
  readonly title = 'Unauthenticated';
  constructor() {
    super('A valid bearer token is needed.');
  }
}

export class InvalidUserError extends DomainError {
  readonly code = 'INVALID_USER';
  readonly status = 400;
  readonly title = 'Invalid user';
  constructor() {
    super('A user is named by 1 to 200 characters, in UTF-8, without control characters.');
  }
}

export class InvalidOrganisationError extends DomainError {
  readonly code = 'INVALID_ORGANISATION';
  readonly status = 400;
  readonly title = 'Invalid organisation';
  constructor() {
    super('An organisation is named by 1 to 200 characters, in UTF-8, without control characters.');
  }
}

export class OperatorOnlyError extends DomainError {
  readonly code = 'OPERATOR_ONLY';
  readonly status = 403;
  readonly title = 'Operator only';
  constructor(what: string) {
    super(`Only an operator may do this: ${what}.`);
  }
}

export class ForeignOriginError extends DomainError {
  readonly code = 'FOREIGN_ORIGIN';
  readonly status = 403;
  readonly title = 'Foreign origin';
  constructor() {
    super('Only loopback hosts, and pages from there or from `CORS_ORIGINS`, may call this server.');
  }
}

export class TooManyStreamsError extends DomainError {
  readonly code = 'TOO_MANY_STREAMS';
  readonly status = 429;
  readonly title = 'Too many streams';
  override readonly retryable = true;
  constructor(limit: number) {
    super(`${limit} streams and waiting polls of this customer are open; close one first.`);
  }
}

export class RateLimitedError extends DomainError {
  readonly code = 'RATE_LIMITED';
  readonly status = 429;
  readonly title = 'Too many requests';
  override readonly retryable = true;
  constructor(perMinute: number) {
    super(`Rate limit exceeded: ${perMinute} requests per minute.`);
  }
}

export class PollTimedOutError extends DomainError {
  readonly code = 'POLL_TIMED_OUT';
  readonly status = 504;
  readonly title = 'Request timed out';
  override readonly retryable = true;
  constructor() {
    super('Request timed out');
  }
}

/** What a bug looks like from outside. The cause stays in the server's log. */
export class InternalError extends DomainError {
  readonly code = 'INTERNAL_ERROR';
  readonly status = 500;
  readonly title = 'Internal Server Error';
  constructor() {
    super('Something went wrong inside the server. The request id finds it in the log.');
  }
}

export class KeysUnavailableError extends DomainError {
  readonly code = 'KEYS_UNAVAILABLE';
  readonly status = 503;
  readonly title = 'Keys unavailable';
  override readonly retryable = true;
  constructor() {
    super('The keys that check bearer tokens cannot be fetched at the moment.');
  }
}
