/**
 * What a worker proves itself with: it may report on one voice session, for a while. `base64url(JSON).base64url(HMAC-SHA256)`, checked
 * without a look at anything stored.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** How long after the deadline a worker may still report. */
const VALID_AFTER_DEADLINE_S = 3_600;

const claims = z.object({ aud: z.literal('agent-status'), sid: z.string(), exp: z.number() });

export interface CallbackTokens {
  /** `deadlineAt`: ms since 1970; the token is good for an hour beyond. */
  sign(session: { readonly id: string; readonly deadlineAt: number }): string;
  /** Whether the token is ours, of this session, and not expired at `now` (ms since 1970). */
  isValid(token: string, session: { readonly id: string; readonly now: number }): boolean;
}

export function createCallbackTokens(secret: string): CallbackTokens {
  return {
    sign({ id, deadlineAt }) {
      const exp = Math.floor(deadlineAt / 1_000) + VALID_AFTER_DEADLINE_S;
      const body = Buffer.from(JSON.stringify({ aud: 'agent-status', sid: id, exp })).toString('base64url');
      return `${body}.${signatureOf(body).toString('base64url')}`;
    },

    isValid(token, { id, now }) {
      const [body = '', signature = '', more] = token.split('.');
      if (more !== undefined) return false;
      const given = Buffer.from(signature, 'base64url');
      const own = signatureOf(body);
      if (given.length !== own.length || !timingSafeEqual(given, own)) return false;
      const { success, data } = claims.safeParse(read(body));
      return success && data.sid === id && data.exp * 1_000 > now;
    },
  };

  function signatureOf(body: string): Buffer {
    return createHmac('sha256', secret).update(body).digest();
  }
}

/** Undefined where it is no JSON. */
function read(body: string): unknown {
  try {
    return JSON.parse(Buffer.from(body, 'base64url').toString());
  } catch {
    return undefined;
  }
}
