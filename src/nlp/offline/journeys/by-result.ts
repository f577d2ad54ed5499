/** Which way fits what a tool brought, where no condition says so in the same words: a good result leads along a good way. */
import type { ShownTransition } from '../../questions/journeys.ts';
import { factsOf } from '../conditions/facts.ts';
import type { Scene } from '../conditions/scene.ts';
import { coverageOf } from './coverage.ts';
import { readWay } from './way.ts';

const bad =
  /\b(?:not?|none|nothing|never|cannot|can't|couldn't|isn't|aren't|wasn't|weren't|doesn't|didn't|fails?|failed|failure|errors?|invalid|unavailable|missing|denied|declined|rejected|refused|unknown|unsuccessful|false|bad|worse|poor|problems?|issues?|wrong|impossible|unable|expired|empty|abnormal|concerning|insufficient|exceeds?|out of)\b/i;

/** Undefined: there are no ways. */
export function judgeByResult(
  transitions: readonly ShownTransition[],
  { situation, talk }: Pick<Scene, 'situation' | 'talk'>,
): ShownTransition | undefined {
  const staged = situation.staged.length > 0 ? situation.staged : talk.calls.slice(-1);
  const facts = factsOf({ variables: [], staged })
    .map(({ text }) => text)
    .join('\n');
  const isBad = facts === '' || bad.test(facts);
  const rated = transitions.map((transition) => {
    const condition = readWay(transition.condition).edges.join(', ');
    const fits = bad.test(condition) === isBad ? 1 : 0;
    return { transition, score: fits + coverageOf(condition, facts) * 0.5 };
  });
  return rated.reduce<(typeof rated)[number] | undefined>(
    (best, each) => (best && best.score >= each.score ? best : each),
    undefined,
  )?.transition;
}
