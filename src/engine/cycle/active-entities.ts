/** What the program adds to the guidelines that apply, the steps that are taken and the journeys that run. */
import type { EntityExtensions } from '../extensions.ts';
import type { EngineGuideline } from '../guideline.ts';
import type { TurnContext } from '../turn-context.ts';

/** `id`: what it is added to. */
export type ActiveEntity = { readonly id: string; readonly extensions: EntityExtensions };

/** Guidelines and steps in their order. */
export function activeGuidelines(context: TurnContext): readonly ActiveEntity[] {
  const ids = guidelinesOf(context).flatMap(({ id, journeyNode }) =>
    journeyNode ? [id, journeyNode.nodeId] : [id],
  );
  return extended(ids, context);
}

/** Those that run, and those of which a step was taken, also as a part of another. */
export function activeJourneys(context: TurnContext): readonly ActiveEntity[] {
  const ofSteps = guidelinesOf(context).flatMap(({ journeyNode }) =>
    journeyNode ? [journeyNode.journeyId, ...partsOf(journeyNode)] : [],
  );
  return extended([...context.journeys.map(({ id }) => id), ...ofSteps], context);
}

export function activeEntities(context: TurnContext): readonly ActiveEntity[] {
  return [...activeGuidelines(context), ...activeJourneys(context)];
}

function guidelinesOf({ ordinary, toolEnabled }: TurnContext): readonly EngineGuideline[] {
  return [...ordinary, ...toolEnabled.map(({ match }) => match)].map(({ guideline }) => guideline);
}

/** Journeys that this step was copied from: the one it came with, and those that are parts of it. */
function partsOf({ extra }: NonNullable<EngineGuideline['journeyNode']>): readonly string[] {
  const { sub_journey_id: part, inner_journey_ids: inner } = extra;
  return [part, ...(Array.isArray(inner) ? inner : [])].filter((id) => typeof id === 'string');
}

function extended(ids: readonly string[], { extensions }: TurnContext): readonly ActiveEntity[] {
  return [...new Set(ids)].flatMap((id) => {
    const found = extensions.entities.get(id);
    return found ? [{ id, extensions: found }] : [];
  });
}
