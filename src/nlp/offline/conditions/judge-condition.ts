/** Whether a condition holds, and by which words. The same condition is judged once per situation. */
import type { Clause } from './condition.ts';
import { judgeClause } from './judge-clause.ts';
import { readCondition } from './read-condition.ts';
import type { Scene } from './scene.ts';
import { bestOf, certainly, enough, nothing, type Verdict } from './verdict.ts';

export type JudgeOptions = {
  /** It is about what the agent is about to say. */
  readonly isAgentIntention?: boolean;
};

export function judgeCondition(
  text: string,
  scene: Scene,
  now: number,
  { isAgentIntention = false }: JudgeOptions = {},
): Verdict {
  const key = isAgentIntention ? `> ${text}` : text;
  const known = scene.verdicts.get(key);
  if (known) return known;
  const verdict = judge(text, scene, now, isAgentIntention);
  scene.verdicts.set(key, verdict);
  return verdict;
}

function judge(text: string, scene: Scene, now: number, isAgentIntention: boolean): Verdict {
  const { isAlways, anyOf } = readCondition(text);
  if (isAlways) return certainly();
  return bestOf(
    anyOf.map((clauses) => {
      const telling = clauses.length > 1 ? clauses.filter(({ kind }) => kind !== 'unclear') : clauses;
      const asked = telling.map((clause) => (isAgentIntention ? asIntention(clause) : clause));
      return together(asked.map((clause) => judgeClause(clause, scene, now)));
    }),
  );
}

function asIntention(clause: Clause): Clause {
  return { ...clause, about: 'agent', isPast: false };
}

/** All must hold: the weakest counts. */
function together(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return nothing;
  return {
    score: Math.min(...verdicts.map(({ score }) => score)),
    isDirect: verdicts.some(({ isDirect }) => isDirect),
    words: [...new Set(verdicts.flatMap(({ words }) => words))],
  };
}

export function holds({ score }: Verdict): boolean {
  return score >= enough;
}

/** Why, in one sentence. */
export function explain(verdict: Verdict): string {
  if (!holds(verdict)) return 'Nothing that was said meets the condition.';
  const words = [...new Set(verdict.words)].slice(0, 6).map((word) => `“${word}”`);
  if (words.length === 0) return 'The conversation as it stands meets the condition.';
  const from = verdict.isDirect ? '' : ', known from before,';
  return `${words.join(', ')}${from} ${words.length === 1 ? 'meets' : 'meet'} the condition.`;
}
