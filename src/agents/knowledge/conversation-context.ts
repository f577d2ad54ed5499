/** What a conversation is about: its topics, the latest first, and what was last told of them. A value; nothing is kept in between. */
import type { Intent } from './section-intent.ts';

export type ConversationContext = {
  /** Documents (by position) spoken of, the latest first, each once. */
  readonly topics: readonly number[];
  /** Position of the section told last; belongs to the latest topic. */
  readonly section: number | undefined;
  /** What the last question wanted to know. */
  readonly intents: readonly Intent[];
};

export const nothingSaid: ConversationContext = { topics: [], section: undefined, intents: [] };

const topicLimit = 8;

/** The context after a question was answered from this section of this document. */
export function afterAnswer(
  context: ConversationContext,
  answer: { readonly document: number; readonly section: number; readonly intents: readonly Intent[] },
): ConversationContext {
  const { document, section, intents } = answer;
  const others = context.topics.filter((topic) => topic !== document);
  return { topics: [document, ...others].slice(0, topicLimit), section, intents };
}
