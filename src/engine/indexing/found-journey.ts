/** What was found out about a journey, and how its nodes look with it. */
import type { JourneyNode } from '../../entities/collections/journey.ts';
import type { Json, JsonObject } from '../../event-log/event.ts';
import type { ReachableStep } from '../journeys/reachable-steps.ts';
import { asObject, asText } from '../journeys/step-metadata.ts';

export type JourneyFound = {
  /** By the index of a step: its words, where they had to be changed. Absent: was not asked yet. */
  readonly actions?: Readonly<Record<string, string>>;
  /** By the index of the step one stands at. */
  readonly ways: Readonly<Record<string, readonly ReachableStep[]>>;
};

export const nothingFound: JourneyFound = { ways: {} };

export function toFoundJson({ actions, ways }: JourneyFound): JsonObject {
  const shown = Object.entries(ways).map(([index, each]) => [index, each.map(toWayJson)]);
  return { ...(actions && { actions }), ways: Object.fromEntries(shown) as JsonObject };
}

/** As `toFoundJson` wrote it. */
export function fromFoundJson(found: JsonObject): JourneyFound {
  const { actions } = found;
  const ways = Object.entries(asObject(found['ways'])).map(([index, each]) => [index, toWays(each)] as const);
  return {
    ...(actions !== undefined && { actions: asObject(actions) as Readonly<Record<string, string>> }), // as it was written
    ways: Object.fromEntries(ways),
  };
}

function toWayJson({ condition, path }: ReachableStep): JsonObject {
  return { condition, path };
}

function toWays(ways: Json): readonly ReachableStep[] {
  return Array.isArray(ways) ? ways : []; // as it was written
}

/**
 * The node with what was found about its step; itself, where that was nothing. `own`: what its authors say of it, which stays; `node` may
 * have more already.
 */
export function withStep(
  node: JourneyNode,
  { index, own, found }: { readonly index: string; readonly own: JsonObject; readonly found: JourneyFound },
): JourneyNode {
  const action = Object.hasOwn(own, 'internal_action') ? undefined : asText(found.actions?.[index]);
  const reachable = found.ways[index];
  if (action === undefined && reachable === undefined) return node;
  const step = asObject(own['journey_node']);
  return {
    ...node,
    metadata: {
      ...node.metadata,
      ...(action !== undefined && { internal_action: action }),
      ...(reachable && { journey_node: { reachable_follow_ups: reachable.map(toWayJson), ...step } }),
    },
  };
}
