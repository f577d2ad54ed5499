/** The conversation as an agent wants to read it: who said what, without envelopes. */
import { messageTextOf, type SessionEvent } from '../event-log/event.ts';
import type { History } from './agent-runner.ts';

/** `agent`: the AI agent, or a human who took over. */
export type ConversationMessage = { readonly from: 'customer' | 'agent'; readonly text: string };

/** The turn's history, and the same in plain words. */
export interface ConversationHistory extends History {
  /** The newest `n` messages, oldest first; the last one is the message to answer. */
  messages(n: number): Promise<readonly ConversationMessage[]>;
}

export function toConversationHistory(history: History): ConversationHistory {
  return {
    last: (n, filter) => history.last(n, filter),
    messages: async (n) => (await history.last(n)).flatMap(toConversationMessage),
  };
}

function toConversationMessage(event: SessionEvent): ConversationMessage[] {
  const text = messageTextOf(event);
  if (text === undefined) return [];
  switch (event.source) {
    case 'customer':
      return [{ from: 'customer', text }];
    case 'ai_agent':
    case 'human_agent':
    case 'human_agent_on_behalf_of_ai_agent':
      return [{ from: 'agent', text }];
    default:
      return [];
  }
}
