/** Where a statechart stands: XState's state value, against the states of its drawing. */
import type { ChartNode } from '../wire.ts';

type State = Pick<ChartNode, 'id' | 'key' | 'parentId'>;

/** Ids of the active states, outermost first. `value`: XState's, e.g. `{ POLLING: { feed: 'local', turn: 'idle' } }`. */
export function activeStates(
  { nodes }: { readonly nodes: readonly State[] },
  value: unknown,
): readonly string[] {
  const inside = Map.groupBy(nodes, ({ parentId }) => parentId);
  const active: string[] = [];
  for (const root of inside.get(null) ?? []) collect(root, value);
  return active;

  function collect(node: State, rest: unknown): void {
    active.push(node.id);
    for (const [key, deeper] of partsOf(rest)) {
      const child = inside.get(node.id)?.find((each) => each.key === key);
      if (child) collect(child, deeper);
    }
  }
}

/** In words: `POLLING · feed local · turn responding, processing`. */
export function inWords(value: unknown): string {
  const [[name, rest] = ['', undefined]] = partsOf(value);
  return [name, ...partsOf(rest).map(([key, deeper]) => [key, pathOf(deeper)].join(' ').trim())].join(' · ');
}

function pathOf(value: unknown): string {
  return partsOf(value)
    .map(([key, rest]) => [key, pathOf(rest)].filter((part) => part !== '').join(', '))
    .join(' and ');
}

/** What differs between two values, in words: the part of the machine that moved. */
export function changeInWords(from: unknown, to: unknown): string {
  return `${shortOf(from, to)} → ${shortOf(to, from)}`;
}

/** The innermost states of a value that the other one has not. */
function shortOf(value: unknown, other: unknown): string {
  const leaves = leavesOf(value);
  const others = new Set(leavesOf(other));
  const own = leaves.filter((leaf) => !others.has(leaf));
  return [...new Set(own.length > 0 ? own : leaves)].join(', ');
}

function leavesOf(value: unknown): readonly string[] {
  return partsOf(value).flatMap(([key, rest]) => (partsOf(rest).length === 0 ? [key] : leavesOf(rest)));
}

function partsOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value === 'string') return [[value, undefined]];
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** As the picture has it: `run done` for `xstate.done.actor.run`. */
export function eventInWords(event: string): string {
  if (event === '') return 'always';
  if (event.startsWith('xstate.done.state.')) return 'all over';
  const [, how, actor] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(event) ?? [];
  return actor === undefined ? event : `${actor} ${how === 'done' ? 'done' : 'failed'}`;
}
