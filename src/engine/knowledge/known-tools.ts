/** Which tools a guideline may run: those it is associated with, and those of the journey's step that it stands for. */
import type { ToolAssociation } from '../../entities/collections/guideline.ts';
import type { ToolId } from '../../tools/tool.ts';
import type { KnownJourney } from '../agent-knowledge.ts';

/** By guideline; by creation of the association, or in the order of the step. Guidelines without tools are not in it. */
export function toToolsOf({
  associations,
  journeys,
}: {
  readonly associations: readonly ToolAssociation[];
  readonly journeys: readonly KnownJourney[];
}): ReadonlyMap<string, readonly ToolId[]> {
  const associated = Map.groupBy(associations, ({ guidelineId }) => guidelineId);
  const ofGuidelines = [...associated].map(
    ([guidelineId, each]) => [guidelineId, each.map(({ toolId }) => toolId)] as const,
  );
  const ofSteps = journeys
    .flatMap(({ steps }) => steps)
    .flatMap(({ id, journeyNode }) =>
      journeyNode && journeyNode.toolIds.length > 0 ? [[id, journeyNode.toolIds] as const] : [],
    );
  return new Map([...ofGuidelines, ...ofSteps]);
}
