/**
 * A journey as guidelines: one for each way into each of its steps, so that steps are matched, resolved and answered like everything
 * else. Depends on nothing but what is given and costs about as much as there is to tell: it may be kept until the journey changes.
 */
import {
  endNodeId,
  type Journey,
  type JourneyEdge,
  type JourneyNode,
} from '../../entities/collections/journey.ts';
import type { EngineGuideline, JourneyNodeOf } from '../guideline.ts';
import { visitNodes, type Visit } from './node-visits.ts';
import { mergeMetadata } from './step-metadata.ts';

export type NodeGuideline = EngineGuideline & { readonly journeyNode: JourneyNodeOf };

export type StoredJourney = {
  readonly journey: Pick<Journey, 'id' | 'rootId' | 'tags'>;
  readonly nodes: readonly JourneyNode[];
  /** In order of creation. */
  readonly edges: readonly JourneyEdge[];
};

/** `journey_node:<node>` of the root, `journey_node:<node>:<edge>` of all others. */
export function nodeGuidelineId(nodeId: string, edgeId?: string): string {
  return edgeId === undefined ? `journey_node:${nodeId}` : `journey_node:${nodeId}:${edgeId}`;
}

/**
 * By first visit, breadth first; the first is the root's. Nodes that cannot be reached have none; edges to nodes that are not there
 * lead nowhere.
 */
export function projectJourney({ journey, nodes, edges }: StoredJourney): readonly NodeGuideline[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const leading = edges.filter(({ target }) => target === endNodeId || byId.has(target));
  const sources = new Set(leading.map(({ source }) => source));
  const visits = visitNodes(journey.rootId, leading);
  const indexes = toIndexes(visits);
  const idsOf = rememberPerArray((followUps: readonly Visit<JourneyEdge>[]) => followUps.map(guidelineIdOf));
  return visits.map((visit) => {
    const node = byId.get(visit.nodeId);
    const isRoot = visit.nodeId === journey.rootId;
    return toGuideline(visit, {
      journey,
      node,
      index: indexes.get(visit.nodeId) ?? '',
      followUps: idsOf(visit.followUps),
      kind: kindOf(node, { isRoot, leadsOn: sources.has(visit.nodeId) }),
    });
  });
}

type Place = Pick<JourneyNodeOf, 'index' | 'followUps' | 'kind'> & {
  readonly journey: StoredJourney['journey'];
  readonly node: JourneyNode | undefined;
};

function toGuideline(
  visit: Visit<JourneyEdge>,
  { journey, node, index, followUps, kind }: Place,
): NodeGuideline {
  const { metadata, step } = mergeMetadata(node?.metadata, visit.edge?.metadata);
  const labels = node?.labels ?? [];
  return {
    id: guidelineIdOf(visit),
    condition: visit.edge?.condition ?? '',
    action: node?.action ?? null,
    description: node?.description ?? null,
    criticality: 'high',
    priority: 0,
    track: true,
    compositionMode: node?.compositionMode ?? null,
    labels,
    tags: journey.tags,
    metadata,
    journeyNode: {
      journeyId: journey.id,
      nodeId: visit.nodeId,
      index,
      followUps,
      kind: step.kind ?? kind,
      labels,
      toolIds: node?.tools ?? [],
      extra: step.extra,
    },
  };
}

function guidelineIdOf({ nodeId, edge }: Visit<JourneyEdge>): string {
  return nodeGuidelineId(nodeId, edge?.id);
}

/** "1", "2", … by first visit. */
function toIndexes(visits: readonly Visit<JourneyEdge>[]): ReadonlyMap<string, string> {
  const nodeIds = new Set(visits.map(({ nodeId }) => nodeId));
  return new Map([...nodeIds].map((nodeId, at) => [nodeId, `${at + 1}`]));
}

/** What a step is where nothing says it: known from what it has. One that does nothing and leads nowhere is an end. */
function kindOf(
  node: JourneyNode | undefined,
  { isRoot, leadsOn }: { readonly isRoot: boolean; readonly leadsOn: boolean },
): JourneyNodeOf['kind'] {
  if (node !== undefined && node.tools.length > 0) return 'tool';
  if (node?.action) return 'chat';
  return isRoot || !leadsOn ? 'NA' : 'fork';
}

/** The visits of a node that many ways lead into mostly share one array of follow-ups; so do their guidelines. */
function rememberPerArray<T, Result>(make: (items: readonly T[]) => Result) {
  const made = new Map<readonly T[], Result>();
  return (items: readonly T[]): Result => {
    const known = made.get(items);
    if (known !== undefined) return known;
    const result = make(items);
    made.set(items, result);
    return result;
  };
}
