/**
 * Which step of an active journey comes next: without a model where nothing is to be chosen, else by up to three questions. The order
 * of the questions is here, what they mean is in `next-step.ts` and `backtrack-selection.ts`, and who answers them is given.
 */
import type { AnswerOf } from '../../nlp/questions/questions.ts';
import type { GuidelineMatch, JourneyPath } from '../guideline.ts';
import { autoAdvance, firstTool, type StepSituation } from './auto-advance.ts';
import { planBacktrack, takeBacktrack, type BacktrackPlan } from './backtrack-selection.ts';
import { isPathKnown } from './journey-graph.ts';
import { planNextStep, takeNextStep, type NextStepPlan } from './next-step.ts';
import type { Reach } from './reachable-steps.ts';

/** Each answers once or rejects; an answer is no longer wanted when the signal aborts. */
export interface StepQuestions {
  nextStep(plan: NextStepPlan, signal: AbortSignal): Promise<AnswerOf<'next_step'>>;
  backtrackCheck(plan: BacktrackPlan, signal: AbortSignal): Promise<AnswerOf<'backtrack_check'>>;
  backtrackSelection(plan: BacktrackPlan, signal: AbortSignal): Promise<AnswerOf<'backtrack_selection'>>;
}

export type StepSelection = {
  /** What decided. `none`: the journey was left, and nobody wants it back. */
  readonly by: 'automatic' | 'next-step' | 'backtrack-selection' | 'none';
  /** Undefined: no step. */
  readonly match: GuidelineMatch | undefined;
};

type Selecting = StepSituation & {
  readonly reach: Reach;
  readonly questions: StepQuestions;
  readonly signal: AbortSignal;
};

/** A path with steps that are not there any more, as the journey was changed meanwhile, counts as none. Rejects as questions do. */
export async function selectStep(given: Selecting): Promise<StepSelection> {
  const previousPath = isPathKnown(given.previousPath, given.graph) ? given.previousPath : [];
  const selecting = { ...given, previousPath };
  const automatic = autoAdvance(selecting);
  if (automatic !== undefined) return { by: 'automatic', match: automatic };
  if (previousPath.every((index) => index === null)) return nextStep([], selecting);
  const last = previousPath.at(-1) ?? null;
  if (last === null) return takeUpAgain(selecting);
  const isAfterTool = selecting.graph.steps.get(last)?.guideline.journeyNode.kind === 'tool';
  return isAfterTool ? nextStep(previousPath, selecting) : goOnOrBack(selecting);
}

/** The journey was left. */
async function takeUpAgain(selecting: Selecting): Promise<StepSelection> {
  const { graph, previousPath, questions, signal } = selecting;
  const answer = await questions.backtrackCheck(planBacktrack(graph, previousPath), signal);
  if (!answer.requiresBacktracking) return { by: 'none', match: undefined };
  if (answer.sameProcess ?? true) return goBack(selecting);
  const first = firstTool(graph);
  return first === undefined ? nextStep(previousPath, selecting) : { by: 'automatic', match: first };
}

/** The journey is under way: mostly one goes on, so that is asked at the same time, and given up if not. */
async function goOnOrBack(selecting: Selecting): Promise<StepSelection> {
  const { graph, previousPath, questions, signal } = selecting;
  const goingBack = new AbortController();
  const onwards = nextStep(previousPath, {
    ...selecting,
    signal: AbortSignal.any([signal, goingBack.signal]),
  });
  onwards.catch(() => undefined); // met below, or not wanted
  try {
    const answer = await questions.backtrackCheck(planBacktrack(graph, previousPath), signal);
    if (!answer.requiresBacktracking) return await onwards;
  } catch (error) {
    goingBack.abort();
    throw error;
  }
  goingBack.abort();
  return goBack(selecting);
}

async function nextStep(
  previousPath: JourneyPath,
  { graph, reach, questions, signal }: Selecting,
): Promise<StepSelection> {
  const plan = planNextStep({ graph, previousPath, reach });
  return { by: 'next-step', match: takeNextStep(plan, await questions.nextStep(plan, signal)) };
}

async function goBack({ graph, previousPath, questions, signal }: Selecting): Promise<StepSelection> {
  const plan = planBacktrack(graph, previousPath);
  const answer = await questions.backtrackSelection(plan, signal);
  return { by: 'backtrack-selection', match: takeBacktrack(plan, answer) };
}
