/**
 * What every question shows of the conversation. Plain data: a provider that knows language models writes it into a prompt, one that
 * does not looks at it directly. Texts of users are as they came; nobody runs them through a template.
 */
import type { Json } from '../../event-log/event.ts';

/** An event as models see it: without status events, without the text of flagged messages. */
export type ShownEvent = {
  readonly event_kind: 'message' | 'tool' | 'custom';
  readonly event_source:
    | 'user'
    | 'frontend_application'
    | 'human_service_agent'
    | 'ai_agent'
    | 'system-provided';
  readonly data: Json;
};

/** A tool call of this turn, with what came of it. */
export type StagedCall = {
  /** `service:tool`. */
  readonly toolId: string;
  readonly arguments: Readonly<Record<string, Json>>;
  /** What the agent learned. */
  readonly data: Json;
};

export type ShownTerm = {
  readonly name: string;
  readonly description: string;
  readonly synonyms: readonly string[];
};

export type ShownVariable = {
  readonly name: string;
  readonly description: string | null;
  readonly value: Json;
};

export type ShownCapability = { readonly title: string; readonly description: string };

/** What an agent is there for, whether or not it plays a part now. */
export type ShownScope = {
  readonly journeys: readonly { readonly title: string; readonly description: string }[];
  /** Of all its guidelines, those that begin journeys included. */
  readonly conditions: readonly string[];
};

export type Situation = {
  readonly agent: { readonly id: string; readonly name: string; readonly description: string | null };
  readonly customer: { readonly id: string; readonly name: string };
  /** Oldest first. The last one may be the agent's own: then it goes on instead of repeating itself. */
  readonly interaction: readonly ShownEvent[];
  readonly terms: readonly ShownTerm[];
  readonly variables: readonly ShownVariable[];
  readonly capabilities: readonly ShownCapability[];
  readonly staged: readonly StagedCall[];
  /** The same object as long as nothing of it changes. Without it a provider knows only what is asked. */
  readonly scope?: ShownScope;
};

/** A guideline in a batch. `n` numbers it from "1"; answers refer to it. */
export type AskedGuideline = {
  readonly n: string;
  readonly condition: string;
  readonly action: string | null;
  readonly description: string | null;
  /** The condition is about what the agent is about to say, and was rewritten so. */
  readonly isAgentIntention?: boolean;
  /** The customer has a part to do before the action is done: what that is. */
  readonly customerPart?: string;
  /** What the agent's part is. */
  readonly agentPart?: string;
  /** The title of a journey that begins where the condition holds. */
  readonly begins?: string;
};

/** A guideline that is to be followed by what is being said or called. */
export type FollowedGuideline = AskedGuideline & {
  /** Why it applies. */
  readonly rationale: string;
  readonly score: number;
  /** Of a journey's step: what the customer still owes, where that is known. */
  readonly isCustomerDependent?: boolean;
  /** Written beforehand to be said for it. */
  readonly texts?: readonly string[];
};
