/** The states of a journey: handles that draw on its graph. */
import { InvalidDefinitionError } from '../errors.ts';
import { definedId, demandHandles, type Draft } from './draft.ts';
import { toEntityExtensions } from './functions.ts';
import type { DefinedJourney } from './journey.ts';
import { addEdge, addNode, checkExits, type JourneyGraph, type NewNode } from './journey-graph.ts';
import { toChatNode, toFork, toToolNode, type Source } from './journey-nodes.ts';
import { createHasRetrievers, type HasRetrievers } from './retriever.ts';
import { copyJourney } from './sub-journey.ts';
import {
  checkFork,
  checkTransition,
  END_JOURNEY,
  type ChatTransition,
  type EndOfJourney,
  type ForkOptions,
  type JourneyState,
  type JourneyTransition,
  type StateTransition,
  type ToolTransition,
  type Transition,
  type TransitionOptions,
} from './transition-options.ts';

/** Where the journey begins. It says nothing by itself. */
export function createInitialState(
  draft: Draft,
  journey: Pick<JourneyGraph, 'journeyId' | 'compositionMode' | 'what'>,
): JourneyState {
  const rootId = definedId('journey node', journey.journeyId);
  const graph: JourneyGraph = { ...journey, rootId, exits: new Map(), responses: new Map() };
  draft.graphs.set(journey.journeyId, graph);
  const name = `the initial state of ${journey.what}`;
  addNode(draft, graph, { id: rootId, what: name, fields: emptyNode });
  return toState({ draft, graph, id: rootId, name, isPassed: true });
}

const emptyNode: NewNode['fields'] = {
  action: null,
  description: null,
  tools: [],
  labels: [],
  compositionMode: null,
  metadata: {},
};

/** A state, and where it is drawn. */
type Place = Source & {
  /** Nothing is said or done in it. */
  readonly isPassed: boolean;
};

function toState(place: Place): JourneyState {
  const { draft, name } = place;
  const what = `a transition from ${name}`;

  function transitionTo(options: TransitionOptions): Transition<JourneyState | EndOfJourney> {
    checkTransition(what, options);
    return toTransition(draw(place, options, what), options.condition);
  }

  function fork(options: ForkOptions = {}): Transition {
    checkFork(`a fork from ${name}`, options);
    const forked = drawState(place, toFork(place, options), { condition: options.condition, isPassed: true });
    return toTransition(forked, options.condition);
  }

  function toTransition<Target>(target: Target, condition: string | null = null): Transition<Target> {
    return draft.handle({ kind: 'transition', source: state, target, condition });
  }

  const state: JourneyState = draft.handle({
    kind: 'state',
    id: place.id,
    // What leads to the end returns the end, all else another state.
    transitionTo: transitionTo as JourneyState['transitionTo'],
    fork,
    ...(place.isPassed
      ? noRetrievers(name)
      : createHasRetrievers(draft, { kind: 'entity', id: place.id }, name)),
  });
  return state;
}

function noRetrievers(what: string): HasRetrievers {
  return {
    attachRetriever() {
      throw new InvalidDefinitionError(
        what,
        'it is only passed on the way, so that a retriever is never asked',
      );
    },
  };
}

function draw(place: Place, options: TransitionOptions, what: string): JourneyState | EndOfJourney {
  if ('chatState' in options) return drawStep(place, toChatNode(place, options), options);
  if ('toolState' in options) return drawStep(place, toToolNode(place, options), options);
  if ('journey' in options) return drawJourney(place, options, what);
  return drawEdge(place, options, what);
}

function drawStep(place: Place, node: NewNode, options: ChatTransition | ToolTransition): JourneyState {
  const { condition } = options;
  const state = drawState(place, node, { condition, isPassed: false });
  place.draft.attachments.addEntity(node.id, toEntityExtensions(options, node.what));
  return state;
}

type Way = { readonly condition?: string | undefined; readonly isPassed: boolean };

/** A new state, and the way to it. */
function drawState(place: Place, node: NewNode, { condition: given, isPassed }: Way): JourneyState {
  const { draft, graph, id: source } = place;
  const condition = given ?? null;
  checkExits(graph, source, { added: [{ condition }], what: node.what });
  addNode(draft, graph, node);
  addEdge(draft, graph, { source, target: node.id, condition });
  return toState({ draft, graph, id: node.id, name: node.what, isPassed });
}

function drawEdge(
  { draft, graph, id: source }: Place,
  { state, condition }: StateTransition,
  what: string,
): JourneyState | EndOfJourney {
  if (state !== END_JOURNEY) {
    const wanted = 'END_JOURNEY or a state';
    const [target] = demandHandles<JourneyState>(draft, [state], { kinds: ['state'], wanted, what });
    if (!target || !graph.exits.has(target.id)) {
      throw new InvalidDefinitionError(what, 'it would lead to a state of another journey');
    }
  }
  const exit = { target: state.id, condition: condition ?? null };
  checkExits(graph, source, { added: [exit], what });
  addEdge(draft, graph, { source, ...exit });
  return state;
}

function drawJourney(place: Place, { journey, condition }: JourneyTransition, what: string): JourneyState {
  const { draft, graph, id: source } = place;
  demandHandles<DefinedJourney>(draft, [journey], { kinds: ['journey'], wanted: 'a journey', what });
  const part = draft.graphs.get(journey.id);
  if (!part || part === graph) throw new InvalidDefinitionError(what, 'a journey cannot be a part of itself');
  const merge = copyJourney(draft, { graph, part, source, condition: condition ?? null, what });
  return toState({ draft, graph, ...merge, isPassed: true });
}
