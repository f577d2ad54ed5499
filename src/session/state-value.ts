/**
 * Reading the machine's state value without knowing its paths elsewhere: lifecycle, turn, and which edge of the statechart a
 * transition took.
 */
import type { AnyStateNode, StateValue } from 'xstate';
import { sessionMachine } from '../../machines/session.machine.ts';
import type { LifecycleState } from '../event-log/session-record.ts';
import type { TurnState } from './sessions.ts';

/** `POLLING` of `{ POLLING: { … } }`. */
export function lifecycleOf(value: StateValue): LifecycleState {
  return (typeof value === 'string' ? value : Object.keys(value)[0]) as LifecycleState;
}

/** `processing` of `{ POLLING: { turn: { responding: 'processing' } } }`, null outside POLLING. */
export function turnOf(value: StateValue): TurnState | null {
  if (typeof value === 'string') return null;
  const polling = value['POLLING'];
  if (typeof polling !== 'object') return null;
  const turn = polling['turn'];
  const state = typeof turn === 'object' ? turn['responding'] : turn;
  // A message that waits to be sent again is heard, no more.
  return (state === 'unsent' ? 'acknowledged' : state) as TurnState;
}

/** Where a value stands, as a short text that is cheap to make and compare. */
export function keyOf(value: StateValue): string {
  if (typeof value === 'string') return value;
  const polling = value['POLLING'] as Readonly<Record<string, StateValue>>;
  const turn = polling['turn'];
  const turnKey = typeof turn === 'object' ? `responding.${turn['responding'] as string}` : turn;
  return `POLLING ${polling['feed'] as string} ${turnKey}`;
}

/** A move of the statechart as clients are told of it. */
export type Move = {
  /** The edge, as `toDirectedGraph` of `xstate/graph` names it; empty when there is none. */
  readonly edge: string;
  /** JSON of the values. */
  readonly from: string;
  readonly to: string;
};

const moves = new Map<string, Move>();

/**
 * The move from one state to another by this event: its edge has the id that `toDirectedGraph` of `xstate/graph` gives it
 * (`<state node id>:<transition index>:<target index>`). Computed once per combination, of which there are few.
 */
export function moveBetween(from: StateValue, event: string, to: StateValue): Move {
  const key = `${keyOf(from)} ${event} ${keyOf(to)}`;
  let move = moves.get(key);
  if (!move) {
    move = { edge: findEdge(from, event, to), from: JSON.stringify(from), to: JSON.stringify(to) };
    moves.set(key, move);
  }
  return move;
}

function findEdge(from: StateValue, event: string, to: StateValue): string {
  const source = activeNodes(from);
  const target = new Set(activeNodes(to));
  // Innermost first: that is the transition XState prefers.
  for (const node of source.toReversed()) {
    const transitions = [...node.transitions.values()].flat();
    const taken = transitions.findIndex(
      (transition) =>
        transition.eventType === event &&
        (transition.target === undefined || transition.target.every((leaf) => target.has(leaf))),
    );
    if (taken >= 0) return `${node.id}:${taken}:0`;
  }
  return '';
}

/** The state nodes of a value, outermost first. */
function activeNodes(value: StateValue): AnyStateNode[] {
  const nodes: AnyStateNode[] = [];
  collect(sessionMachine.root as AnyStateNode, value);
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
