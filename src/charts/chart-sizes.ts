/** How large the parts of a statechart are before anything has its place. */
import type { Graph, GraphEdge, GraphNode } from './chart-graph.ts';
import { LABEL_LINE, labelWidth, nameWidth } from './text-size.ts';

/** Between a state's border and what is in it, px. */
export const PADDING = 12;
/** The line with a state's name, px. */
export const NAME_LINE = 20;

type Size = { readonly width: number; readonly height: number };

/** A state's name and internal transitions: all there is of a state without others in it, the upper end of the others. */
export function headOf(graph: Graph, node: GraphNode): Size {
  const labels = internalOf(graph, node).map(labelSize);
  return {
    width: Math.max(nameWidth(node.key), ...labels.map(({ width }) => width)) + 2 * PADDING,
    height: NAME_LINE + PADDING + labels.reduce((sum, { height }) => sum + height, 0),
  };
}

/** The transitions that leave no state of this one. */
export function internalOf({ edges }: Graph, { id }: GraphNode): readonly GraphEdge[] {
  return edges.filter(({ internal, source }) => internal && source === id);
}

/** Of a label: the event, and the guard below it. */
export function labelSize({ label, guard }: GraphEdge): Size {
  const texts = guard === null ? [label] : [label, `[${guard}]`];
  return {
    width: Math.max(...texts.map(labelWidth)),
    height: texts.length * LABEL_LINE,
  };
}

/** Id of the dot where a compound state begins, and of the line from there. */
export function startOf({ id }: Pick<GraphNode, 'id'>): string {
  return `${id}:initial`;
}
