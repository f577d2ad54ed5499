/**
 * Who is asking. `AUTH=dev` believes what a request says (the server listens on loopback only); `AUTH=jwt` checks a bearer token.
 * No token is kept, logged or sent on.
 */
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Request } from 'express';
import type { Settings } from '../config.ts';
import type { Caller } from './access.ts';
import {
  InvalidOrganisationError,
  InvalidUserError,
  KeysUnavailableError,
  UnauthenticatedError,
} from './errors.ts';

/** Answers at once where nothing has to be verified: a promise per request is only paid for with `AUTH=jwt`. */
export type CallerOf = (req: Request) => Caller | Promise<Caller>;

export type CallerSettings = Pick<Settings, 'auth' | 'jwtSecret' | 'jwksUrl' | 'jwtIssuer' | 'jwtAudience'>;

const ANYBODY: Caller = { role: 'anybody' };
const DEV_OPERATOR: Caller = { role: 'operator', name: 'dev' };
const USER_ID = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

export function createCallerOf(settings: CallerSettings): CallerOf {
  return settings.auth === 'dev' ? callerByName : createTokenCallerOf(settings);
}

/** `X-User-Id`, or `?user=` where a header cannot be set (EventSource); who names nobody is an operator. */
function callerByName(req: Request): Caller {
  const header = req.headers['x-user-id'];
  const name =
    typeof header === 'string' ? fromUtf8(header) : req.url.includes('user=') ? req.query['user'] : undefined;
  const org = orgNamed(req);
  if (name === undefined) return org ? { ...DEV_OPERATOR, ...org } : DEV_OPERATOR;
  if (typeof name !== 'string' || !USER_ID.test(name)) throw new InvalidUserError();
  return { role: 'customer', customerId: name, ...org };
}

/** `X-Org-Id`. */
function orgNamed({ headers }: Request): { readonly org: string } | undefined {
  const header = headers['x-org-id'];
  if (header === undefined) return undefined;
  const org = typeof header === 'string' ? fromUtf8(header) : '';
  if (!USER_ID.test(org)) throw new InvalidOrganisationError();
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

function createTokenCallerOf(settings: CallerSettings): CallerOf {
  const verify = createVerifier(settings);
  return async (req) => {
    const [scheme, token, more] = (req.headers.authorization ?? '').split(' ');
    if (scheme === '') return ANYBODY;
    if (scheme?.toLowerCase() !== 'bearer' || !token || more !== undefined) throw new UnauthenticatedError();
    return toCaller(await verify(token));
  };
}

type Verify = (token: string) => Promise<JWTPayload>;

/** A secret admits only HMAC, a key set only public keys: a token cannot choose to be checked the other way. */
function createVerifier({ jwtSecret, jwksUrl, jwtIssuer, jwtAudience }: CallerSettings): Verify {
  const options = {
    ...(jwtIssuer !== undefined && { issuer: jwtIssuer }),
    ...(jwtAudience !== undefined && { audience: jwtAudience }),
    requiredClaims: ['sub'],
  };
  if (jwksUrl !== undefined) {
    const keys = createRemoteJWKSet(new URL(jwksUrl));
    const algorithms = [
      'RS256',
      'RS384',
      'RS512',
      'PS256',
      'PS384',
      'PS512',
      'ES256',
      'ES384',
      'ES512',
      'EdDSA',
      'Ed25519',
    ];
    return (token) => jwtVerify(token, keys, { ...options, algorithms }).then(toPayload, refuseOrBlameKeys);
  }
  const secret = new TextEncoder().encode(jwtSecret);
  return (token) =>
    jwtVerify(token, secret, { ...options, algorithms: ['HS256', 'HS384', 'HS512'] }).then(toPayload, refuse);
}

function toPayload({ payload }: { payload: JWTPayload }): JWTPayload {
  return payload;
}

/** What is wrong with a token is not told. */
function refuse(): never {
  throw new UnauthenticatedError();
}

/** That the keys cannot be had is not the caller's fault. */
function refuseOrBlameKeys(error: unknown): never {
  const isTokenWrong = error instanceof errors.JOSEError && !keySetFaults.has(error.code);
  throw isTokenWrong ? new UnauthenticatedError() : new KeysUnavailableError();
}

const keySetFaults = new Set<string>([
  errors.JOSEError.code,
  errors.JWKSInvalid.code,
  errors.JWKSTimeout.code,
]);

function toCaller({ sub, roles: claim, org, exp }: JWTPayload): Caller {
  if (typeof sub !== 'string' || !USER_ID.test(sub)) throw new UnauthenticatedError();
  if (org !== undefined && (typeof org !== 'string' || !USER_ID.test(org))) throw new UnauthenticatedError();
  const roles = rolesIn(claim);
  const more = {
    ...(exp !== undefined && { expiresAt: exp * 1000 }),
    ...(org !== undefined && { org }),
    ...(roles.length > 0 && { roles }),
  };
  return roles.includes('operator')
    ? { role: 'operator', name: sub, ...more }
    : { role: 'customer', customerId: sub, ...more };
}

/** A list, or one. */
function rolesIn(claim: unknown): readonly string[] {
  const roles: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return roles.filter((role) => typeof role === 'string');
}
