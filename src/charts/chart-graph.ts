/** The states and transitions of a machine, read by `toDirectedGraph` of `xstate/graph`, which also names the transitions. */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { toDirectedGraph } from 'xstate/graph';
import type { ChartEdge, ChartNode } from './chart.ts';

export type GraphNode = Omit<ChartNode, 'x' | 'y' | 'width' | 'height'>;

export type GraphEdge = Pick<
  ChartEdge,
  'id' | 'source' | 'target' | 'event' | 'label' | 'guard' | 'description' | 'internal'
>;

export type Graph = { readonly nodes: readonly GraphNode[]; readonly edges: readonly GraphEdge[] };

type Directed = ReturnType<typeof toDirectedGraph>;

export function toGraph(machine: AnyStateMachine): Graph {
  const all = flatten(toDirectedGraph(machine));
  return {
    nodes: all.map(({ stateNode }) => toNode(stateNode)),
    edges: all.flatMap((graph) => [...graph.edges.map(toEdge), ...eventless(graph.stateNode)]),
  };
}

function flatten(graph: Directed): readonly Directed[] {
  return [graph, ...graph.children.flatMap(flatten)];
}

function toNode(node: AnyStateNode): GraphNode {
  return {
    id: node.id,
    key: node.key,
    parentId: node.parent?.id ?? null,
    type: node.type,
    description: node.description ?? null,
    tags: node.tags,
    initial: node.type === 'compound' ? (node.initial.target[0]?.id ?? null) : null,
  };
}

function toEdge({ id, source, target, transition }: Directed['edges'][number]): GraphEdge {
  const { eventType, guard, description, reenter } = transition;
  return {
    id,
    source: source.id,
    target: target.id,
    event: eventType,
    label: toLabel(eventType),
    guard: nameOf(guard),
    description: description ?? null,
    internal: transition.target === undefined && !reenter,
  };
}

/** Transitions that wait for no event: `toDirectedGraph` leaves them out. */
function eventless(node: AnyStateNode): readonly GraphEdge[] {
  return (node.always ?? []).map(({ target, guard, description }, index) => ({
    id: `${node.id}:always:${index}`,
    source: node.id,
    target: target?.[0]?.id ?? node.id,
    event: '',
    label: 'always',
    guard: nameOf(guard),
    description: description ?? null,
    internal: target === undefined,
  }));
}

/** `xstate.done.actor.poll` is `poll done`. */
function toLabel(eventType: string): string {
  const [, what, actor] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(eventType) ?? [];
  if (actor !== undefined) return `${actor} ${what === 'done' ? 'done' : 'failed'}`;
  return eventType.startsWith('xstate.done.state.') ? 'all over' : eventType;
}

/** Guards are named in `machines/`, with or without parameters. */
function nameOf(guard: unknown): string | null {
  if (typeof guard === 'string') return guard;
  if (typeof guard !== 'object' || guard === null || !('type' in guard)) return null;
  return typeof guard.type === 'string' ? guard.type : null;
}
