/** Whether the agent had asked for a parameter when the customer said something. */
import { coverageOf, tellingWords } from '../journeys/coverage.ts';
import { toSentences } from '../reading/message.ts';
import type { Wanted } from './parameter.ts';
import type { Said } from './sources.ts';

/** What was chosen stands for the words that chose it. */
export function textOf({ text, chosen }: Said): string {
  return chosen === undefined ? text : `${chosen}\n${text}`;
}

/** Whether the agent asked for just this. */
export function isAskedFor({ label, described }: Wanted, { asked, isAnswer }: Said): boolean {
  if (asked === '' || !isAnswer) return false;
  return (
    asked.toLowerCase().includes(label) ||
    coverageOf(label, asked) >= 0.6 ||
    coverageOf(described, asked) >= 0.6 ||
    isCovered(lastQuestion(asked), described)
  );
}

function lastQuestion(asked: string): string {
  return toSentences(asked).findLast((sentence) => sentence.trimEnd().endsWith('?')) ?? '';
}

/** "What is the parcel for?" asks for "what the parcel is for". */
function isCovered(question: string, described: string): boolean {
  return tellingWords(question).length > 0 && coverageOf(question, described) >= 0.8;
}
