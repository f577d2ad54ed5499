/** What is found out about journeys when they are written. */
import type { JourneyText, ReachableStepsInput } from '../../questions/indexing.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import { writeWay } from '../journeys/way.ts';

/** Actions are left as they were written. */
export function answerRelativeActions({ steps }: JourneyText): AnswerOf<'relative_actions'> {
  return { actions: steps.map(({ index }) => ({ index, needsRewriting: false, action: null })) };
}

/** The current step done, then what each transition asks for, with the steps passed done as well. */
export function answerReachableSteps(input: ReachableStepsInput): AnswerOf<'reachable_steps'> {
  const byIndex = new Map(input.steps.map((step) => [step.index, step]));
  return {
    conditions: input.paths.map(({ n, path }) => {
      const parts = path.flatMap((to, at) => {
        const before = byIndex.get(path[at - 1] ?? input.from);
        return [{ done: before?.action ?? null }, { edge: before ? edgeTo(to, before, byIndex) : null }];
      });
      return { n, condition: writeWay(parts) };
    }),
  };
}

type Step = JourneyText['steps'][number];

/** "None" stands for all steps where nothing is done and nothing follows. */
function edgeTo(to: string, { followUps }: Step, steps: ReadonlyMap<string, Step>): string | null {
  const leading = followUps.filter(({ index }) => index === to || (to === 'None' && isEnd(steps.get(index))));
  const conditions = leading.map(({ condition }) => condition ?? '').filter((condition) => condition !== '');
  return conditions.length === leading.length ? conditions.join(' or ') : null;
}

function isEnd(step: Step | undefined): boolean {
  return step === undefined || (step.action === null && step.followUps.length === 0);
}
