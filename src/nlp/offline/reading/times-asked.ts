/** How often the agent has asked just this lately: nobody is asked the same for ever. */
import { toSentences } from './message.ts';
import type { Talk } from './talk.ts';

/** As long ago as that it may be asked anew. */
const turnLimit = 4;

/** By the questions in `text`, word for word, in the agent's latest turns; 0: it asks nothing. */
export function timesAsked(text: string, { turns }: Talk): number {
  const asked = questionsOf(text);
  if (asked.length === 0) return 0;
  const said = turns.filter(({ speaker }) => speaker === 'agent').slice(-turnLimit);
  return said.filter((turn) => asked.every((question) => turn.text.includes(question))).length;
}

function questionsOf(text: string): readonly string[] {
  return toSentences(text)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.endsWith('?'));
}
