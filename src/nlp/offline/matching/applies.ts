/** Which guidelines apply: their conditions, judged by what the customer said last and what led to it. */
import type { BatchInput } from '../../questions/matching.ts';
import type { AskedGuideline } from '../../questions/situation.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import { readAction } from '../actions/read-action.ts';
import { explain, holds, judgeCondition } from '../conditions/judge-condition.ts';
import { readCondition } from '../conditions/read-condition.ts';
import { toScene, type Scene } from '../conditions/scene.ts';
import type { Verdict } from '../conditions/verdict.ts';
import { coverageOf, tellingWords } from '../journeys/coverage.ts';
import { isPartDone } from '../journeys/part-done.ts';
import type { World } from '../world.ts';

export function answerApplies({ situation, guidelines }: BatchInput, { now }: World): AnswerOf<'actionable'> {
  const scene = toScene(situation);
  return {
    checks: guidelines.map((guideline) => {
      const verdict = judge(guideline, scene, now);
      return { n: guideline.n, rationale: explain(verdict), applies: holds(verdict) };
    }),
  };
}

export function answerLowCriticality(
  { situation, guidelines }: BatchInput,
  { now }: World,
): AnswerOf<'low_criticality'> {
  const scene = toScene(situation);
  const applies = guidelines.map((guideline) => [guideline.n, holds(judge(guideline, scene, now))] as const);
  return { applies: Object.fromEntries(applies) };
}

/** Only what the latest words say anew is a new reason. */
export function answerPreviouslyApplied(
  { situation, guidelines }: BatchInput,
  { now }: World,
): AnswerOf<'previously_applied'> {
  const scene = toScene(situation);
  return {
    checks: guidelines.map((guideline) => {
      const verdict = judge(guideline, scene, now);
      const isMetAgain = isAnew(guideline, verdict);
      return {
        n: guideline.n,
        rationale: isMetAgain ? explain(verdict) : 'The latest message gives no new reason.',
        conditionMetAgain: isMetAgain,
        actionWasNotTaken: isMetAgain,
        shouldReapply: isMetAgain,
      };
    }),
  };
}

export function answerCustomerDependent(
  { situation, guidelines }: BatchInput,
  { now }: World,
): AnswerOf<'customer_dependent'> {
  const scene = toScene(situation);
  return {
    checks: guidelines.map((guideline) => {
      const verdict = judge(guideline, scene, now);
      const isStillMet = holds(verdict);
      const part = guideline.customerPart ?? guideline.action ?? '';
      const owes =
        isStillMet && !isPartDone(part, scene, now) && !(isOfferOnly(guideline) && !scene.isAnswer);
      const isMetAgain = isAnew(guideline, verdict) && !scene.isAnswer;
      return {
        n: guideline.n,
        conditionStillMet: isStillMet,
        customerStillOwes: owes,
        conditionMetAgain: isMetAgain,
        shouldReapply: isMetAgain,
        actionWasNotTaken: isMetAgain,
        summary: owes ? 'The customer has not done their part.' : explain(verdict),
        shouldApply: owes || isMetAgain,
      };
    }),
  };
}

/** What is only offered nobody owes an answer to: whoever speaks of something else has let it pass. */
function isOfferOnly({ action }: AskedGuideline): boolean {
  const { parts } = readAction(action ?? '');
  return (
    parts.some(({ kind }) => kind === 'offer') &&
    parts.every(({ kind }) => kind !== 'ask' && kind !== 'confirm')
  );
}

function judge(
  { condition, isAgentIntention = false, begins = '' }: AskedGuideline,
  scene: Scene,
  now: number,
): Verdict {
  const verdict = judgeCondition(condition, scene, now, { isAgentIntention });
  const verb = deed.exec(begins)?.[1] ?? '';
  if (holds(verdict) || !isSaid(verb, scene)) return verdict;
  // Whoever asks in other words for what a journey does, by its title, wants it.
  const byTitle = judgeCondition(`The customer wants to ${begins.toLowerCase()}`, scene, now);
  return holds(byTitle) && byTitle.isDirect ? byTitle : verdict;
}

/** "Order a cake", but neither "Cakes" nor "Orders of cakes". */
const deed = /^(\p{L}+[^s\P{L}]) (?:an?|the|your|my|some|for|to|up|out|with)\b/iu;

/** In this word or another one for it. Words as "find" and "tell" stand for too much. */
function isSaid(verb: string, { latest }: Scene): boolean {
  if (verb === '' || latest === undefined || tellingWords(verb).length === 0) return false;
  return coverageOf(verb, latest.text) >= 0.5;
}

/** What always holds has no new reason to. */
function isAnew({ condition }: AskedGuideline, verdict: Verdict): boolean {
  return holds(verdict) && verdict.isDirect && !readCondition(condition).isAlways;
}
