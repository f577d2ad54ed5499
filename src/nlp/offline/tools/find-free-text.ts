/** Texts in the customer's own words: a reason, a question to be passed on, what there is to search for. */
import { bare } from '../messages/details.ts';
import { readMessage } from '../reading/message.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import { reasonIn } from '../values/patterns.ts';
import { isAskedFor } from './asked-for.ts';
import type { Wanted } from './parameter.ts';
import type { Said } from './sources.ts';

/** A reason is told as one, or in answer; what is to be looked for or passed on is what was said. */
export function findFreeText(wanted: Wanted, said: Said): string | undefined {
  if (!said.isOwn) return undefined;
  if (isAskedFor(wanted, said) && yesOrNo(said.text) === undefined) return bare(said.text).slice(0, 1_000);
  const isPassedOn = /\b(?:question|query|search|message|text|topic|subject|keywords?|request)\b/i.test(
    wanted.label,
  );
  if (isPassedOn && !said.isAnswer) return said.text.trim().slice(0, 1_000);
  return reasonIn(said.text)?.value ?? (isOfProblem(wanted) ? statementIn(said) : undefined);
}

function isOfProblem({ label }: Wanted): boolean {
  return /\b(?:reason|description|problem|issue|complaint|purpose|explanation)\b/i.test(label);
}

/** What the customer told without being asked: "my screen is black". */
function statementIn({ text, chosen }: Said): string | undefined {
  if (chosen !== undefined || yesOrNo(text) !== undefined) return undefined;
  const told = readMessage(text).sentences.find(
    ({ form, words }) => form === 'statement' && words.some(({ kind }) => kind === 'content'),
  );
  return told && bare(told.text);
}
