/**
 * What one agent knows, as of now: everything it sees by its tags, ready to be used by a turn. Made once and kept until something of it
 * changes (`knowledge.ts`); a turn keeps the one it began with.
 */
import type { CannedResponse } from '../entities/collections/canned-response.ts';
import type { Capability } from '../entities/collections/capability.ts';
import type { CompositionMode } from '../entities/collections/agent.ts';
import type { ContextVariable } from '../entities/collections/context-variable.ts';
import type { Term } from '../entities/collections/term.ts';
import type { ToolId } from '../tools/tool.ts';
import type { EngineGuideline, EngineJourney } from './guideline.ts';
import type { RelationshipIndex } from './relational-resolver/relationship-index.ts';

export type KnownJourney = EngineJourney & {
  readonly title: string;
  readonly description: string;
  readonly compositionMode: CompositionMode | null;
  readonly labels: readonly string[];
  /** Its steps as guidelines, in order of projection: the first is the root. */
  readonly steps: readonly EngineGuideline[];
};

export type AgentKnowledge = {
  /** Enabled ones; with the steps of those journeys that have triggers. */
  readonly guidelines: readonly EngineGuideline[];
  readonly journeys: readonly KnownJourney[];
  readonly terms: readonly Term[];
  readonly variables: readonly ContextVariable[];
  readonly capabilities: readonly Capability[];
  /** All that an agent of these tags may say in any journey; a turn takes those of its own journeys and guidelines. */
  readonly cannedResponses: readonly CannedResponse[];
  readonly relationships: RelationshipIndex;
  /** By guideline: what it may run, by association or as a journey's tool step. */
  readonly toolsOf: ReadonlyMap<string, readonly ToolId[]>;
};
