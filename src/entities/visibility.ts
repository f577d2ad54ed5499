/**
 * What an agent sees of all that is known: what carries its own tag (`agent:<id>`), what carries one of the tags it has itself, and what
 * carries none. Pure, and the same for the engine as for everybody else who asks.
 */
import { agentTag } from './collections/agent.ts';
import { journeyTag } from './collections/journey.ts';

export type Viewer = { readonly id: string; readonly tags: readonly string[] };

type Tagged = { readonly tags: readonly string[] };

/** In their order. `alsoTags`: what carries one of these is seen as well: canned responses of an active journey, say. */
export function visibleTo<Thing extends Tagged>(
  agent: Viewer,
  things: readonly Thing[],
  { alsoTags = [] }: { readonly alsoTags?: readonly string[] } = {},
): readonly Thing[] {
  const seen = new Set([agentTag(agent.id), ...agent.tags, ...alsoTags]);
  return things.filter(({ tags }) => tags.length === 0 || tags.some((tag) => seen.has(tag)));
}

/** A journey the agent sees, with the guidelines its nodes stand for. */
export type ProjectedJourney<Guideline> = {
  readonly id: string;
  /** Ids of guidelines. Without any, nothing begins the journey, and its nodes are not seen. */
  readonly triggers: readonly string[];
  readonly projected: readonly Guideline[];
};

/** Each once: what is visible, what carries the tag of one of the journeys, and what their nodes stand for. */
export function visibleGuidelines<Guideline extends Tagged & { readonly id: string }>(
  agent: Viewer,
  guidelines: readonly Guideline[],
  journeys: readonly ProjectedJourney<Guideline>[],
): readonly Guideline[] {
  const alsoTags = journeys.map(({ id }) => journeyTag(id));
  const projected = journeys.flatMap((journey) => (journey.triggers.length > 0 ? journey.projected : []));
  const visible = [...visibleTo(agent, guidelines, { alsoTags }), ...projected];
  return [...new Map(visible.map((guideline) => [guideline.id, guideline])).values()];
}
