/** Who is asking, by a bearer token. No token is kept, logged or sent on. */
import type { Request } from 'express';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Caller } from './access.ts';
import type { CallerSettings } from './caller.ts';
import { KeysUnavailableError, UnauthenticatedError } from './errors.ts';
import { isUserId } from './user-id.ts';

const ANYBODY: Caller = { role: 'anybody' };

/** Throws `UnauthenticatedError`, or `KeysUnavailableError` where keys cannot be had. */
export function createTokenCallerOf(settings: CallerSettings): (req: Request) => Promise<Caller> {
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
  if (!isUserId(sub)) throw new UnauthenticatedError();
  if (org !== undefined && !isUserId(org)) throw new UnauthenticatedError();
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
