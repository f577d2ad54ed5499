/**
 * Which transition of the statechart a move took, under the name that `toDirectedGraph` of `xstate/graph` gives it. XState says where an
 * actor stands and not how it came there: the machine is asked what this event does to that snapshot. Moves are few, so each is looked up
 * once; what it costs then is a look into a map, several times per turn.
 */
import type { AnyStateNode, SnapshotFrom, StateValue } from 'xstate';
import type { sessionMachine } from '../../machines/session.machine.ts';
import { keyOf } from './state-value.ts';

/** What moved the statechart: an event that was sent, or what a child came to. */
export type Cause = { readonly type: string; readonly output?: { readonly kind: string } };

/** A move of the statechart as clients are told of it. */
export type Move = {
  /** The edge, `<id of the state it leaves>:<index of the transition>:0`; empty when there is none. */
  readonly edge: string;
  /** The type of the event. */
  readonly event: string;
  /** JSON of the values. */
  readonly from: string;
  readonly to: string;
};

type Snapshot = SnapshotFrom<typeof sessionMachine>;
type Transition = AnyStateNode['transitions'] extends Map<string, (infer Item)[]> ? Item : never;

const moves = new Map<string, Move>();

/** From this snapshot to that value. What moved it may be another child than the last one heard of: then it is found by where it led. */
export function moveBetween(before: Snapshot, cause: Cause, to: StateValue): Move {
  const key = `${keyOf(before.value)} ${cause.type} ${cause.output?.kind} ${keyOf(to)}`;
  let move = moves.get(key);
  if (!move) {
    const taken = taking(before, cause, to);
    move = {
      edge: taken ? edgeOf(taken) : '',
      event: taken?.eventType ?? cause.type,
      from: JSON.stringify(before.value),
      to: JSON.stringify(to),
    };
    moves.set(key, move);
  }
  return move;
}

function taking(before: Snapshot, cause: Cause, to: StateValue): Transition | undefined {
  // Of this machine: one with its actors provided has nodes of its own.
  const { root } = before.machine as { readonly root: AnyStateNode };
  const active = new Set(activeNodes(root, to));
  const enabled: readonly Transition[] = before.machine.getTransitionData(before, cause as never); // its guards read what it has
  const ofChildren = activeNodes(root, before.value)
    .flatMap((node) => [...node.transitions.values()].flat())
    .filter(({ eventType }) => eventType.startsWith('xstate.'));
  return (
    enabled.find((transition) => leadsInto(transition, active)) ??
    // What succeeds has no guard.
    ofChildren.find((transition) => transition.guard === undefined && leadsInto(transition, active)) ??
    ofChildren.find((transition) => leadsInto(transition, active))
  );
}

/** Straight, or through a state that is left at once. */
function leadsInto({ target }: Pick<Transition, 'target'>, active: ReadonlySet<AnyStateNode>): boolean {
  return (
    target?.every(
      (node) => active.has(node) || (node.always ?? []).some((onward) => leadsInto(onward, active)),
    ) ?? false
  );
}

function edgeOf(transition: Transition): string {
  const { source } = transition;
  return `${source.id}:${[...source.transitions.values()].flat().indexOf(transition)}:0`;
}

/** The state nodes of a value, outermost first. */
function activeNodes(root: AnyStateNode, value: StateValue): AnyStateNode[] {
  const nodes: AnyStateNode[] = [];
  collect(root, value);
  return nodes;

  function collect(node: AnyStateNode, inside: StateValue | undefined): void {
    nodes.push(node);
    if (inside === undefined) return;
    const children = typeof inside === 'string' ? { [inside]: undefined } : inside;
    for (const [name, rest] of Object.entries(children)) {
      const child = node.states[name];
      if (child) collect(child, rest);
    }
  }
}
