/**
 * NEXT STEP: whether the current step is done, and which of the steps in reach comes then. What is asked, and what an answer means.
 */
import type { NextStepInput } from '../../nlp/questions/journeys.ts';
import type { AnswerOf } from '../../nlp/questions/questions.ts';
import type { GuidelineMatch, JourneyPath } from '../guideline.ts';
import { firstStepOf, isExit, type JourneyGraph } from './journey-graph.ts';
import type { NodeGuideline } from './projection.ts';
import { exitOfPath, type Reach } from './reachable-steps.ts';
import { showStep } from './show-steps.ts';
import { matchLeft, matchStep } from './step-match.ts';
import { stepActionOf } from './completion.ts';

export type NextStepPlan = {
  readonly graph: JourneyGraph;
  readonly current: NodeGuideline;
  /** Empty: the journey begins, or begins again. */
  readonly previousPath: JourneyPath;
  readonly question: Pick<NextStepInput, 'current' | 'isBeginning' | 'transitions'>;
};

/** `previousPath`: empty, the journey begins; ending in null, it was left and begins again at its root. */
export function planNextStep({
  graph,
  previousPath,
  reach,
}: {
  readonly graph: JourneyGraph;
  readonly previousPath: JourneyPath;
  readonly reach: Reach;
}): NextStepPlan {
  const last = previousPath.at(-1);
  const current = currentStep(graph, last);
  const isBeginning = last === undefined || last === null;
  const transitions = reach(current.journeyNode.index).map(({ condition, path }, at) => {
    const end = graph.steps.get(path.at(-1) ?? '')?.guideline;
    return { n: `${at + 1}`, condition, path, action: end === undefined ? null : stepActionOf(end) };
  });
  return {
    graph,
    current,
    previousPath: isBeginning ? [] : previousPath,
    question: { current: showStep(current), isBeginning, transitions },
  };
}

/** Undefined: the answer names nothing that was offered. */
export function takeNextStep(plan: NextStepPlan, answer: AnswerOf<'next_step'>): GuidelineMatch | undefined {
  const { graph, current, previousPath, question } = plan;
  const choice = answer.choice ?? exitOfPath;
  const rationale = answer.rationale ?? `The answer was "${choice}".`;
  if (choice === exitOfPath) return matchLeft(graph, { path: previousPath, rationale });
  const here = previousPath.length > 0 ? previousPath : [current.journeyNode.index];
  if (choice === '0') return matchStep(representative(current, graph), { path: here, rationale });
  const taken = question.transitions.find(({ n }) => n === choice);
  if (taken === undefined) return undefined;
  const next = graph.steps.get(taken.path.at(-1) ?? '')?.guideline;
  if (next === undefined || isExit(next)) return matchLeft(graph, { path: previousPath, rationale });
  return matchStep(next, { path: [...here, ...taken.path], rationale });
}

function currentStep(graph: JourneyGraph, last: string | null | undefined): NodeGuideline {
  if (last === undefined) return firstStepOf(graph) ?? graph.root;
  return (last === null ? undefined : graph.steps.get(last)?.guideline) ?? graph.root;
}

function representative({ journeyNode }: NodeGuideline, { steps, root }: JourneyGraph): NodeGuideline {
  return steps.get(journeyNode.index)?.guideline ?? root;
}
