import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionOf } from '../../src/engine/journeys/completion.ts';
import type { JourneyGraph } from '../../src/engine/journeys/journey-graph.ts';
import { createReach } from '../../src/engine/journeys/reachable-steps.ts';
import { chain, graphOf, storedJourney, vectorGraph, type NodeVector } from '../support/journeys.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly nodes: readonly NodeVector[];
  readonly maxDepth: number;
  readonly expected: Readonly<Record<string, readonly (readonly string[])[]>>;
};

describe('steps in reach', () => {
  it.each(readVectors<Case>('journey-navigation', 'journey-reachable-paths'))(
    '$id $title',
    ({ nodes, maxDepth, expected }) => {
      const graph = vectorGraph(nodes);
      const reach = createReach(graph, { maxDepth });
      const found = [...graph.steps.keys()].map((index): [string, readonly string[]] => [
        index,
        reach(index)
          .map(({ path }) => path.join(' '))
          .toSorted(),
      ]);
      expect(Object.fromEntries(found.filter(([, paths]) => paths.length > 0))).toEqual(
        Object.fromEntries(
          Object.entries(expected).map(([index, paths]) => [
            index,
            paths.map((path) => path.join(' ')).toSorted(),
          ]),
        ),
      );
    },
  );

  it('what was found out about a step and written to its metadata comes first', () => {
    const told = { condition: 'they gave the date', path: ['3'] };
    const stored = chain(2, {
      metadata: {
        journey_node: {
          reachable_follow_ups: [told, { condition: 'gone', path: ['88'] }, { path: ['3'] }, 'nonsense'],
        },
      },
    });
    expect(createReach(graphOf(stored))('2')).toEqual([told]);
  });

  it('conditions on the way are put together', () => {
    const graph = graphOf(
      storedJourney({
        nodes: [{ id: 'root' }, { id: 'a', action: 'ask' }, { id: 'f' }, { id: 'b', action: 'tell' }],
        edges: [
          { id: 'e1', source: 'root', target: 'a' },
          { id: 'e2', source: 'a', target: 'f' },
          { id: 'e3', source: 'f', target: 'b', condition: 'they are new here' },
        ],
      }),
    );
    expect(createReach(graph)('2')).toEqual([
      { condition: 'this is done: "ask", and they are new here', path: ['3', '4'] },
    ]);
  });

  it('in any journey without loops the ways are those of the rule, from the last step backwards', () => {
    const edges = fc.uniqueArray(
      fc
        .tuple(fc.nat(5), fc.nat(5), fc.boolean())
        .filter(([source, target]) => source < target)
        .map(([source, target, hasCondition]) => ({ source, target, hasCondition })),
      { maxLength: 12, selector: ({ source, target }) => source * 10 + target },
    );
    fc.assert(
      fc.property(edges, kinds, (edges, kinds) => {
        const stored = storedJourney({
          nodes: ids.map((id, at) => nodeOfKind(id, kinds[at] ?? 'chat')),
          edges: edges.map(({ source, target, hasCondition }, at) => ({
            id: `e${at}`,
            source: ids[source] ?? '',
            target: ids[target] ?? '',
            condition: hasCondition ? `c${at}` : null,
          })),
        });
        const graph = graphOf(stored);
        const reach = createReach(graph);
        for (const index of graph.steps.keys()) {
          const paths = reach(index).map(({ path }) => path.join(' '));
          expect(paths.toSorted()).toEqual(waysByTheRule(graph, index).toSorted());
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('any journey has an end to its ways, and none is longer than it may be', () => {
    const edges = fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids, 'end')), {
      maxLength: 16,
    });
    fc.assert(
      fc.property(edges, kinds, (pairs, kinds) => {
        const graph = graphOf(
          storedJourney({
            nodes: ids.map((id, at) => nodeOfKind(id, kinds[at] ?? 'chat')),
            edges: pairs.map(([source, target], at) => ({ id: `e${at}`, source, target })),
          }),
        );
        const reach = createReach(graph);
        for (const index of graph.steps.keys()) {
          for (const { path } of reach(index)) {
            expect(path.length).toBeLessThanOrEqual(8);
            expect(path.slice(0, -1).filter((step) => !graph.steps.has(step))).toEqual([]);
          }
        }
      }),
    );
  });

  it('a net of forks, and a journey of ten thousand steps, end too', () => {
    const count = 1_000;
    const at = (n: number) => `f${n}`;
    const net = storedJourney({
      nodes: [{ id: 'root' }, ...Array.from({ length: count }, (_, n) => ({ id: at(n) }))],
      edges: Array.from({ length: count - 5 }, (_, n) =>
        [1, 2, 3, 4].map((step) => ({
          id: `e${n}.${step}`,
          source: n === 0 ? 'root' : at(n),
          target: at(n + step),
        })),
      ).flat(),
    });
    const graph = graphOf(net);
    const reach = createReach(graph);
    expect([...graph.steps.keys()].every((index) => reach(index).length <= 1_000)).toBe(true);
    const long = graphOf(chain(10_000));
    expect(createReach(long)('5000')).toEqual([
      { condition: 'this is done: "action of a4999"', path: ['5001'] },
    ]);
  });
});

const ids = ['root', 'a', 'b', 'c', 'd', 'e'];
const kinds = fc.array(fc.constantFrom('chat', 'fork', 'asks', 'tool'), { minLength: 6, maxLength: 6 });

/** The specification's rule, word by word, for depth 3. */
function waysByTheRule(graph: JourneyGraph, index: string): readonly string[] {
  const step = graph.steps.get(index);
  const exits = step?.exits ?? [];
  const doesNothing = (at: string) => graph.steps.get(at)?.guideline.action === null;
  const isFork = (at: string | undefined) => graph.steps.get(at ?? '')?.guideline.journeyNode.kind === 'fork';
  if (exits.length === 0) return doesNothing(index) ? [] : ['None'];
  const [only] = exits;
  const leadsOn = (graph.steps.get(only?.to ?? '')?.exits.length ?? 0) > 0;
  if (exits.length === 1 && only?.guideline.condition === '' && doesNothing(only.to) && !leadsOn)
    return ['None'];
  return exits.flatMap(({ to, guideline }) => {
    const stop = isFork(to) ? [] : [doesNothing(to) ? 'None' : to];
    const mustStop = guideline.journeyNode.kind === 'tool' || completionOf(guideline).isAgentDependent;
    const onwards = mustStop ? [] : waysByTheRule(graph, to).map((way) => way.split(' '));
    return [
      ...stop,
      ...onwards
        .filter((way) => way.length + 1 <= 3 || (way.length > 1 && isFork(way.at(-2))))
        .map((way) => [to, ...way].join(' ')),
    ];
  });
}

function nodeOfKind(id: string, kind: string) {
  const asks = { customer_dependent_action_data: { is_customer_dependent: true } };
  return {
    id,
    action: kind === 'fork' ? null : `do ${id}`,
    tools: kind === 'tool' ? ['s:t'] : [],
    metadata: kind === 'asks' ? asks : {},
  };
}
