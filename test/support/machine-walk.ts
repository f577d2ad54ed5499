/**
 * Walks a machine along every transition it has: paths are generated from the machine (`xstate/graph`), then taken by a real actor
 * whose promise children are settled by hand. What was taken is read from XState's own microsteps.
 */
import {
  type AnyActorLogic,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  createActor,
  type EventObject,
  fromPromise,
} from 'xstate';
import { getShortestPaths } from 'xstate/graph';

/** `<state node id>:<event>:<index>` of a transition. */
type Edge = string;

type Transition = { readonly source: AnyStateNode; readonly eventType: string };

/** Every transition of a machine, as `Edge` with its source's description. */
export function edgesOf(machine: AnyStateMachine): Edge[] {
  const edges: Edge[] = [];
  visit(machine.root);
  return edges;

  function visit(node: AnyStateNode): void {
    for (const transition of transitionsOf(node)) edges.push(edgeOf(transition));
    for (const child of Object.values(node.states)) visit(child);
  }
}

function transitionsOf(node: AnyStateNode): Transition[] {
  return [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
}

function edgeOf(transition: Transition): Edge {
  const { source, eventType } = transition;
  const candidates = transitionsOf(source).filter((other) => other.eventType === eventType);
  return `${source.id}:${eventType}:${candidates.indexOf(transition)}`;
}

export type Walk = {
  readonly machine: AnyStateMachine;
  /** Each walk begins with one of these. */
  readonly inputs: readonly unknown[];
  /** Everything that can happen, ends of promise actors included (`xstate.done.actor.<id>`). */
  readonly events: readonly EventObject[];
  /** Two snapshots with the same key are the same place. */
  readonly placeOf: (snapshot: AnyMachineSnapshot) => string;
};

/** The promise actors of a machine, which settles none of them. */
function actorsOf(machine: AnyStateMachine, logic: AnyActorLogic): Record<string, AnyActorLogic> {
  const sources = new Set<string>();
  visit(machine.root);
  return Object.fromEntries([...sources].map((source) => [source, logic]));

  function visit(node: AnyStateNode): void {
    for (const { src } of node.invoke) if (typeof src === 'string') sources.add(src);
    for (const child of Object.values(node.states)) visit(child);
  }
}

/** Takes every generated path with a real actor and returns the transitions that were taken. */
export async function walkEveryPath({ machine, inputs, events, placeOf }: Walk): Promise<Set<Edge>> {
  const taken = new Set<Edge>();
  const inert = machine.provide({
    actors: actorsOf(
      machine,
      fromPromise(() => new Promise(() => {})),
    ),
  });
  for (const input of inputs) {
    const paths = getShortestPaths(inert, { input, events: [...events], serializeState: placeOf });
    // From each place that can be reached, everything that can happen there.
    for (const { steps } of paths) {
      const way = steps.map(({ event }) => event).filter(({ type }) => type !== 'xstate.init');
      for (const event of events) await take([...way, event], { machine, input, taken });
    }
  }
  return taken;
}

async function take(
  way: readonly EventObject[],
  { machine, input, taken }: { machine: AnyStateMachine; input: unknown; taken: Set<Edge> },
): Promise<void> {
  const children = new Map<string, PromiseWithResolvers<unknown>>();
  const settled = fromPromise(({ self }) => {
    const promise = Promise.withResolvers<unknown>();
    children.set(self.id, promise);
    return promise.promise;
  });
  const actor = createActor(machine.provide({ actors: actorsOf(machine, settled) }), {
    input,
    inspect: (event) => {
      if (event.type !== '@xstate.microstep' || event.actorRef !== actor) return;
      // XState's own record of what it took; there is no other.
      const { _transitions: transitions } = event;
      for (const transition of transitions) taken.add(edgeOf(transition as Transition));
    },
  });
  actor.subscribe({ error: () => {} });
  actor.start();
  for (const event of way) {
    if (actor.getSnapshot().status !== 'active') break;
    const child = children.get(event.type.split('.').at(-1) ?? '');
    if (event.type.startsWith('xstate.done.actor') && child)
      child.resolve((event as { output?: unknown }).output);
    else if (event.type.startsWith('xstate.error.actor') && child) child.reject(new Error('a bug'));
    else if (!event.type.startsWith('xstate.')) actor.send(event);
    await Promise.resolve()
      .then(() => {})
      .then(() => {});
  }
  actor.stop();
}
