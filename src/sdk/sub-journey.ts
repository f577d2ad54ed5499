/**
 * A journey as part of another: its states are copied, behind an entry fork where a condition leads to it or its own states lead back to
 * its beginning, and all its ends meet in one fork, from which the other journey goes on.
 */
import { endNodeId, journeyNodeCollection, type JourneyNodeFields } from '../entities/collections/journey.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { Json, JsonObject } from '../event-log/event.ts';
import { definedId, type Draft } from './draft.ts';
import { addEdge, addNode, checkExits, type Exit, type JourneyGraph } from './journey-graph.ts';

export type Copying = {
  readonly graph: JourneyGraph;
  /** What is copied into it. */
  readonly part: JourneyGraph;
  /** The state it is copied behind. */
  readonly source: string;
  readonly condition: string | null;
  /** The transition, as its author knows it. */
  readonly what: string;
};

/** Returns the fork where all ends meet. Throws `InvalidDefinitionError`. */
export function copyJourney(draft: Draft, copying: Copying): { readonly id: string; readonly name: string } {
  const { graph, part, source, condition, what } = copying;
  const first = part.exits.get(part.rootId) ?? [];
  if (first.length === 0) throw new InvalidDefinitionError(what, `${part.what} has no states yet`);
  const hasEntry = condition !== null || leadsBack(part);
  checkExits(graph, source, { added: hasEntry ? [{ condition }] : first, what });

  const newId = createIds(graph, source);
  const forkIn = (name: string) => {
    const id = newId(name);
    const named = `the ${name} of ${part.what} in ${graph.what}`;
    addNode(draft, graph, { id, what: named, fields: { ...emptyFork, metadata: toMetadata(part) } });
    return { id, name: named };
  };

  const merge = forkIn('exit');
  const entry = hasEntry ? forkIn('entry').id : source;
  if (hasEntry) addEdge(draft, graph, { source, target: entry, condition });
  const copies = new Map([
    [part.rootId, entry],
    [endNodeId, merge.id],
  ]);
  for (const id of part.exits.keys()) {
    if (id !== part.rootId) copies.set(id, copyNode(draft, { graph, part, id, copyId: newId(id) }));
  }
  copyEdges(draft, copying, copies);
  part.partOf = graph.what;
  return merge;
}

const emptyFork = { action: null, description: null, tools: [], labels: [], compositionMode: null } as const;

function leadsBack({ exits, rootId }: JourneyGraph): boolean {
  return [...exits.values()].flat().some(({ target }) => target === rootId);
}

/** Made of the state it is copied behind: the same journey may be part of another twice. */
function createIds({ exits }: JourneyGraph, source: string): (name: string) => string {
  const ordinal = exits.get(source)?.length ?? 0;
  return (name) => definedId('journey node', source, ordinal, name);
}

type NodeCopy = {
  readonly graph: JourneyGraph;
  readonly part: JourneyGraph;
  readonly id: string;
  readonly copyId: string;
};

function copyNode(draft: Draft, { graph, part, id, copyId }: NodeCopy): string {
  const node = draft.get(journeyNodeCollection, id);
  if (!node) throw new Error(`The node "${id}" of ${part.what} is not in the draft.`);
  const fields: JourneyNodeFields = { ...node, metadata: toMetadata(part, node.metadata) };
  const what = `a state of ${part.what} in ${graph.what}`;
  addNode(draft, graph, { id: copyId, what, fields, responses: part.responses.get(id) ?? [] });
  draft.attachments.copy(id, copyId);
  return copyId;
}

/** Where a state of the part leads nowhere, the part is over too. */
function copyEdges(draft: Draft, { graph, part }: Copying, copies: ReadonlyMap<string, string>): void {
  const toEnd: Exit = { target: endNodeId, condition: null };
  for (const [id, exits] of part.exits) {
    for (const { target, condition } of exits.length > 0 ? exits : [toEnd]) {
      addEdge(draft, graph, { source: copies.get(id)!, target: copies.get(target)!, condition }); // all of it was copied
    }
  }
}

/** Whose step it was, and whose before that: their handlers are called as well. */
function toMetadata({ journeyId }: JourneyGraph, metadata: JsonObject = {}): JsonObject {
  const { journey_node: node } = metadata;
  const { sub_journey_id: part, ...known }: JsonObject = isObject(node) ? node : {};
  const before = Array.isArray(known['inner_journey_ids']) ? known['inner_journey_ids'] : [];
  const inner = part === undefined ? {} : { inner_journey_ids: [...before, part] };
  return { ...metadata, journey_node: { ...known, ...inner, sub_journey_id: journeyId } };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
