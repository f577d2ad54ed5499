/** Whether some words alone are what one of the agent's conditions is about. */
import type { Situation } from '../../questions/situation.ts';
import { readMessage } from '../reading/message.ts';
import { findWord, indexWords, type WordIndex } from '../reading/word-index.ts';
import type { Content } from './condition.ts';
import type { Glossary } from './glossary.ts';
import { readCondition } from './read-condition.ts';

const enough = 0.6;

type Spoken = {
  readonly index: WordIndex;
  /** Of the glossary, by their places. */
  readonly terms: ReadonlySet<number>;
  readonly glossary: Glossary;
};

export function isSubjectOfAny(
  text: string,
  { scope }: Pick<Situation, 'scope'>,
  glossary: Glossary,
): boolean {
  const spoken = {
    index: indexWords(readMessage(text).sentences),
    terms: new Set(glossary.mentionsIn(text).map(({ term }) => term)),
    glossary,
  };
  return (scope?.conditions ?? []).some((condition) =>
    readCondition(condition).anyOf.some((clauses) =>
      clauses.some(({ contents }) => contents.some((content) => isCovered(content, spoken))),
    ),
  );
}

function isCovered({ text, slots }: Content, { index, terms, glossary }: Spoken): boolean {
  const named = terms.size === 0 ? [] : glossary.mentionsIn(text).filter(({ term }) => terms.has(term));
  const total = slots.reduce((sum, { weight }) => sum + weight, 0);
  const met = slots.reduce((sum, { words, weight, from, to }) => {
    const isNamed = named.some((each) => each.from <= from && each.to >= to);
    const near = words.map((word) => findWord(index, word)?.nearness ?? 0);
    return sum + weight * (isNamed ? 1 : Math.max(0, ...near));
  }, 0);
  return total > 0 && met / total >= enough;
}
