/** What the metadata of nodes and edges say of a step. They are written by users and by the engine: what has no use is not heard. */
import type { Json, JsonObject } from '../../event-log/event.ts';
import type { JourneyNodeOf } from '../guideline.ts';

type Merged = {
  readonly metadata: JsonObject;
  readonly step: { readonly kind: JourneyNodeOf['kind'] | undefined; readonly extra: JsonObject };
};

const kinds: readonly unknown[] = ['chat', 'tool', 'fork', 'NA'] satisfies JourneyNodeOf['kind'][];

/** Names that the graph itself decides: whatever metadata say of them is not heard. */
const decidedByGraph = new Set(['follow_ups', 'index', 'journey_id', 'labels', 'tool_ids']);

/** What node and edge say, the edge last. `journey_node` in it is about the step. */
export function mergeMetadata(node: JsonObject = {}, edge: JsonObject = {}): Merged {
  const { journey_node: ofNode, ...nodeMetadata } = node;
  const { journey_node: ofEdge, ...edgeMetadata } = edge;
  const { kind, ...step } = { ...asObject(ofNode), ...asObject(ofEdge) };
  return {
    metadata: { ...nodeMetadata, ...edgeMetadata },
    step: {
      kind: isKind(kind) ? kind : undefined,
      extra: Object.fromEntries(Object.entries(step).filter(([name]) => !decidedByGraph.has(name))),
    },
  };
}

function isKind(kind: Json | undefined): kind is JourneyNodeOf['kind'] {
  return kinds.includes(kind);
}

/** Anything else is as nothing. */
export function asObject(value: Json | undefined): JsonObject {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : {}; // not an array, which the compiler does not see of a readonly one
}

/** Anything else, and the empty text, is as nothing. */
export function asText(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
