/**
 * Whose value of a context variable counts in a conversation: the customer's own, then that of one of the customer's tags, then the
 * agent's, then everybody's.
 */
import { agentTag } from './collections/agent.ts';
import { defaultKey } from './collections/context-variable.ts';

export type Conversation = {
  readonly customerId: string;
  /** Ids, in the customer's order. */
  readonly customerTags: readonly string[];
  readonly agentId: string;
};

/** The keys values are looked up by; the first that has one counts. */
export function variableKeys({ customerId, customerTags, agentId }: Conversation): readonly string[] {
  return [customerId, ...customerTags.map((tagId) => `tag:${tagId}`), agentTag(agentId), defaultKey];
}

export type Hit<Value> = { readonly key: string; readonly value: Value | undefined };

/**
 * The first key that counts, with its value. Of a variable with a tool that is the very first: where it has no value, one is fetched
 * for it. Undefined: nobody has a value.
 */
export function firstHit<Value>(
  keys: readonly string[],
  { hasTool, valueOf }: { readonly hasTool: boolean; readonly valueOf: (key: string) => Value | undefined },
): Hit<Value> | undefined {
  for (const key of keys) {
    const value = valueOf(key);
    if (hasTool || value !== undefined) return { key, value };
  }
  return undefined;
}
