/**
 * Places a machine's states and transitions, with elkjs. Transitions between the same two states share a line and stack their labels;
 * those that leave no state are lines of text inside it. The same machine always gives the same picture.
 */
import Elk, { type ElkExtendedEdge, type ElkNode } from 'elkjs';
import type { AnyStateMachine } from 'xstate';
import type { Chart } from './chart.ts';
import { toGraph, type Graph, type GraphEdge, type GraphNode } from './chart-graph.ts';
import { readPlaces, type Lines } from './chart-places.ts';
import { headOf, labelSize, PADDING, startOf } from './chart-sizes.ts';

/** Where a compound state begins. */
const DOT = 10;

const layoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.randomSeed': '1',
  'elk.padding': '[top=0,left=0,bottom=0,right=0]',
};

/** Of every state with others in it: nothing of this is handed down. */
const insideEach = {
  // A third narrower than elkjs's default where many transitions lead to the same state.
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.layered.spacing.nodeNodeBetweenLayers': '32',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
};

/** `name`: of the machine's file. */
export async function layOut(name: string, machine: AnyStateMachine): Promise<Chart> {
  const graph = toGraph(machine);
  const lines = toLines(graph.edges);
  // It is CommonJS: what Node imports of it is the module, with the class as its default.
  const placed = await new Elk.default().layout({
    id: '.',
    layoutOptions: { ...layoutOptions, ...insideEach },
    children: graph.nodes.filter(({ parentId }) => parentId === null).map((node) => toElkNode(graph, node)),
    edges: [...[...lines].map(([id, edges]) => toElkEdge(id, edges)), ...graph.nodes.flatMap(toStartEdge)],
  });
  return {
    name,
    id: machine.id,
    description: machine.root.description ?? null,
    ...readPlaces(graph, lines, placed),
  };
}

function toLines(edges: readonly GraphEdge[]): Lines {
  return Map.groupBy(
    edges.filter(({ internal }) => !internal),
    ({ source, target }) => `${source} ${target}`,
  );
}

function toElkNode(graph: Graph, node: GraphNode): ElkNode {
  const { width, height } = headOf(graph, node);
  const inner = graph.nodes.filter(({ parentId }) => parentId === node.id);
  if (inner.length === 0) return { id: node.id, width, height };
  return {
    id: node.id,
    layoutOptions: {
      ...insideEach,
      'elk.padding': `[top=${height + PADDING},left=${PADDING},bottom=${PADDING},right=${PADDING}]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${width},${height})`,
    },
    children: [
      ...(node.initial === null ? [] : [{ id: startOf(node), width: DOT, height: DOT }]),
      ...inner.map((each) => toElkNode(graph, each)),
    ],
  };
}

function toElkEdge(id: string, edges: readonly GraphEdge[]): ElkExtendedEdge {
  const [first] = edges;
  const sizes = edges.map(labelSize);
  return {
    id,
    sources: first ? [first.source] : [],
    targets: first ? [first.target] : [],
    labels: [
      {
        text: id,
        width: Math.max(...sizes.map(({ width }) => width)),
        height: sizes.reduce((sum, { height }) => sum + height, 0),
      },
    ],
  };
}

function toStartEdge(node: GraphNode): readonly ElkExtendedEdge[] {
  if (node.initial === null) return [];
  return [{ id: startOf(node), sources: [startOf(node)], targets: [node.initial] }];
}
