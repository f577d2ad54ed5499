/** Journeys for tests of the engine, as they are stored and as they are projected: what is not said is as of one that says nothing. */
import { toJourneyGraph, type JourneyGraph } from '../../src/engine/journeys/journey-graph.ts';
import {
  projectJourney,
  type NodeGuideline,
  type StoredJourney,
} from '../../src/engine/journeys/projection.ts';
import type { JourneyNodeOf } from '../../src/engine/guideline.ts';
import type { CompositionMode } from '../../src/entities/collections/agent.ts';
import type { JourneyEdge, JourneyNode } from '../../src/entities/collections/journey.ts';
import type { JsonObject } from '../../src/event-log/event.ts';
import { engineGuideline } from './engine-entities.ts';

export type NodeOf = Pick<JourneyNode, 'id'> & Partial<JourneyNode>;
export type EdgeOf = Pick<JourneyEdge, 'id' | 'source' | 'target'> & Partial<JourneyEdge>;

export function storedJourney({
  nodes = [],
  edges = [],
  tags = [],
}: {
  readonly nodes?: readonly NodeOf[];
  readonly edges?: readonly EdgeOf[];
  readonly tags?: readonly string[];
}): StoredJourney {
  return {
    journey: { id: 'j1', rootId: 'root', tags },
    nodes: nodes.map((node) => ({
      journeyId: 'j1',
      creationUtc: '',
      action: null,
      description: null,
      tools: [],
      labels: [],
      compositionMode: null,
      metadata: {},
      ...node,
    })),
    edges: edges.map((edge) => ({
      journeyId: 'j1',
      creationUtc: '',
      condition: null,
      metadata: {},
      ...edge,
    })),
  };
}

/** Steps that talk, from one to the next: `root`, then `a1` … `a<length>`. */
export function chain(length: number, node: Partial<JourneyNode> = {}): StoredJourney {
  const ids = ['root', ...Array.from({ length }, (_, at) => `a${at + 1}`)];
  return storedJourney({
    nodes: ids.map((id) => (id === 'root' ? { id } : { id, action: `action of ${id}`, ...node })),
    edges: ids.slice(1).map((id, at) => ({ id: `e${at + 1}`, source: ids[at] ?? '', target: id })),
  });
}

export function graphOf(stored: StoredJourney): JourneyGraph {
  return toJourneyGraph(projectJourney(stored));
}

/** A guideline of a step, as the vectors write it. */
export type NodeVector = {
  readonly id: string;
  readonly index: string;
  readonly followUps: readonly string[];
  readonly kind?: JourneyNodeOf['kind'];
  readonly action?: string;
  readonly condition?: string;
  readonly toolIds?: readonly string[];
  readonly reachable?: readonly { readonly condition: string; readonly path: readonly string[] }[];
  readonly customerDependent?: boolean;
};

export function vectorGraph(nodes: readonly NodeVector[]): JourneyGraph {
  return toJourneyGraph(nodes.map(toNodeGuideline));
}

function toNodeGuideline(node: NodeVector): NodeGuideline {
  const { id, index, followUps, kind = 'NA', action = null, condition = '', toolIds = [] } = node;
  const extra: JsonObject = node.reachable === undefined ? {} : { reachable_follow_ups: node.reachable };
  const journeyNode = { journeyId: 'j1', nodeId: id, index, followUps, kind, labels: [], toolIds, extra };
  const metadata: JsonObject = node.customerDependent
    ? { customer_dependent_action_data: { is_customer_dependent: true } }
    : {};
  return { ...engineGuideline(id, { action, condition, metadata }), journeyNode };
}

/** The vectors write modes as Parlant's program does, we as its clients do. */
export function toWireMode(mode: string | undefined): CompositionMode | undefined {
  const wire: Readonly<Record<string, CompositionMode>> = {
    canned_strict: 'strict_canned',
    canned_composited: 'composited_canned',
    canned_fluid: 'canned_fluid',
    fluid: 'fluid',
  };
  return mode === undefined ? undefined : wire[mode];
}
