/** How far one comes from a step that is done anew: past what was answered before, up to where the agent must do something. */
import type { BacktrackInput } from '../../questions/journeys.ts';
import { judgeCondition } from '../conditions/judge-condition.ts';
import type { Scene } from '../conditions/scene.ts';
import { isAsking, isChecking, type Step } from './backtrack-target.ts';
import { isPartTold } from './part-done.ts';

const stepLimit = 12;

/** Indexes, beginning with the step itself; `None`: out of the journey. */
export function wayFrom(target: Step, input: BacktrackInput, scene: Scene, now: number): readonly string[] {
  const gone = new Set(input.previousPath);
  const way = [target.index];
  for (let step: Step | undefined = target; step && way.length < stepLimit;) {
    const next = followUp(step, input, scene, now);
    if (next === undefined) return [...way, 'None'];
    if (way.includes(next.index)) return way;
    way.push(next.index);
    const isAnswered = gone.has(next.index) && isAsking(next) && !isChecking(next);
    step =
      next.kind === 'fork' ||
      isAnswered ||
      (isAsking(next) && isPartTold(next.action ?? '', scene, now) && !isChecking(next))
        ? next
        : undefined;
  }
  return way;
}

/** The way whose condition fits best; the one gone before where none does. */
function followUp({ followUps }: Step, input: BacktrackInput, scene: Scene, now: number): Step | undefined {
  const rated = followUps.flatMap(({ index, condition }) => {
    const step = input.steps.find((each) => each.index === index);
    const wasGone = input.previousPath.includes(index) ? 0.1 : 0;
    return step
      ? [{ step, score: wasGone + (condition === null ? 0.5 : judgeCondition(condition, scene, now).score) }]
      : [];
  });
  return rated.reduce<(typeof rated)[number] | undefined>(
    (best, each) => (best && best.score >= each.score ? best : each),
    undefined,
  )?.step;
}
