/** The states of a journey: handles that draw on its graph. */
import { InvalidDefinitionError } from '../errors.ts';
import { parseToolId } from '../tools/tool.ts';
import { demandResponses } from './canned-response.ts';
import { named, shown } from './check-options.ts';
import { definedId, demandHandles, type Draft } from './draft.ts';
import type { DefinedJourney } from './journey.ts';
import { addEdge, addNode, checkExits, type JourneyGraph, type NewNode } from './journey-graph.ts';
import { toJson } from './options.ts';
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
  return toState({ draft, graph, id: rootId, name });
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
type Place = {
  readonly draft: Draft;
  readonly graph: JourneyGraph;
  readonly id: string;
  /** As its author knows it. */
  readonly name: string;
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
    return toTransition(drawState(place, toFork(place, options), options.condition), options.condition);
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
  });
  return state;
}

function draw(place: Place, options: TransitionOptions, what: string): JourneyState | EndOfJourney {
  if ('chatState' in options) return drawState(place, toChatNode(place, options), options.condition);
  if ('toolState' in options) return drawState(place, toToolNode(place, options), options.condition);
  if ('journey' in options) return drawJourney(place, options, what);
  return drawEdge(place, options, what);
}

/** A new state, and the way to it. */
function drawState(place: Place, node: NewNode, condition: string | null = null): JourneyState {
  const { draft, graph, id: source } = place;
  checkExits(graph, source, { added: [{ condition }], what: node.what });
  addNode(draft, graph, node);
  addEdge(draft, graph, { source, target: node.id, condition });
  return toState({ draft, graph, id: node.id, name: node.what });
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
  return toState({ draft, graph, ...merge });
}

function toChatNode({ draft, graph, id }: Place, options: ChatTransition): NewNode {
  const what = `${named('state', options.chatState)} of ${graph.what}`;
  return {
    id: options.id ?? nextId(graph, id),
    what,
    fields: { ...toFields(options), action: options.chatState, tools: [] },
    responses: demandResponses(draft, options.cannedResponses ?? [], what),
  };
}

function toToolNode({ draft, graph, id }: Place, options: ToolTransition): NewNode {
  const given = Array.isArray(options.toolState) ? options.toolState : [options.toolState];
  const what = `the tool state ${given.map(nameOf).join(', ')} of ${graph.what}`;
  if (given.length === 0) throw new InvalidDefinitionError(what, 'it has no tool');
  const tools = [...new Set(given.map((tool) => draft.tools.use(tool, what)))];
  const [only, ...others] = tools;
  const usual = only && others.length === 0 ? `Run the tool ${parseToolId(only).toolName}` : null;
  return {
    id: options.id ?? nextId(graph, id),
    what,
    fields: { ...toFields(options), action: options.toolInstruction ?? usual, tools },
    responses: demandResponses(draft, options.cannedResponses ?? [], what),
  };
}

function toFork({ graph, id, name }: Place, options: ForkOptions): NewNode {
  const what = `the fork behind ${name}`;
  return {
    id: options.id ?? nextId(graph, id),
    what,
    fields: { ...toFields(options), action: null, tools: [] },
  };
}

type StateOptions = Pick<ChatTransition, 'description' | 'labels' | 'compositionMode' | 'metadata'>;

function toFields(options: StateOptions) {
  return {
    description: options.description ?? null,
    labels: [...new Set(options.labels)],
    compositionMode: options.compositionMode ?? null,
    metadata: toJson(options.metadata ?? {}),
  };
}

/** An edited state stays the same one as long as it is the n-th behind the same. */
function nextId({ exits }: JourneyGraph, source: string): string {
  return definedId('journey node', source, exits.get(source)?.length ?? 0);
}

function nameOf(tool: unknown): string {
  return typeof tool === 'object' && tool !== null && 'id' in tool ? shown(tool.id) : shown(tool);
}
