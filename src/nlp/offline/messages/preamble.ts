/** A few words to bridge the time. */
import type { PreambleInput } from '../../questions/messages.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import { similarity, termsOf } from '../../lexical/similarity.ts';
import { hasGreeting } from '../reading/small-talk.ts';
import { lastOfAgent, readTalk } from '../reading/talk.ts';

/** The example nearest to what was said; where none is, they take turns. */
export function answerPreamble({ situation, examples, mustBeExample }: PreambleInput): AnswerOf<'preamble'> {
  const talk = readTalk(situation);
  const asked = talk.latest?.text ?? '';
  const greets = hasGreeting(asked) && lastOfAgent(talk) === undefined;
  const rated = examples.map((text) => ({
    text,
    score: hasGreeting(text) === greets ? 0.2 + similarity(termsOf(text), termsOf(asked)) : 0,
  }));
  const best = Math.max(0, ...rated.map(({ score }) => score));
  const fitting = rated.filter(({ score }) => score === best);
  const chosen = fitting[talk.turns.length % Math.max(1, fitting.length)]?.text;
  if (chosen !== undefined) return { text: chosen };
  return { text: mustBeExample ? '' : greets ? 'Hello!' : 'One moment, please.' };
}
