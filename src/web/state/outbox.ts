/**
 * What the user has said and the log does not show yet. Each message has a key of its own that goes along with every attempt to post it:
 * whatever breaks, it is stored once. It is shown until its event comes along the stream.
 */
import type { MessageData, SessionEvent } from '../wire.ts';

export type Outgoing = {
  /** Sent as `Idempotency-Key`. */
  readonly key: string;
  readonly sessionId: string;
  readonly text: string;
  /** Offset of the last event that was known when it was said: its own comes later. */
  readonly after: number;
  /** `refused`: the server will not have it, for this reason; trying again is the user's choice. */
  readonly state:
    | { readonly is: 'sending' | 'offline' }
    | { readonly is: 'refused'; readonly reason: string };
  /** Of its event, once the server has told. */
  readonly eventId: string | null;
};

/** Those whose event is not there yet, oldest first. */
export function notShown(
  outbox: readonly Outgoing[],
  sessionId: string,
  events: readonly SessionEvent[],
): readonly Outgoing[] {
  const own = outbox.filter((each) => each.sessionId === sessionId);
  if (own.length === 0) return own;
  const after = Math.min(...own.map((each) => each.after));
  const taken = new Set<string>();
  const candidates = events.filter((event) => event.offset > after && isFromCustomer(event));
  return own.filter((each) => {
    const shown = candidates.find((event) => !taken.has(event.id) && isEventOf(each, event));
    if (shown) taken.add(shown.id);
    return !shown;
  });
}

/** The stream may tell of the event before the answer to the request does: then it is known by its text. */
function isEventOf({ eventId, text, after }: Outgoing, { id, offset, data }: SessionEvent): boolean {
  if (eventId !== null) return id === eventId;
  return offset > after && (data as MessageData).message === text; // docs/events.md
}

function isFromCustomer({ kind, source }: SessionEvent): boolean {
  return kind === 'message' && source === 'customer';
}
