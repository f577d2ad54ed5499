/** Whether it is open which of several things the customer means, and how to ask. */
import type { DisambiguationCandidate, DisambiguationInput } from '../../questions/matching.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import { judgeCondition } from '../conditions/judge-condition.ts';
import { toScene } from '../conditions/scene.ts';
import { enough } from '../conditions/verdict.ts';
import { enumerated } from '../messages/show-data.ts';
import type { World } from '../world.ts';

/** Partly met: the customer may mean it. */
const perhaps = 0.45;
/** So much better is clearly meant. */
const ahead = 0.15;
/** An observation that things are not clear is seldom met word for word. */
const observed = 0.5;

type Rated = { readonly candidate: DisambiguationCandidate; readonly score: number };

export function answerDisambiguation(
  { situation, condition, candidates }: DisambiguationInput,
  { now }: World,
): AnswerOf<'disambiguation'> {
  const scene = toScene(situation);
  const verdict = judgeCondition(condition, scene, now);
  const isMet = verdict.score >= observed && verdict.isDirect;
  const rated = candidates
    .map((candidate) => ({ candidate, score: judgeCondition(candidate.condition, scene, now).score }))
    .sort((a, b) => b.score - a.score);
  const meant = openCandidates(rated, isMet);
  const isOpen = meant.length > 1;
  const inOrder = candidates.filter((candidate) => meant.includes(candidate));
  return {
    summary: isOpen ? 'It is open which of these the customer means.' : 'Nothing is open.',
    conditionMet: isMet,
    requested: isMet || (rated[0]?.score ?? 0) >= enough,
    customerResolved: !isOpen && (rated[0]?.score ?? 0) >= enough,
    isAmbiguous: isOpen,
    candidates: candidates.map((candidate) => ({
      n: candidate.n,
      needsClarification: isOpen && inOrder.includes(candidate),
    })),
    clarifyingAction: isOpen ? askBetween(inOrder) : null,
  };
}

/** None or one: it is clear, or nothing of it is spoken of. */
function openCandidates(rated: readonly Rated[], isMet: boolean): readonly DisambiguationCandidate[] {
  const [best, second] = rated;
  if (!best || !second) return [];
  const isClear = best.score >= enough && best.score - second.score >= ahead;
  if (isClear) return [];
  const close = rated.filter(({ score }) => score >= perhaps && best.score - score < ahead);
  if (close.length > 1 && (isMet || best.score >= enough)) return close.map(({ candidate }) => candidate);
  // Nothing is named: all of them may be meant.
  return isMet ? rated.map(({ candidate }) => candidate) : [];
}

/** What is done first names it well enough. */
function firstOf(action: string): string {
  return (action.split(/, and |, then |; /)[0] ?? '').trim();
}

function askBetween(candidates: readonly DisambiguationCandidate[]): string {
  const named = candidates.map(({ action, condition }) => firstOf(action) || condition.trim());
  return `Ask the customer which of these they mean: ${enumerated(
    named.map((name) => `“${name}”`),
    'or',
  )}`;
}
