/** BACKTRACK SELECTION: where to go back to, and how far one comes from there at once. What is asked, and what an answer means. */
import type { BacktrackInput } from '../../nlp/questions/journeys.ts';
import type { AnswerOf } from '../../nlp/questions/questions.ts';
import type { GuidelineMatch, JourneyPath } from '../guideline.ts';
import { checkAdvancement } from './advancement-check.ts';
import { isExit, type JourneyGraph } from './journey-graph.ts';
import type { NodeGuideline } from './projection.ts';
import { stepsAround } from './prune.ts';
import { showSteps } from './show-steps.ts';
import { matchLeft, matchStep } from './step-match.ts';

/** Also what BACKTRACK CHECK is asked with. */
export type BacktrackPlan = {
  readonly graph: JourneyGraph;
  readonly previousPath: JourneyPath;
  readonly question: Pick<BacktrackInput, 'steps' | 'previousPath'>;
};

export function planBacktrack(graph: JourneyGraph, previousPath: JourneyPath): BacktrackPlan {
  const steps = showSteps(graph, stepsAround(graph, { path: previousPath }));
  return { graph, previousPath, question: { steps, previousPath } };
}

/** The match always stands for the last step of its path: where the answer is at odds with itself, its way decides. */
export function takeBacktrack(plan: BacktrackPlan, answer: AnswerOf<'backtrack_selection'>): GuidelineMatch {
  const { graph, previousPath } = plan;
  const rationale = answer.rationale ?? `An earlier step is taken up again; next is "${answer.nextStep}".`;
  const advancement = { requiresBacktracking: answer.requiresBacktracking ?? true, steps: stepsOf(answer) };
  const way = checkAdvancement(graph, { previousPath, advancement }).filter((step) => isThere(step, graph));
  const next = reached(way, graph);
  if (next !== undefined && !isExit(next))
    return matchStep(next, { path: [...previousPath, ...way], rationale });
  return matchLeft(graph, { path: [...previousPath, ...way.slice(0, -1)], rationale });
}

function isThere(step: string | null, { steps }: JourneyGraph): boolean {
  return step === null || steps.has(step);
}

/** With the next step as the last one. */
function stepsOf({ advancement, nextStep }: AnswerOf<'backtrack_selection'>): readonly string[] {
  const steps = advancement.map(({ id }) => id);
  return steps.at(-1) === nextStep ? steps : [...steps, nextStep];
}

/** The guideline of the way into the last step: from the one before it, else the first way there is. */
function reached(way: JourneyPath, { steps }: JourneyGraph): NodeGuideline | undefined {
  const step = steps.get(way.at(-1) ?? '');
  const entry = step?.entries.find(({ from }) => from === way.at(-2)) ?? step?.entries[0];
  return entry?.guideline ?? step?.guideline;
}
