/** The chat of a session: its stored events, then the text that is being made. */
import type { SessionEvent } from '../wire.ts';
import {
  type ChatItem,
  type FailureItem,
  givenUp,
  type MessageItem,
  toChatItem,
  type ToolsItem,
} from './chat-item.ts';
import type { Growing, SessionLog } from './session-log.ts';
import { turnOf } from './turn.ts';

/**
 * What belongs to a turn stands together, under its question: also where the next message was sent in between, and a text that is made
 * stays where it is when it was interrupted. `agentName`: who is writing, before the message says so itself.
 */
export function toChatItems(log: SessionLog, agentName: string): readonly ChatItem[] {
  const growing = log.growing.filter(({ text }) => text !== '');
  const stored = storedItems(log.events);
  if (growing.length === 0) return stored;
  const items = [...stored];
  for (const each of growing) add(items, toGrowingItem(each, agentName));
  return items;
}

const known = new WeakMap<readonly SessionEvent[], readonly ChatItem[]>();

/** Kept for as long as the list of events is the same: a chunk costs nothing here. */
function storedItems(events: readonly SessionEvent[]): readonly ChatItem[] {
  let items = known.get(events);
  if (!items) {
    items = makeItems(events);
    known.set(events, items);
  }
  return items;
}

function makeItems(events: readonly SessionEvent[]): readonly ChatItem[] {
  const items: ChatItem[] = [];
  const begun = new Set<string>();
  for (const event of events) {
    const item = toChatItem(event);
    if (!item) continue;
    // Most rows begin a turn or go on with the last one: no list is looked through for them.
    if (begun.has(item.traceId)) add(items, item);
    else items.push(item);
    begun.add(item.traceId);
  }
  return withWaiting(withRetry(items), events);
}

function add(items: ChatItem[], item: ChatItem): void {
  const place = items.findLastIndex(({ traceId }) => traceId === item.traceId);
  const before = items[place];
  if (item.type === 'tools' && before?.type === 'tools') items[place] = joined(before, item);
  else if (before === undefined) items.push(item);
  else if (!isToldAlready(item, before)) items.splice(place + 1, 0, saidAfter(item, before));
}

/** Calls one after the other stand in one box. */
function joined(first: ToolsItem, second: ToolsItem): ToolsItem {
  return { ...first, calls: [...first.calls, ...second.calls] };
}

/** That a turn was given up, where its message says it was interrupted. */
function isToldAlready(item: ChatItem, before: ChatItem): boolean {
  return item.type === 'note' && before.type === 'message' && before.state === 'interrupted';
}

/** A turn can be given up when something was said already, or everything: then it would be wrong to say that there is no answer. */
function saidAfter(item: ChatItem, before: ChatItem): ChatItem {
  const isAfterText = before.type === 'message' && before.from === 'agent';
  const isGivenUp = item.type === 'note' && item.text === givenUp;
  return isAfterText && isGivenUp ? { ...item, text: 'Interrupted after this.' } : item;
}

/** The last failure can be tried again, while nothing was said since. */
function withRetry(items: readonly ChatItem[]): readonly ChatItem[] {
  const last = items.findLastIndex(({ type }) => type === 'failure' || type === 'message');
  const failure = items[last];
  if (failure?.type !== 'failure') return items;
  const asked = items.findLast(
    (item) => item.type === 'message' && item.from === 'customer' && item.traceId === failure.traceId,
  );
  if (asked?.type !== 'message') return items;
  return items.with(last, { ...failure, retryText: asked.text } satisfies FailureItem);
}

/** Messages behind the turn under way whose own turn has not begun (policy `enqueue`). */
function withWaiting(items: readonly ChatItem[], events: readonly SessionEvent[]): readonly ChatItem[] {
  const turn = turnOf(events);
  if (!turn.isBusy) return items;
  const begun = new Set(events.filter(({ kind }) => kind === 'status').map(({ trace_id }) => trace_id));
  return items.map((item) => (isFromCustomer(item) && !begun.has(item.traceId) ? waiting(item) : item));
}

function isFromCustomer(item: ChatItem): item is MessageItem {
  return item.type === 'message' && item.from === 'customer';
}

function waiting(item: MessageItem): MessageItem {
  return { ...item, isWaiting: true };
}

function toGrowingItem({ id, traceId, text }: Growing, name: string): MessageItem {
  return {
    type: 'message',
    key: id,
    from: 'agent',
    name,
    text,
    traceId,
    state: 'growing',
    at: null,
    sources: [],
    isWaiting: false,
  };
}
