/** The graph of a journey while it is drawn: its nodes and edges in the draft, and what has to be known to draw on. */
import type { CompositionMode } from '../entities/collections/agent.ts';
import {
  endNodeId,
  journeyEdgeCollection,
  journeyNodeCollection,
  journeyNodeTag,
  type JourneyNodeFields,
} from '../entities/collections/journey.ts';
import { toReevaluation } from '../entities/journey-tools.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { attachResponses, type DefinedCannedResponse } from './canned-response.ts';
import { shown } from './check-options.ts';
import { definedId, type Draft } from './draft.ts';
import { addRelationship } from './relationships.ts';

export type Exit = { readonly target: string; readonly condition: string | null };

export type JourneyGraph = {
  readonly journeyId: string;
  readonly rootId: string;
  /** The journey, as its author knows it. */
  readonly what: string;
  readonly compositionMode: CompositionMode | null;
  /** By node, both in order of creation. */
  readonly exits: Map<string, Exit[]>;
  readonly responses: Map<string, readonly DefinedCannedResponse[]>;
  /** The journey it was copied into: what would be added later would be missing there. */
  partOf?: string;
};

export type NewNode = {
  readonly id: string;
  /** As its author knows it. */
  readonly what: string;
  /** Without a composition mode it has the journey's. */
  readonly fields: Omit<JourneyNodeFields, 'journeyId'>;
  readonly responses?: readonly DefinedCannedResponse[];
};

/** Throws `InvalidDefinitionError` where there is one of its id. */
export function addNode(
  draft: Draft,
  graph: JourneyGraph,
  { id, what, fields, responses = [] }: NewNode,
): void {
  checkId(id, what);
  draft.add(journeyNodeCollection, {
    id,
    what,
    fields: {
      ...fields,
      journeyId: graph.journeyId,
      compositionMode: fields.compositionMode ?? graph.compositionMode,
    },
  });
  graph.exits.set(id, []);
  graph.responses.set(id, responses);
  for (const toolId of fields.tools)
    addRelationship(draft, toReevaluation(id, toolId), { what, target: toolId });
  attachResponses(draft, responses, journeyNodeTag(id));
}

export type NewEdge = Exit & { readonly source: string };

/** That it may be there was checked (`checkExits`). */
export function addEdge(draft: Draft, graph: JourneyGraph, { source, target, condition }: NewEdge): string {
  const exits = graph.exits.get(source) ?? [];
  const id = definedId('journey edge', source, exits.length);
  const fields = { journeyId: graph.journeyId, source, target, condition, metadata: {} };
  draft.add(journeyEdgeCollection, { id, what: `a transition of ${graph.what}`, fields });
  exits.push({ target, condition });
  return id;
}

/** Throws `InvalidDefinitionError`: nothing may be added, or a transition without a condition would have others beside it. */
export function checkExits(
  graph: JourneyGraph,
  source: string,
  { added, what }: { readonly added: readonly Pick<Exit, 'condition'>[]; readonly what: string },
): void {
  if (graph.partOf !== undefined) {
    const remedy = 'what it consists of must stand before that';
    throw new InvalidDefinitionError(what, `the journey is part of ${graph.partOf} already, and ${remedy}`);
  }
  const exits = [...(graph.exits.get(source) ?? []), ...added];
  if (exits.length > 1 && exits.some(({ condition }) => condition === null)) {
    const rule = 'a state has one transition without a condition, or any number with one';
    throw new InvalidDefinitionError(what, `it would have others beside it, and ${rule}`);
  }
}

/** Ids of guidelines are made of a node's: `journey_node:<node>:<edge>`. */
function checkId(id: string, what: string): void {
  if (id !== endNodeId && !id.includes(':')) return;
  throw new InvalidDefinitionError(
    what,
    `its id is ${shown(id)}, and that of a state has no colon and is not "${endNodeId}"`,
  );
}
