/** The commands of the page: plain requests to the same origin. What comes back from sessions comes along their streams. */
import { headersOf, type Identity } from './identity.ts';
import type { Flows, VoiceSession, VoiceStart } from './voice/voice-wire.ts';
import type { Agent, Chart, ChartSummary, Interruption, Session, SessionEvent, SessionMode } from './wire.ts';

/** The server said no. */
export class RefusedError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The server was not reached, or could not answer: the same may well be tried again. */
export class UnreachableError extends Error {
  /** Of the server's error, where it answered with one. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

export type NewSession = { readonly agentId: string; readonly interruption: Interruption | null };
export type SessionChange = {
  readonly title?: string;
  readonly mode?: SessionMode;
  readonly interruption?: Interruption;
};
/** `sender`: the name of a person who answers for the agent; absent: the customer speaks. */
export type NewMessage = { readonly text: string; readonly key: string; readonly sender?: string };

export type Api = ReturnType<typeof createApi>;

export function createApi(identity: Identity) {
  return {
    agents: () => request<readonly Agent[]>('GET', '/agents'),
    charts: () => request<readonly ChartSummary[]>('GET', '/api/machines'),
    chart: (name: string) => request<Chart>('GET', `/api/machines/${encodeURIComponent(name)}/layout`),
    session: (id: string) => request<Session>('GET', pathOf(id)),
    create: ({ agentId, interruption }: NewSession) =>
      request<Session>('POST', '/sessions', { body: { agent_id: agentId, interruption } }),
    change: (id: string, change: SessionChange) => request<Session>('PATCH', pathOf(id), { body: change }),
    remove: (id: string) => request<void>('DELETE', pathOf(id)),
    start: (id: string) => request<unknown>('POST', `${pathOf(id)}/start`),
    stop: (id: string) => request<unknown>('POST', `${pathOf(id)}/stop`),
    cancel: (id: string) => request<unknown>('POST', `${pathOf(id)}/cancel`, { body: {} }),
    flows: () => request<Flows>('GET', '/api/flows'),
    callFlow: (id: string) =>
      request<VoiceStart>('POST', `/api/flows/${encodeURIComponent(id)}/test-audio`, { body: {} }),
    voiceSession: (id: string) => request<VoiceSession>('GET', voicePathOf(id)),
    endCall: (id: string) => request<unknown>('DELETE', voicePathOf(id)),
    say: (id: string, { text, key, sender }: NewMessage) =>
      request<SessionEvent>('POST', `${pathOf(id)}/events`, {
        headers: { 'idempotency-key': key },
        body: {
          kind: 'message',
          source: sender === undefined ? 'customer' : 'human_agent',
          message: text,
          ...(sender !== undefined && { participant: { display_name: sender } }),
        },
      }),
  };

  async function request<Answer>(
    method: string,
    path: string,
    { body, headers }: { readonly body?: object; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Answer> {
    const response = await fetch(path, {
      method,
      headers: {
        ...headersOf(identity),
        ...headers,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new UnreachableError('The server cannot be reached.');
    });
    if (response.status === 204) return undefined as Answer; // of commands without an answer
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && answer !== undefined) return answer as Answer; // the server's own schemas
    throw toError(response.status, answer);
  }
}

function pathOf(sessionId: string): string {
  return `/sessions/${encodeURIComponent(sessionId)}`;
}

function voicePathOf(sessionId: string): string {
  return `/api/voice-sessions/${encodeURIComponent(sessionId)}`;
}

function toError(status: number, answer: unknown): Error {
  const { code, detail, title } = (answer ?? {}) as { code?: string; detail?: unknown; title?: string }; // docs/errors.md
  const message = typeof detail === 'string' ? detail : (title ?? `The server answered ${status}.`);
  // An answer that was cut off is none.
  return status < 300 || status >= 500 || status === 429
    ? new UnreachableError(message, code)
    : new RefusedError(status, code ?? `HTTP_${status}`, message);
}
