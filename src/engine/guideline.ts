/**
 * A guideline as the engine works with it, wherever it comes from: stored, the projection of a journey's node, or made for one answer.
 * A match is a guideline that was found to apply.
 */
import type { CompositionMode } from '../entities/collections/agent.ts';
import type { Criticality } from '../entities/collections/guideline.ts';
import type { JsonObject } from '../event-log/event.ts';
import type { ToolId } from '../tools/tool.ts';

export type EngineGuideline = {
  readonly id: string;
  readonly condition: string;
  /** Null or empty: an observation. */
  readonly action: string | null;
  readonly description: string | null;
  readonly criticality: Criticality;
  readonly priority: number;
  readonly track: boolean;
  readonly compositionMode: CompositionMode | null;
  readonly labels: readonly string[];
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
  /** Of a journey's node: `projection.ts`. */
  readonly journeyNode?: JourneyNodeOf;
  /** Made for one answer: nothing of it is stored, and nobody analyses whether it was followed. */
  readonly transient?: true;
};

/** Which step of which journey a guideline stands for. */
export type JourneyNodeOf = {
  readonly journeyId: string;
  readonly nodeId: string;
  /** "1" is the root. All guidelines of a node share it. */
  readonly index: string;
  /** Ids of guidelines. */
  readonly followUps: readonly string[];
  /** `NA`: neither speaks nor acts, as most roots. */
  readonly kind: 'chat' | 'tool' | 'fork' | 'NA';
  readonly labels: readonly string[];
  readonly toolIds: readonly ToolId[];
  /** What else was found out about the step: completion flags, steps in reach (`reachable-steps.ts`). */
  readonly extra: JsonObject;
};

/** Applies. */
export const matchedScore = 10;
/** Was considered, and does not apply, and is remembered all the same. */
export const unmatchedScore = 1;

/** Of a journey: indexes of the steps gone through, null where the journey was left. */
export type JourneyPath = readonly (string | null)[];

export type GuidelineMatch = {
  readonly guideline: EngineGuideline;
  readonly score: number;
  readonly rationale: string;
  /** Of a journey's step: the way to it. */
  readonly journeyPath?: JourneyPath;
};

/** A journey as far as relations between guidelines go. */
export type EngineJourney = {
  readonly id: string;
  readonly priority: number;
  readonly tags: readonly string[];
  /** Ids of guidelines. */
  readonly triggers: readonly string[];
};
