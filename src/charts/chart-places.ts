/** What elkjs has placed, as the parts of a `Chart`. */
import type { ElkEdgeSection, ElkExtendedEdge, ElkNode } from 'elkjs';
import type { Box, Chart, ChartEdge, ChartNode, ChartStart, Point } from './chart.ts';
import type { Graph, GraphEdge, GraphNode } from './chart-graph.ts';
import { internalOf, labelSize, NAME_LINE, PADDING, startOf } from './chart-sizes.ts';

/** Transitions that share a line, by its id. */
export type Lines = ReadonlyMap<string, readonly GraphEdge[]>;

export function readPlaces(
  graph: Graph,
  lines: Lines,
  placed: ElkNode,
): Pick<Chart, 'size' | 'nodes' | 'edges' | 'starts'> {
  const boxes = new Map(flatten(placed).map((node) => [node.id, toBox(node)]));
  const drawn = new Map((placed.edges ?? []).map((edge) => [edge.id, edge]));
  const boxOf = (id: string) => boxes.get(id) ?? toBox({});
  const { width, height } = boxOf(placed.id);
  const nodes = graph.nodes.map((node): ChartNode => ({ ...node, ...boxOf(node.id) }));
  return {
    size: { width, height },
    nodes,
    edges: [
      ...[...lines].flatMap(([id, edges]) => toEdges(edges, drawn.get(id))),
      ...nodes.flatMap((node) => toInternalEdges(internalOf(graph, node), node)),
    ],
    starts: graph.nodes.flatMap((node) => toStart(node, boxOf(startOf(node)), drawn.get(startOf(node)))),
  };
}

function flatten(node: ElkNode): readonly ElkNode[] {
  return [node, ...(node.children ?? []).flatMap(flatten)];
}

function toBox({ x = 0, y = 0, width = 0, height = 0 }: Partial<Box>): Box {
  return { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) };
}

/** The labels of a line, one below the other. */
function toEdges(edges: readonly GraphEdge[], line: ElkExtendedEdge | undefined): readonly ChartEdge[] {
  const box = toBox(line?.labels?.[0] ?? {});
  return stacked(edges, box).map((edge) => ({ ...edge, points: toPoints(line) }));
}

/** Below the name of their state. */
function toInternalEdges(edges: readonly GraphEdge[], { x, y }: Point): readonly ChartEdge[] {
  const box = { x: x + PADDING, y: y + NAME_LINE + PADDING / 2 };
  return stacked(edges, box).map((edge) => ({ ...edge, points: [] }));
}

function stacked(edges: readonly GraphEdge[], { x, y }: Point) {
  let top = y;
  return edges.map((edge) => {
    const { width, height } = labelSize(edge);
    const placed = { ...edge, labelX: x, labelY: top, labelWidth: width, labelHeight: height };
    top += height;
    return placed;
  });
}

function toStart(node: GraphNode, box: Box, line: ElkExtendedEdge | undefined): readonly ChartStart[] {
  if (node.initial === null) return [];
  return [{ parentId: node.id, target: node.initial, ...box, points: toPoints(line) }];
}

function toPoints(line: ElkExtendedEdge | undefined): readonly Point[] {
  return (line?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }: ElkEdgeSection) =>
    [startPoint, ...bendPoints, endPoint].map(({ x, y }) => ({ x: rounded(x), y: rounded(y) })),
  );
}

/** To half pixels. */
function rounded(length: number): number {
  return Math.round(length * 2) / 2;
}
