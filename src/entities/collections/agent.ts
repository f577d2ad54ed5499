/** What is stored of an agent. */
import type { Collection } from '../../documents/collection.ts';

export const compositionModes = ['fluid', 'canned_fluid', 'composited_canned', 'strict_canned'] as const;
export type CompositionMode = (typeof compositionModes)[number];

export const messageOutputModes = ['block', 'stream'] as const;
export type MessageOutputMode = (typeof messageOutputModes)[number];

export type AgentFields = {
  readonly name: string;
  readonly description: string | null;
  readonly maxEngineIterations: number;
  readonly compositionMode: CompositionMode;
  readonly messageOutputMode: MessageOutputMode;
  /** The language provider of its own, in the form of the setting `NLP`; absent: the server's. */
  readonly nlp?: string;
  /** Ids. */
  readonly tags: readonly string[];
};

/** The tag that stands for an agent. */
export function agentTag(agentId: string): string {
  return `agent:${agentId}`;
}

export const agentCollection: Collection<AgentFields> = { name: 'agents', noun: 'agent', members: ['tags'] };
