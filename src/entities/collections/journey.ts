/** What is stored of a journey: a directed graph of steps that an agent leads a customer along. Cycles are allowed. */
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';
import type { JsonObject } from '../../event-log/event.ts';
import type { ToolId } from '../../tools/tool.ts';
import type { CompositionMode } from './agent.ts';

export type JourneyFields = {
  readonly title: string;
  readonly description: string;
  /** Ids of guidelines; any of them activates the journey. */
  readonly triggers: readonly string[];
  /** The node where it begins. */
  readonly rootId: string;
  readonly compositionMode: CompositionMode | null;
  readonly labels: readonly string[];
  readonly priority: number;
  /** Ids, also `agent:<id>`. */
  readonly tags: readonly string[];
};

export type Journey = Stored<JourneyFields>;

export const journeyCollection: Collection<JourneyFields> = {
  name: 'journeys',
  noun: 'journey',
  members: ['tags', 'triggers'],
};

/** The tag that stands for a journey. */
export function journeyTag(journeyId: string): string {
  return `journey:${journeyId}`;
}

/** The journey a tag stands for; undefined: it is another kind of tag. */
export function journeyOfTag(tagId: string): string | undefined {
  return tagId.startsWith(journeyTag('')) ? tagId.slice(journeyTag('').length) : undefined;
}

/** Belongs to every journey and is never stored: who arrives here, is through. */
export const endNodeId = 'end';

/** With `tools` a tool step, with an action alone a chat step, with neither a fork. */
export type JourneyNodeFields = {
  readonly journeyId: string;
  readonly action: string | null;
  readonly description: string | null;
  readonly tools: readonly ToolId[];
  readonly labels: readonly string[];
  readonly compositionMode: CompositionMode | null;
  readonly metadata: JsonObject;
};

export type JourneyNode = Stored<JourneyNodeFields>;

/** The tag that stands for a node. */
export function journeyNodeTag(nodeId: string): string {
  return `journey_node:${nodeId}`;
}

export const journeyNodeCollection: Collection<JourneyNodeFields> = {
  name: 'journey_nodes',
  noun: 'journey node',
  indexed: ['journeyId'],
};

/** In order of creation; a node's order of exits counts. */
export type JourneyEdgeFields = {
  readonly journeyId: string;
  readonly source: string;
  readonly target: string;
  readonly condition: string | null;
  readonly metadata: JsonObject;
};

export type JourneyEdge = Stored<JourneyEdgeFields>;

export const journeyEdgeCollection: Collection<JourneyEdgeFields> = {
  name: 'journey_edges',
  noun: 'journey edge',
  indexed: ['journeyId', 'source', 'target'],
};
