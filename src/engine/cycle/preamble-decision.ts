/** Whether a few words should bridge the time until the answer: while agent and customer are still warming up, and where answers are slow. */
import { preambleTag } from '../../entities/collections/canned-response.ts';
import type { MessageData, SessionEvent } from '../../event-log/event.ts';

const patienceMs = 5_000;

/** `events`: of the session, oldest first; those that are no messages do not count. */
export function isPreambleRequired(events: readonly SessionEvent[]): boolean {
  const messages = events.filter(({ kind }) => kind === 'message');
  const lastOfAgent = messages.findLast(({ source }) => source === 'ai_agent');
  if (lastOfAgent && isPreamble(lastOfAgent)) return false;
  const waits = toWaitsMs(messages);
  return waits.length <= 2 || waits.slice(-2).every((wait) => wait >= patienceMs);
}

/** How long each message of the customer waited for one of the agent, oldest first, without those that wait still. */
function toWaitsMs(messages: readonly SessionEvent[]): readonly number[] {
  const waits: number[] = [];
  let waiting: readonly number[] = [];
  for (const { source, creation_utc } of messages) {
    const at = Date.parse(creation_utc);
    if (source === 'customer') waiting = [...waiting, at];
    if (source !== 'ai_agent') continue;
    waits.push(...waiting.map((since) => at - since));
    waiting = [];
  }
  return waits;
}

function isPreamble({ data }: SessionEvent): boolean {
  const { tags } = data as MessageData; // of a message
  return tags?.includes(preambleTag) ?? false;
}
