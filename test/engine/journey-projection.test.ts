import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectJourney, type NodeGuideline } from '../../src/engine/journeys/projection.ts';
import type { JsonObject } from '../../src/event-log/event.ts';
import { chain, storedJourney, toWireMode, type EdgeOf, type NodeOf } from '../support/journeys.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly journey: {
    readonly nodes: readonly (Omit<NodeOf, 'compositionMode'> & { readonly compositionMode?: string })[];
    readonly edges: readonly EdgeOf[];
    readonly tags?: readonly string[];
  };
  readonly expected: { readonly guidelines: readonly Expected[] };
};

type Expected = {
  readonly id: string;
  readonly index: string;
  readonly condition: string;
  readonly action: string | null;
  readonly followUps: readonly string[];
  readonly labels?: readonly string[];
  readonly toolIds?: readonly string[];
  readonly description?: string;
  readonly compositionMode?: string;
  readonly tags?: readonly string[];
  readonly journeyNodeExtra?: JsonObject;
  readonly metadataExtra?: JsonObject;
};

describe('a journey as guidelines', () => {
  it.each(readVectors<Case>('journey-projection', 'journey-projection'))(
    '$id $title',
    ({ journey, expected }) => {
      const nodes = journey.nodes.map(({ compositionMode, ...node }) => ({
        ...node,
        compositionMode: toWireMode(compositionMode) ?? null,
      }));
      const guidelines = projectJourney(storedJourney({ ...journey, nodes }));
      const kinds = new Map(
        expected.guidelines.map(({ id, journeyNodeExtra = {} }) => [id, journeyNodeExtra]),
      );
      const told = guidelines.map((each) => tell(each, { saysKind: 'kind' in (kinds.get(each.id) ?? {}) }));
      expect(told.toSorted(byId)).toEqual(expected.guidelines.map(complete).toSorted(byId));
    },
  );

  it('all are important and count as tracked, and the first is the root', () => {
    const guidelines = projectJourney(chain(2));
    expect(guidelines[0]?.id).toBe('journey_node:root');
    expect(guidelines.map(({ criticality, track, priority }) => [criticality, track, priority])).toEqual(
      guidelines.map(() => ['high', true, 0]),
    );
  });

  it('a step is of the kind that it looks like, unless its metadata say so', () => {
    const nodes = [
      { id: 'root' },
      { id: 'talks', action: 'greet' },
      { id: 'acts', action: 'look it up', tools: ['s:t'] },
      { id: 'branches' },
      { id: 'stops' },
      { id: 'told', action: 'wait', metadata: { journey_node: { kind: 'fork', note: 'by hand' } } },
      { id: 'oddly told', action: 'wait', metadata: { journey_node: { kind: 'circus', index: '99' } } },
    ];
    const targets = ['talks', 'acts', 'branches', 'told', 'oddly told'];
    const edges = [
      ...targets.map((target) => ({ id: `to ${target}`, source: 'root', target })),
      { id: 'to stops', source: 'branches', target: 'stops' },
      { id: 'to end', source: 'talks', target: 'end' },
    ];
    const steps = projectJourney(storedJourney({ nodes, edges })).map(({ journeyNode }) => journeyNode);
    expect(Object.fromEntries(steps.map(({ nodeId, kind }) => [nodeId, kind]))).toEqual({
      root: 'NA',
      talks: 'chat',
      acts: 'tool',
      branches: 'fork',
      stops: 'NA',
      told: 'fork',
      'oddly told': 'chat',
      end: 'NA',
    });
    const told = steps.find(({ nodeId }) => nodeId === 'told');
    expect(told?.extra).toEqual({ note: 'by hand' });
    expect(steps.find(({ nodeId }) => nodeId === 'oddly told')).toMatchObject({ index: '6', extra: {} });
  });

  it('an edge to a node that is not there leads nowhere', () => {
    const edges = [
      { id: 'e1', source: 'root', target: 'gone' },
      { id: 'e2', source: 'gone', target: 'a' },
    ];
    const guidelines = projectJourney(storedJourney({ nodes: [{ id: 'a', action: 'x' }], edges }));
    expect(guidelines.map(({ id }) => id)).toEqual(['journey_node:root']);
  });

  it('any graph is projected as the rule says, without queueing what the rule queues twice', () => {
    fc.assert(
      fc.property(graph, ({ edges }) => {
        const stored = storedJourney({ nodes: nodeIds.map((id) => ({ id, action: id })), edges });
        const guidelines = projectJourney(stored);
        expect(
          guidelines.map(({ id, journeyNode }) => [id, journeyNode.index, journeyNode.followUps]),
        ).toEqual(projectByTheRule(edges));
      }),
      { numRuns: 2_000 },
    );
  });

  it('every node that can be reached has a guideline, and every guideline but the root follows on another', () => {
    fc.assert(
      fc.property(graph, ({ edges }) => {
        const stored = storedJourney({ nodes: nodeIds.map((id) => ({ id, action: id })), edges });
        const guidelines = projectJourney(stored);
        expect(new Set(guidelines.map(({ journeyNode }) => journeyNode.nodeId))).toEqual(reachable(edges));
        const followed = new Set(guidelines.flatMap(({ journeyNode }) => journeyNode.followUps));
        expect(guidelines.slice(1).filter(({ id }) => !followed.has(id))).toEqual([]);
      }),
    );
  });

  it('ten thousand steps in a row, in diamonds, in layers and around a hub are projected', () => {
    expect(projectJourney(chain(10_000))).toHaveLength(10_001);
    expect(projectJourney(storedJourney(diamonds(3_333)))).toHaveLength(1 + 3_333 * 4);
    expect(projectJourney(storedJourney(layers({ count: 100, width: 100, exits: 3 })))).toHaveLength(
      1 + 100 + 99 * 300,
    );
    const hub = projectJourney(storedJourney(around(5_000)));
    expect(hub).toHaveLength(1 + 5_000 * 3);
    expect(
      new Set(hub.filter(({ id }) => id.includes(':hub:')).map(({ journeyNode }) => journeyNode.followUps))
        .size,
    ).toBe(1);
  });
});

const nodeIds = ['root', 'a', 'b', 'c', 'd', 'e', 'f'];
const graph = fc.record({
  edges: fc
    .array(fc.tuple(fc.constantFrom(...nodeIds), fc.constantFrom(...nodeIds, 'end')), { maxLength: 13 })
    .map((pairs) => pairs.map(([source, target], at) => ({ id: `e${at}`, source, target }))),
});

/** The specification's queue, word by word. */
function projectByTheRule(edges: readonly EdgeOf[]): readonly unknown[] {
  const made = new Map<string, [string, string, string[]]>();
  const indexes = new Map<string, string>();
  const done = new Set<EdgeOf | undefined>();
  const queue: (EdgeOf | undefined)[] = [undefined];
  for (const edge of queue) {
    const node = edge?.target ?? 'root';
    if (!indexes.has(node)) indexes.set(node, `${indexes.size + 1}`);
    const open = edges.filter((exit) => exit.source === node && !done.has(exit));
    const id = idOf(edge);
    made.set(id, [id, indexes.get(node) ?? '', open.map(idOf)]);
    queue.push(...open);
    done.add(edge);
  }
  return [...made.values()];
}

function idOf(edge: EdgeOf | undefined): string {
  return edge === undefined ? 'journey_node:root' : `journey_node:${edge.target}:${edge.id}`;
}

function reachable(edges: readonly EdgeOf[]): ReadonlySet<string> {
  const nodes = new Set(['root']);
  for (const node of nodes) {
    for (const { source, target } of edges) if (source === node) nodes.add(target);
  }
  return nodes;
}

function tell(guideline: NodeGuideline, { saysKind }: { readonly saysKind: boolean }): Expected {
  const { id, condition, action, tags, description, compositionMode, metadata, journeyNode } = guideline;
  const { index, followUps, labels, toolIds, kind, extra } = journeyNode;
  return {
    id,
    index,
    condition,
    action,
    followUps: followUps.toSorted(),
    labels,
    toolIds,
    tags,
    metadataExtra: metadata,
    journeyNodeExtra: saysKind ? { kind, ...extra } : extra,
    ...(description !== null && { description }),
    ...(compositionMode !== null && { compositionMode }),
  };
}

function complete({ followUps, compositionMode, ...expected }: Expected): Expected {
  const wireMode = toWireMode(compositionMode);
  return {
    labels: [],
    toolIds: [],
    tags: [],
    metadataExtra: {},
    journeyNodeExtra: {},
    ...expected,
    followUps: followUps.toSorted(),
    ...(wireMode !== undefined && { compositionMode: wireMode }),
  };
}

function byId(one: Expected, other: Expected): number {
  return one.id < other.id ? -1 : 1;
}

type Graph = { readonly nodes: readonly NodeOf[]; readonly edges: readonly EdgeOf[] };

function toGraph(pairs: readonly (readonly [string, string])[]): Graph {
  const ids = new Set(pairs.flat());
  return {
    nodes: [...ids].map((id) => ({ id, action: id })),
    edges: pairs.map(([source, target], at) => ({ id: `e${at}`, source, target })),
  };
}

/** root → a, b → next → a, b → … */
function diamonds(count: number): Graph {
  const top = (at: number) => (at === 0 ? 'root' : `top${at}`);
  return toGraph(
    Array.from({ length: count }, (_, at) => at).flatMap((at): [string, string][] =>
      ['a', 'b'].flatMap((side): [string, string][] => [
        [top(at), `${side}${at}`],
        [`${side}${at}`, top(at + 1)],
      ]),
    ),
  );
}

/** From every node of a layer to some of the next. */
function layers({
  count,
  width,
  exits,
}: {
  readonly count: number;
  readonly width: number;
  readonly exits: number;
}): Graph {
  const first = Array.from({ length: width }, (_, at): [string, string] => ['root', `0.${at}`]);
  const others = Array.from({ length: count - 1 }, (_, layer) =>
    Array.from({ length: width }, (_, at) =>
      Array.from({ length: exits }, (_, exit): [string, string] => [
        `${layer}.${at}`,
        `${layer + 1}.${(at * 7 + exit * 13 + layer) % width}`,
      ]),
    ).flat(),
  );
  return toGraph([first, ...others].flat());
}

/** Many ways in, many ways out. */
function around(count: number): Graph {
  const spokes = Array.from({ length: count }, (_, at) => at);
  return toGraph(
    spokes.flatMap((at): [string, string][] => [
      ['root', `in${at}`],
      [`in${at}`, 'hub'],
      ['hub', `out${at}`],
    ]),
  );
}
