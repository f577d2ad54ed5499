/** The step that needs no thought: the only one after a tool that has just run, or a first one that runs a tool. */
import type { ToolId } from '../../tools/tool.ts';
import type { GuidelineMatch, JourneyPath } from '../guideline.ts';
import { firstStepOf, followUpsOf, type JourneyGraph } from './journey-graph.ts';
import type { NodeGuideline } from './projection.ts';
import { matchStep } from './step-match.ts';

export type StepSituation = {
  readonly graph: JourneyGraph;
  /** As of the last iteration or turn; none: the journey was not considered yet. */
  readonly previousPath: JourneyPath;
  /** Tools called in this turn. */
  readonly stagedTools: ReadonlySet<ToolId>;
};

/** Undefined: there is something to choose. */
export function autoAdvance(situation: StepSituation): GuidelineMatch | undefined {
  const last = situation.previousPath.at(-1);
  if (last !== undefined && last !== null) return afterTool(last, situation);
  return situation.previousPath.length === 0 ? firstTool(situation.graph) : undefined;
}

/** The journey's first step, if it runs a tool; then also the way to begin again. */
export function firstTool(graph: JourneyGraph): GuidelineMatch | undefined {
  const first = firstStepOf(graph);
  if (first?.journeyNode.kind !== 'tool') return undefined;
  return matchStep(first, {
    path: [first.journeyNode.index],
    rationale: 'The journey begins with a step that runs a tool.',
  });
}

function afterTool(last: string, { graph, previousPath, stagedTools }: StepSituation) {
  const step = graph.steps.get(last)?.guideline;
  if (step?.journeyNode.kind !== 'tool') return undefined;
  if (!step.journeyNode.toolIds.some((id) => stagedTools.has(id))) return undefined;
  const ways = passForks(step, graph);
  const next = ways?.at(-1);
  if (ways === undefined || next === undefined) return undefined;
  return matchStep(next, {
    path: [...previousPath, ...ways.map(({ journeyNode }) => journeyNode.index)],
    rationale: 'The tool of the last step has run, and only one step comes after it.',
  });
}

/** The only way on, through forks that do not branch; it ends, as follow-ups never lead back (`node-visits.ts`). */
function passForks(from: NodeGuideline, graph: JourneyGraph): readonly NodeGuideline[] | undefined {
  const passed: NodeGuideline[] = [];
  for (let at = from; at === from || at.journeyNode.kind === 'fork';) {
    const [next, ...others] = followUpsOf(at, graph);
    if (next === undefined || others.length > 0) return undefined;
    passed.push(next);
    at = next;
  }
  return passed;
}
