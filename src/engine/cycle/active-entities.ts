/** What the program adds to the guidelines that apply, the steps that are taken and the journeys that run. */
import type { EntityExtensions } from '../extensions.ts';
import type { TurnContext } from '../turn-context.ts';

/** Guidelines and steps in their order. */
export function activeGuidelines({
  ordinary,
  toolEnabled,
  extensions,
}: TurnContext): readonly EntityExtensions[] {
  const matches = [...ordinary, ...toolEnabled.map(({ match }) => match)];
  return matches.flatMap(({ guideline }) => {
    const ids = [guideline.id, ...(guideline.journeyNode ? [guideline.journeyNode.nodeId] : [])];
    return ids.flatMap((id) => extensions.entities.get(id) ?? []);
  });
}

/** Those that run, and those of which a step was taken. */
export function activeJourneys({
  ordinary,
  toolEnabled,
  journeys,
  extensions,
}: TurnContext): readonly EntityExtensions[] {
  const ofSteps = [...ordinary, ...toolEnabled.map(({ match }) => match)].flatMap(
    ({ guideline }) => guideline.journeyNode?.journeyId ?? [],
  );
  const ids = new Set([...journeys.map(({ id }) => id), ...ofSteps]);
  return [...ids].flatMap((id) => extensions.entities.get(id) ?? []);
}

export function activeEntities(context: TurnContext): readonly EntityExtensions[] {
  return [...activeGuidelines(context), ...activeJourneys(context)];
}
