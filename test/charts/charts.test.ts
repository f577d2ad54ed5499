import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toDirectedGraph } from 'xstate/graph';
import type { Box, Chart, ChartNode } from '../../src/charts/chart.ts';
import { createCharts } from '../../src/charts/charts.ts';
import { listMachineFiles, loadMachine } from '../../src/charts/machine-files.ts';
import { nameWidth } from '../../src/charts/text-size.ts';

const charts = createCharts();
const files = await listMachineFiles();

/** The chart of that machine; a machine that is not there fails the test. */
async function draw(name: string): Promise<Chart> {
  const chart = await charts.draw(name);
  if (!chart) throw new Error(`There is no chart ${name}.`);
  return chart;
}

function isInside(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function pairsOf<Item>(items: readonly Item[]): readonly (readonly [Item, Item])[] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b) => [a, b] as const));
}

function labelBoxes({ edges }: Chart): readonly Box[] {
  return edges.map(({ labelX, labelY, labelWidth, labelHeight }) => ({
    x: labelX,
    y: labelY,
    width: labelWidth,
    height: labelHeight,
  }));
}

/** Whether the point lies on the border of the box, give or take a pixel. */
function touches({ x, y }: { readonly x: number; readonly y: number }, box: Box): boolean {
  const grown = { x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 };
  const shrunk = { x: box.x + 1, y: box.y + 1, width: box.width - 2, height: box.height - 2 };
  const point = { x, y, width: 0, height: 0 };
  return isInside(point, grown) && !isInside(point, shrunk);
}

describe('the statecharts', () => {
  it('are those of machines/, whatever is added there', async () => {
    const inFolder = readdirSync(new URL('../../machines/', import.meta.url)).filter((file) =>
      file.endsWith('.machine.ts'),
    );
    expect(files.map(({ name }) => `${name}.machine.ts`)).toEqual(inFolder.toSorted());
    const listed = await charts.list();
    expect(listed.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
    expect(listed.find(({ name }) => name === 'session')).toEqual({
      name: 'session',
      id: 'session.v1',
      description: expect.stringContaining('conversation'),
    });
  });

  it('are drawn once, also for those who ask at the same time', async () => {
    const fresh = createCharts();
    const [one, other] = await Promise.all([fresh.draw('session'), fresh.draw('session')]);
    expect(one).toBeDefined();
    expect(other).toBe(one);
    expect(await fresh.draw('session')).toBe(one);
  });

  it('are always the same picture', async () => {
    expect(await createCharts().draw('session')).toEqual(await draw('session'));
  });

  it.each(['', 'nothing', '..', '../package', 'session.machine.ts', '__proto__', 'constructor'])(
    'have none of the name "%s"',
    async (name) => {
      expect(await charts.draw(name)).toBeUndefined();
    },
  );
});

describe.each(files.map(({ name }) => name))('the chart of %s', (name) => {
  it('has every state and every transition, named as xstate/graph does', async () => {
    const chart = await draw(name);
    const file = files.find((each) => each.name === name);
    const machine = await loadMachine(file ?? { url: '' });
    const graphs = flatten(toDirectedGraph(machine));
    expect(chart.nodes.map(({ id }) => id)).toEqual(graphs.map(({ id }) => id));
    const named = graphs.flatMap(({ edges }) => edges.map(({ id }) => id));
    const eventless = chart.edges.filter(({ event }) => event === '').map(({ id }) => id);
    expect(chart.edges.map(({ id }) => id).toSorted()).toEqual([...named, ...eventless].toSorted());
    expect(eventless.length).toBe(graphs.flatMap(({ stateNode }) => stateNode.always ?? []).length);
  });

  it('keeps states inside their states, and apart from the others', async () => {
    const { nodes, size } = await draw(name);
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const outside = nodes.filter((node) => {
      const around = node.parentId === null ? { x: 0, y: 0, ...size } : byId.get(node.parentId);
      return !around || !isInside(node, around);
    });
    expect(outside).toEqual([]);
    const siblings = Map.groupBy(nodes, ({ parentId }) => parentId);
    const clashes = [...siblings.values()].flatMap(pairsOf).filter(([a, b]) => overlap(a, b));
    expect(clashes).toEqual([]);
  });

  it('draws every line from the border of one state to that of the other', async () => {
    const { nodes, edges } = await draw(name);
    const nodeOf = (id: string) => nodes.find((node) => node.id === id) as ChartNode; // ids of its own states
    const loose = edges.filter(({ source, target, points, internal }) => {
      const [first, last] = [points[0], points.at(-1)];
      if (internal) return points.length > 0;
      if (!first || !last || points.length < 2) return true;
      return !touches(first, nodeOf(source)) || !touches(last, nodeOf(target));
    });
    expect(loose).toEqual([]);
  });

  it('has room for every text: no label lies on another, and all within the picture', async () => {
    const chart = await draw(name);
    const boxes = labelBoxes(chart);
    const picture = { x: 0, y: 0, ...chart.size };
    expect(boxes.filter((box) => !isInside(box, picture))).toEqual([]);
    expect(pairsOf(boxes).filter(([a, b]) => overlap(a, b))).toEqual([]);
    for (const { key, width } of chart.nodes) expect(width).toBeGreaterThan(nameWidth(key));
  });

  it('has a dot in every state that begins somewhere', async () => {
    const { nodes, starts } = await draw(name);
    const beginning = nodes.filter(({ type }) => type === 'compound');
    expect(starts.map(({ parentId, target }) => [parentId, target])).toEqual(
      beginning.map(({ id, initial }) => [id, initial]),
    );
    for (const { points } of starts) expect(points.length).toBeGreaterThanOrEqual(2);
  });
});

describe('the chart of session', () => {
  it('says in words what wakes a transition, and which guard lets it through', async () => {
    const { edges } = await draw('session');
    const labels = edges.map(({ label, guard }) => (guard === null ? label : `${label} [${guard}]`));
    expect(labels).toEqual(
      expect.arrayContaining(['session.stop', 'run done', 'poll done [hasEnded]', 'always [hasQueued]']),
    );
  });

  it('has transitions that leave no state inside it', async () => {
    const { edges, nodes } = await draw('session');
    const inside = edges.filter(({ internal }) => internal);
    expect(inside.map(({ source }) => source)).toContain('responding');
    for (const { source, labelX, labelY, labelWidth, labelHeight } of inside) {
      const box = { x: labelX, y: labelY, width: labelWidth, height: labelHeight };
      expect(isInside(box, nodes.find(({ id }) => id === source) ?? box)).toBe(true);
    }
  });
});

function flatten(graph: ReturnType<typeof toDirectedGraph>): ReturnType<typeof toDirectedGraph>[] {
  return [graph, ...graph.children.flatMap(flatten)];
}
