/**
 * The client of a Parlant server's sessions and events. What each answer means is decided here, once, from the published behaviour of
 * that server; `docs/upstream.md` tells it to users. A message is never posted twice by this file: it posts once and says what is known
 * about it.
 */
import type { Answer, Broken } from './exchange.ts';
import { judgeStatus, toGarbage } from './failures.ts';
import { followEvent } from './follow-event.ts';
import { createRequests, type RequestOptions, type Requests } from './requests.ts';
import { type Parsed, parseEvent, parseEvents, parseSession, toNews } from './upstream-event.ts';
import type { Failed, Gone, PollOutcome, PostOutcome, Refused, Upstream } from './upstream.ts';

export type ParlantUpstreamOptions = RequestOptions;

export type ParlantUpstream = Upstream & {
  /** Connections that wait, and idle ones kept for the next to wait; commands in the queue. */
  readonly counts: Requests['counts'];
};

/** An answer that came back sooner than this did not wait. */
const EARLY_MS = 1_000;

/** How long a stream of one message may be silent before upstream ends it. */
const SILENCE_S = 60;

/** Throws `InvalidUpstreamError`. Connects to nothing until it is asked for something. */
export function createParlantUpstream(options: ParlantUpstreamOptions): ParlantUpstream {
  const { command, wait, stream, counts, maxAnswerBytes, close } = createRequests(options);

  return {
    async createSession({ agentId, customerId, title, metadata, signal }) {
      const body = { agent_id: agentId, customer_id: customerId, title, metadata };
      const answer = await command({ method: 'POST', path: '/sessions', body, signal });
      const created = read(answer, parseSession);
      if (created.kind === 'read') return { kind: 'created', sessionId: created.value.id };
      if (created.kind !== 'gone') return created;
      const message = `${created.error.message} Upstream has no agent "${agentId}".`;
      return { kind: 'refused', error: { code: 'UPSTREAM_AGENT_UNKNOWN', message } };
    },

    async postMessage({ sessionId, text, participant, metadata, signal }) {
      const answer = await command({
        method: 'POST',
        path: eventsOf(sessionId),
        body: { kind: 'message', source: 'customer', message: text, participant, metadata },
        // Parlant knows no such header; where it is known, a repeat stores nothing.
        headers: { 'idempotency-key': metadata.colloquy_event_id },
        signal,
      });
      return toPostOutcome(answer);
    },

    async findPosted({ sessionId, colloquyEventId, minOffset = 0, signal }) {
      const query = `min_offset=${minOffset}&wait_for_data=0&source=customer&kinds=message`;
      const answer = await command({ method: 'GET', path: `${eventsOf(sessionId)}?${query}`, signal });
      const events = read(answer, parseEvents);
      if (events.kind !== 'read') return events;
      const event = events.value.find(({ metadata }) => metadata['colloquy_event_id'] === colloquyEventId);
      return event ? { kind: 'found', event } : { kind: 'none' };
    },

    async poll({ sessionId, minOffset, waitSeconds, signal }) {
      const began = performance.now();
      const path = `${eventsOf(sessionId)}?min_offset=${minOffset}&wait_for_data=${waitSeconds}`;
      const answer = await wait({ path, signal, waitSeconds });
      const early = performance.now() - began < Math.min(EARLY_MS, waitSeconds * 500);
      // A proxy's own 504, whatever its body says, means the same.
      if (answer.kind === 'answer' && answer.status === 504) return { kind: 'timeout', early };
      const list = read(answer, parseEvents);
      return list.kind === 'read' ? toPollOutcome(toNews(list.value, minOffset), early) : list;
    },

    followEvent({ sessionId, eventId, signal }) {
      const path = `${eventsOf(sessionId)}/${encodeURIComponent(eventId)}?sse=true&wait_for_data=${SILENCE_S}`;
      const open = () => stream({ path, signal, waitSeconds: SILENCE_S });
      return followEvent({ method: 'GET', path, signal, maxFrameChars: maxAnswerBytes, open });
    },

    counts,
    close,
  };
}

function eventsOf(sessionId: string): string {
  return `/sessions/${encodeURIComponent(sessionId)}/events`;
}

/** An answer as what it should be, or why it is not. */
function read<T>(
  answer: Answer | Broken,
  parse: (text: string) => Parsed<T>,
): { readonly kind: 'read'; readonly value: T } | Failed | Refused | Gone {
  if (answer.kind === 'broken') return { kind: 'failed', error: answer.error };
  if (!isSuccess(answer)) {
    const { verdict, error } = judgeStatus(answer.status, answer.request);
    return { kind: verdict, error };
  }
  const parsed = parse(answer.text);
  if (parsed.ok) return { kind: 'read', value: parsed.value };
  return { kind: 'failed', error: toGarbage(parsed.what, answer.request) };
}

function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

function toPollOutcome(news: ReturnType<typeof toNews>, early: boolean): PollOutcome {
  const newest = news.at(-1);
  // All of it was seen before: upstream did not wait, or told old things again.
  if (!newest) return { kind: 'timeout', early };
  return { kind: 'events', events: news, nextOffset: newest.offset + 1 };
}

/**
 * Upstream stores a message before it answers, and refuses before it stores: permission, rate limit, then the rules of the body come
 * first. So only 4xx says that nothing is stored; a 5xx, its own or a proxy's, may come from behind the storing.
 */
function toPostOutcome(answer: Answer | Broken): PostOutcome {
  if (answer.kind === 'broken' && answer.at === 'connect') return { kind: 'notSent', error: answer.error };
  if (answer.kind === 'answer' && (answer.status === 429 || answer.status === 425))
    return { kind: 'busy', error: judgeStatus(answer.status, answer.request).error };
  const posted = read(answer, parseEvent);
  if (posted.kind === 'read') return { kind: 'posted', event: posted.value };
  return posted.kind === 'failed' ? { kind: 'doubtful', error: posted.error } : posted;
}
