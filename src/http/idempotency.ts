/**
 * `Idempotency-Key`: a repeat answers what the first request made and stores nothing. What a request made is a receipt, written in
 * the commit of its effect: after a crash between commit and answer the repeat still finds it. Refusals are not kept (they stored
 * nothing, and the same request may succeed later). The key counts for one caller and one path.
 */
import { createHash } from 'node:crypto';
import type { Receipt, SessionStore } from '../event-log/event-log.ts';
import type { JsonObject } from '../event-log/event.ts';
import type { Caller } from './access.ts';
import { IdempotencyKeyReusedError, InvalidIdempotencyKeyError } from './errors.ts';

/** What a receipt needs besides its result. */
export type ReceiptKey = Pick<Receipt, 'scope' | 'key' | 'requestHash'>;

const KEY = /^[\x20-\x7e]{1,255}$/;

/** Undefined without the header. `path`: with the ids in it. `request`: query and body, as parsed. */
export function toReceiptKey(options: {
  readonly header: string | undefined;
  readonly caller: Caller;
  readonly path: string;
  readonly request: unknown;
}): ReceiptKey | undefined {
  const { header, caller, path, request } = options;
  if (header === undefined) return undefined;
  if (!KEY.test(header)) throw new InvalidIdempotencyKeyError();
  return {
    scope: `${nameOf(caller)} POST ${path}`,
    key: header,
    requestHash: createHash('sha256').update(JSON.stringify(request)).digest('base64url'),
  };
}

/** `perform` commits the effect and its receipt; `repeat` answers from the receipt. */
export type Once = <Answer>(
  key: ReceiptKey,
  steps: {
    readonly perform: () => Promise<Answer>;
    readonly repeat: (result: JsonObject) => Answer | Promise<Answer>;
  },
) => Promise<Answer>;

/** One for the process: it knows which requests are under way. */
export function createOnce(log: Pick<SessionStore, 'findReceipt'>): Once {
  const underWay = new Map<string, Promise<unknown>>();
  return async (key, { perform, repeat }) => {
    const name = `${key.scope}\n${key.key}`;
    while (underWay.has(name)) await underWay.get(name);
    const answer = answerOnce();
    const settled = answer.then(ignore, ignore);
    underWay.set(name, settled);
    try {
      return await answer;
    } finally {
      underWay.delete(name);
    }

    async function answerOnce() {
      const stored = await log.findReceipt(key.scope, key.key);
      if (!stored) return perform();
      if (stored.requestHash !== key.requestHash) throw new IdempotencyKeyReusedError();
      return repeat(stored.result);
    }
  };
}

function nameOf(caller: Caller): string {
  if (caller.role === 'customer') return `customer ${caller.customerId}`;
  return caller.role === 'operator' ? `operator ${caller.name}` : caller.role;
}

function ignore(): void {}
