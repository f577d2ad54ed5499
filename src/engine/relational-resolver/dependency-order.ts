/**
 * An order in which everything comes after what it depends on. What depends on itself in a circle has no place in one (Tarjan's strongly
 * connected components, with a path of our own: a chain may be as long as there are guidelines).
 */

/** Without those that depend on each other in a circle. `dependenciesOf` names other nodes of `nodes` only. */
export function inDependencyOrder(
  nodes: readonly string[],
  dependenciesOf: (node: string) => readonly string[],
): readonly string[] {
  const ordered: string[] = [];
  const visits = new Map<string, Visit>();
  const open: Visit[] = [];
  for (const node of nodes) if (!visits.has(node)) walkFrom(visit(node));
  return ordered;

  function walkFrom(start: Visit): void {
    const path = [start];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const next = at.dependencies[at.asked++];
      const known = next === undefined ? undefined : visits.get(next);
      if (next !== undefined && known === undefined) path.push(visit(next));
      else if (known?.isOpen) lower(at, known.index);
      else if (next === undefined) {
        path.pop();
        close(at);
        lower(path.at(-1), at.low);
      }
    }
  }

  function visit(node: string): Visit {
    const index = visits.size;
    const dependencies = dependenciesOf(node);
    const made = { node, index, low: index, openAt: open.length, isOpen: true, dependencies, asked: 0 };
    visits.set(node, made);
    open.push(made);
    return made;
  }

  /** The first of a component to be visited closes all of it. */
  function close(at: Visit): void {
    if (at.low < at.index) return;
    const component = open.splice(at.openAt);
    for (const each of component) each.isOpen = false;
    if (component.length === 1) ordered.push(at.node);
  }
}

type Visit = {
  readonly node: string;
  /** How many were visited before. */
  readonly index: number;
  readonly openAt: number;
  readonly dependencies: readonly string[];
  /** How many dependencies were looked at. */
  asked: number;
  /** The smallest index in reach that is still open. */
  low: number;
  isOpen: boolean;
};

function lower(visit: Visit | undefined, to: number): void {
  if (visit && to < visit.low) visit.low = to;
}
