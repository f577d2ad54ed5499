/**
 * Messages that grow in place (agents with `outputMode: 'stream'`), for those who do not follow their growth: such a message, and what is
 * stored behind it, comes when it is whole.
 */
import type { EventLog, RunLog } from '../event-log/event-log.ts';
import { isGrowing, type MessageData, type SessionEvent } from '../event-log/event.ts';
import type { Frame } from '../event-log/frame.ts';

type EventFrame = Extract<Frame, { type: 'event' }>;

/** The events before the first message that still grows. */
export function wholeOnly(events: readonly SessionEvent[]): readonly SessionEvent[] {
  const growing = events.findIndex(isGrowing);
  return growing < 0 ? events : events.slice(0, growing);
}

/** The same frames, in order; events are held from the first growing message on until it is whole. Chunks and states are not. */
export async function* wholeMessages(frames: AsyncIterable<Frame>): AsyncGenerator<Frame, void> {
  let held: EventFrame[] = [];
  for await (const frame of frames) {
    if (frame.type === 'event') held.push(frame);
    else if (frame.type === 'updated' && held.some(({ event }) => event.id === frame.event.id))
      held = held.map((each) => (each.event.id === frame.event.id ? { ...frame, type: 'event' } : each));
    else {
      if (frame.type === 'removed') held = held.filter(({ event }) => event.offset < frame.from);
      yield frame;
    }
    while (held[0] && !isGrowing(held[0].event)) {
      const [first, ...rest] = held;
      held = rest;
      yield first;
    }
  }
}

/** Ends, as interrupted, what a turn that is over has left growing: nobody else will. */
export async function endGrowth(
  log: Pick<EventLog, 'read'> & Pick<RunLog, 'grow'>,
  sessionId: string,
  traceId: string,
): Promise<void> {
  const messages = await log.read(sessionId, { traceId, kinds: ['message'], source: 'ai_agent' });
  for (const { id, data, metadata } of messages.filter(isGrowing)) {
    const { chunks = [], ...message } = data as MessageData;
    const change = {
      data: { ...message, chunks: [...chunks, null] },
      metadata: { ...metadata, interrupted: true },
    };
    await log.grow(sessionId, id, change);
  }
}
