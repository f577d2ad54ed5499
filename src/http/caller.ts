/**
 * Who is asking. `AUTH=dev` believes what a request says (the server listens on loopback only); `AUTH=jwt` checks a bearer token
 * (`token-caller.ts`). No token is kept, logged or sent on.
 */
import type { Request } from 'express';
import type { Settings } from '../config.ts';
import type { Caller } from './access.ts';
import { InvalidOrganisationError, InvalidUserError } from './errors.ts';
import { isUserId } from './user-id.ts';

/** Answers at once where nothing has to be verified: a promise per request is only paid for with `AUTH=jwt`. */
export type CallerOf = (req: Request) => Caller | Promise<Caller>;

export type CallerSettings = Pick<Settings, 'auth' | 'jwtSecret' | 'jwksUrl' | 'jwtIssuer' | 'jwtAudience'>;

const DEV_OPERATOR: Caller = { role: 'operator', name: 'dev' };

export function createCallerOf(settings: CallerSettings): CallerOf {
  if (settings.auth === 'dev') return callerByName;
  // What checks tokens is loaded only where there are any.
  const loading = import('./token-caller.ts').then((loaded) => loaded.createTokenCallerOf(settings));
  return async (req) => (await loading)(req);
}

/** `X-User-Id`, or `?user=` where a header cannot be set (EventSource); who names nobody is an operator. */
function callerByName(req: Request): Caller {
  const header = req.headers['x-user-id'];
  const name =
    typeof header === 'string' ? fromUtf8(header) : req.url.includes('user=') ? req.query['user'] : undefined;
  const org = orgNamed(req);
  if (name === undefined) return org ? { ...DEV_OPERATOR, ...org } : DEV_OPERATOR;
  if (!isUserId(name)) throw new InvalidUserError();
  return { role: 'customer', customerId: name, ...org };
}

/** `X-Org-Id`. */
function orgNamed({ headers }: Request): { readonly org: string } | undefined {
  const header = headers['x-org-id'];
  if (header === undefined) return undefined;
  const org = typeof header === 'string' ? fromUtf8(header) : '';
  if (!isUserId(org)) throw new InvalidOrganisationError();
  return { org };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Node hands on each byte of a header as a character. As UTF-8 they name the same customer as `?user=` does. */
function fromUtf8(header: string): string {
  if (!/[^ -~]/.test(header)) return header;
  try {
    return utf8.decode(Buffer.from(header, 'latin1'));
  } catch {
    throw new InvalidUserError();
  }
}
