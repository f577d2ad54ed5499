/** Steps as questions show them. */
import type { BacktrackInput, ShownStep } from '../../nlp/questions/journeys.ts';
import { completionOf, stepActionOf } from './completion.ts';
import type { JourneyGraph } from './journey-graph.ts';
import type { NodeGuideline } from './projection.ts';

export function showStep(guideline: NodeGuideline): ShownStep {
  const { index, kind, toolIds } = guideline.journeyNode;
  const { customerPart, agentPart } = completionOf(guideline);
  return {
    index,
    kind,
    action: stepActionOf(guideline),
    description: guideline.description,
    toolIds,
    ...(customerPart !== undefined && { customerPart }),
    ...(agentPart !== undefined && { agentPart }),
  };
}

/** With the ways between them, in the order of the journey. */
export function showSteps(graph: JourneyGraph, indexes: ReadonlySet<string>): BacktrackInput['steps'] {
  return [...graph.steps.values()]
    .filter(({ index }) => indexes.has(index))
    .map(({ guideline, exits }) => ({
      ...showStep(guideline),
      followUps: exits.map(({ to, guideline: { condition } }) => ({
        index: to,
        condition: condition || null,
      })),
    }));
}
