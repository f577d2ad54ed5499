/**
 * A voice worker's calls to Colloquy: where it stands, and the conversation it lends its voice to. They carry the token that came with the
 * job, and go to the address that came with it.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Pauses before the second, third and fourth attempt. */
const WAITS_MS = [200, 400, 800];
const TIMEOUT_MS = 5_000;
/** An agent may think. */
const TURN_TIMEOUT_MS = 150_000;

/**
 * POSTs JSON, and again where the server says that it cannot just now (5xx): four attempts. Everything else it says is final. No
 * connection, or no answer in time, is thrown at once.
 *
 * @param {string} url
 * @param {{ token: string, body: object, timeoutMs?: number, wait?: (ms: number) => Promise<unknown> }} options
 * @returns {Promise<Response>}
 */
export async function postWithRetry(url, { token, body, timeoutMs = TIMEOUT_MS, wait = sleep }) {
  for (let attempt = 0; ; attempt++) {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const pause = WAITS_MS[attempt];
    if (response.status < 500 || pause === undefined) return response;
    await response.body?.cancel();
    await wait(pause);
  }
}

/**
 * @param {{ sessionId: string, callbackUrl: string, callbackToken: string }} meta what came with the job
 */
export function createBackend({ sessionId, callbackUrl, callbackToken: token }) {
  const flowUrl = new URL('flow', callbackUrl).href;

  return {
    /** An event as Colloquy and the people in the room read it. */
    stamp: (type, more = {}) => ({ type, sessionId, timestamp: new Date().toISOString(), ...more }),

    /**
     * Resolves with whether the session still wants its agent. A report that is lost must not silence the agent: then it does.
     *
     * @param {object} event of `stamp`
     */
    async report(event) {
      try {
        return (await postWithRetry(callbackUrl, { token, body: event })).status !== 409;
      } catch {
        return true;
      }
    },

    /** The greeting, and the conversation that begins with it. */
    init: () => flow({ phase: 'init' }),

    /** What the agent answers; nothing where something newer was said meanwhile. */
    async turn(text) {
      const { status, messages } = await flow({ phase: 'turn', text }, TURN_TIMEOUT_MS);
      return status === 'interrupted' ? '' : messages.join(' ');
    },
  };

  async function flow(body, timeoutMs) {
    const response = await postWithRetry(flowUrl, { token, body, ...(timeoutMs && { timeoutMs }) });
    if (!response.ok) throw new Error(`Colloquy answers ${response.status} to ${body.phase}.`);
    return response.json();
  }
}
