/** Actions read: each clause by its verb. The same text is read once. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import type { Action, ActionPart } from './action.ts';
import { readings } from './readings.ts';
import { splitAction } from './split-action.ts';

export const readAction = rememberTexts((text: string): Action => {
  const parts = splitAction(text).flatMap(readPart);
  return { parts, customer: customerIn(text) };
});

/** Whether the customer has something to do before it is done. */
export function dependsOnCustomer(text: string): boolean {
  return readAction(text).parts.some(({ kind }) => kind === 'ask' || kind === 'confirm' || kind === 'offer');
}

function readPart(clause: string): readonly ActionPart[] {
  for (const [form, read] of readings) {
    const match = form.exec(clause);
    if (match) return read(match);
  }
  return [{ kind: 'do', text: clause }];
}

const naming =
  /\b(?:tell|ask|inform|remind|advise|assure|greet|welcome|thank|help|guide|to|let|offer|direct|refer) the (\p{L}+)(?= (?:that|to|about|for|if|whether|what|which|when|where|how|know|with|-)|[.,]?$)/iu;

function customerIn(text: string): string | undefined {
  return naming.exec(text)?.[1]?.toLowerCase();
}
