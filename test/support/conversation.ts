/**
 * A customer who lives through whatever happens to the server: a session, an EventSource that comes back by itself, and messages
 * one after another. It keeps what it was promised (201) and what it saw, so that both can be held against the log.
 */
import { EventSource } from 'eventsource';
import { isFinalReady, type MessageData, type SessionEvent } from '../../src/event-log/event.ts';
import type { Chunk } from '../../src/event-log/frame.ts';

/** What a conversation notices, in the moment it does. */
export type Notice = 'accepted' | 'status' | 'chunk' | 'answer';

export type Conversation = Disposable & {
  readonly sessionId: string;
  /** Texts that were answered with 201. */
  readonly accepted: readonly string[];
  /** Events as the EventSource got them. */
  readonly seen: readonly SessionEvent[];
  /** Text of messages as chunks made it, by message id. */
  readonly drafts: ReadonlyMap<string, string>;
  /** Says it; undefined if no 201 came back. */
  say(text: string): Promise<{ traceId: string } | undefined>;
  /** Resolves when the final `ready` of this turn was seen; rejects after 30 s without it. */
  turnOver(traceId: string): Promise<void>;
  /** Whether a message is known to have no final `ready` yet. */
  hasOpenTurn(): boolean;
  /** Whether the last thing seen is a piece of an answer. */
  isStreaming(): boolean;
  /** The connection failed for good, which an EventSource does not come back from. */
  readonly failed: Promise<never>;
};

export async function startConversation(options: {
  readonly url: string;
  readonly agentId: string;
  readonly onNotice?: (notice: Notice) => void;
}): Promise<Conversation> {
  const { url, agentId, onNotice = () => {} } = options;
  const sessionId = await createSession(url, agentId);
  const accepted: string[] = [];
  const seen: SessionEvent[] = [];
  const drafts = new Map<string, string>();
  const open = new Set<string>();
  const over = new Set<string>();
  const waiting = new Map<string, () => void>();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  let streaming = false;

  const source = new EventSource(`${url}/sessions/${sessionId}/events`, { fetch: hastily });
  for (const kind of ['message', 'status', 'tool', 'custom']) {
    source.addEventListener(kind, ({ data }: MessageEvent) =>
      note(JSON.parse(data as string) as SessionEvent),
    );
  }
  source.addEventListener('chunk', ({ data }: MessageEvent) => {
    const { message_id: id, index, text } = JSON.parse(data as string) as Chunk;
    drafts.set(id, index === 0 ? text : (drafts.get(id) ?? '') + text);
    streaming = true;
    onNotice('chunk');
  });
  source.addEventListener('error', ({ code, message }) => {
    if (source.readyState === source.CLOSED)
      failure.reject(new Error(`the stream failed: ${code} ${message}`));
    streaming = false;
  });

  function note(event: SessionEvent): void {
    seen.push(event);
    const traceId = event.trace_id;
    if (event.source === 'customer' && !over.has(traceId)) open.add(traceId);
    if (event.source === 'ai_agent' && event.kind === 'message') streaming = false;
    if (isFinalReady(event)) {
      streaming = false;
      over.add(traceId);
      open.delete(traceId);
      waiting.get(traceId)?.();
    }
    if (event.source === 'ai_agent') onNotice(event.kind === 'message' ? 'answer' : 'status');
  }

  return {
    sessionId,
    accepted,
    seen,
    drafts,
    async say(text) {
      const event = await post(`${url}/sessions/${sessionId}/events`, {
        kind: 'message',
        source: 'customer',
        message: text,
      });
      if (!event) return undefined;
      accepted.push(text);
      const { trace_id: traceId } = event as SessionEvent;
      if (traceId !== undefined && !over.has(traceId)) open.add(traceId);
      onNotice('accepted');
      return { traceId };
    },
    turnOver: (traceId) =>
      new Promise((resolve, reject) => {
        if (over.has(traceId)) return resolve();
        const lost = setTimeout(() => reject(new Error(`the turn ${traceId} never ended`)), 30_000);
        waiting.set(traceId, () => {
          clearTimeout(lost);
          resolve();
        });
      }),
    hasOpenTurn: () => open.size > 0,
    isStreaming: () => streaming,
    failed: failure.promise,
    [Symbol.dispose]: () => source.close(),
  };
}

/** The events of a session as the log has them. */
export async function readLog(url: string, sessionId: string): Promise<readonly SessionEvent[]> {
  const response = await fetch(`${url}/sessions/${sessionId}/events?wait_for_data=0`);
  if (response.status !== 200) throw new Error(`reading the events answered ${response.status}`);
  return (await response.json()) as SessionEvent[];
}

export async function createSession(url: string, agentId: string): Promise<string> {
  const session = await post(`${url}/sessions`, { agent_id: agentId });
  if (!session) throw new Error('no session was made');
  return (session as { id: string }).id;
}

/** The body of a 201; undefined if the connection broke before its status was here. */
export async function post(url: string, body: object): Promise<object | undefined> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  if (!response) return undefined;
  if (response.status !== 201)
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  // A server killed between status and body has made its promise all the same.
  return (await response.json().catch(() => ({}))) as object;
}

export function textOf({ data }: SessionEvent): string {
  return (data as MessageData).message;
}

/** As `fetch`, but every stream begins by asking for a reconnection after 50 ms: the default of 3 s would be most of a test. */
const hastily: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const { body, status, headers } = response;
  if (!body || status !== 200) return response;
  const first = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('retry: 50\n\n')),
  });
  return new Response(body.pipeThrough(first), { status, headers });
};
