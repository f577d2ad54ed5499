/** Whether some words alone are what one of the agent's conditions is about. */
import type { Situation } from '../../questions/situation.ts';
import { findWord, type WordIndex } from '../reading/word-index.ts';
import type { Content } from './condition.ts';
import { readCondition } from './read-condition.ts';

const enough = 0.6;

export function isSubjectOfAny(index: WordIndex, { scope }: Pick<Situation, 'scope'>): boolean {
  return (scope?.conditions ?? []).some((condition) =>
    readCondition(condition).anyOf.some((clauses) =>
      clauses.some(({ contents }) => contents.some((content) => isCovered(content, index))),
    ),
  );
}

function isCovered({ slots }: Content, index: WordIndex): boolean {
  const total = slots.reduce((sum, { weight }) => sum + weight, 0);
  const met = slots.reduce(
    (sum, { words, weight }) =>
      sum + weight * Math.max(0, ...words.map((word) => findWord(index, word)?.nearness ?? 0)),
    0,
  );
  return total > 0 && met / total >= enough;
}
