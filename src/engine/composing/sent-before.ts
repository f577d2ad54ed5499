/** What an earlier attempt at a turn has said before the process died: it is not said again. */
import { isGrowing, type MessageData, messageTextOf, type SessionEvent } from '../../event-log/event.ts';
import { preambleTag } from '../../entities/collections/canned-response.ts';
import { toldByKey } from '../hooks/told-by.ts';
import { saidByKey } from '../tool-calling/call-voice.ts';
import type { TurnContext } from '../turn-context.ts';

export interface SentBefore {
  /** Whether such a text was sent. Each counts once: the second of two equal parts is said although the first was. */
  take(text: string): boolean;
  /** All of them, in order. */
  readonly texts: readonly string[];
}

export function readSentBefore(turn: Pick<TurnContext, 'attempt' | 'events' | 'traceId'>): SentBefore {
  const texts = turn.attempt > 1 ? turn.events.flatMap((event) => textOfAnswer(event, turn.traceId)) : [];
  const left = [...texts];
  return {
    texts,
    take(text) {
      const at = left.indexOf(text);
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    },
  };
}

/** Neither words that only bridged the time, nor what was cut off, nor what a tool or the program's own functions have said. */
function textOfAnswer(event: SessionEvent, traceId: string): readonly string[] {
  const text = messageTextOf(event);
  if (text === undefined || event.source !== 'ai_agent' || event.trace_id !== traceId) return [];
  const { tags = [] } = event.data as MessageData; // of a message
  const isWhole = !isGrowing(event) && event.metadata['interrupted'] !== true;
  if ([saidByKey, toldByKey].some((key) => event.metadata[key] !== undefined)) return [];
  return isWhole && !tags.includes(preambleTag) ? [text] : [];
}
