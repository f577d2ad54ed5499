/** What options of a transition say of the state it leads to, as a new node of the journey's graph. */
import { InvalidDefinitionError } from '../errors.ts';
import { parseToolId } from '../tools/tool.ts';
import { demandResponses } from './canned-response.ts';
import { named, shown } from './check-options.ts';
import { definedId, type Draft } from './draft.ts';
import type { JourneyGraph, NewNode } from './journey-graph.ts';
import { toJson } from './options.ts';
import type { ChatTransition, ForkOptions, ToolTransition } from './transition-options.ts';

/** The state it leads away from. */
export type Source = {
  readonly draft: Draft;
  readonly graph: JourneyGraph;
  readonly id: string;
  /** As its author knows it. */
  readonly name: string;
};

export function toChatNode({ draft, graph, id }: Source, options: ChatTransition): NewNode {
  const what = `${named('state', options.chatState)} of ${graph.what}`;
  return {
    id: options.id ?? nextId(graph, id),
    what,
    fields: { ...toFields(options), action: options.chatState, tools: [] },
    responses: demandResponses(draft, options.cannedResponses ?? [], what),
  };
}

export function toToolNode({ draft, graph, id }: Source, options: ToolTransition): NewNode {
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

export function toFork({ graph, id, name }: Source, options: ForkOptions): NewNode {
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
