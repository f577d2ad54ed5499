/** What a draft is made from: the turn, and what the agent has just said to bridge the time, so that it goes on from there. */
import { preambleTag } from '../../entities/collections/canned-response.ts';
import { type MessageData, messageTextOf } from '../../event-log/event.ts';
import type { CannedDraftInput, MessageInput } from '../../nlp/questions/messages.ts';
import type { TurnContext } from '../turn-context.ts';

export function toDraftInput(
  turn: Pick<TurnContext, 'events' | 'traceId'>,
  input: MessageInput,
  { isForTemplates }: Pick<CannedDraftInput, 'isForTemplates'>,
): CannedDraftInput {
  return { ...input, preamble: preambleOf(turn), isForTemplates };
}

/** The last message, if it is one of this turn that only bridges the time. */
function preambleOf({ events, traceId }: Pick<TurnContext, 'events' | 'traceId'>): string | null {
  const last = events.findLast(({ kind }) => kind === 'message');
  if (last?.source !== 'ai_agent' || last.trace_id !== traceId) return null;
  const { tags = [] } = last.data as MessageData; // of a message
  return tags.includes(preambleTag) ? (messageTextOf(last) ?? null) : null;
}
