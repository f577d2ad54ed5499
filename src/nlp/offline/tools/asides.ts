/** What was asked in between, out of curiosity: it names things, and chooses none of them. */
import { readMessage, toSentences } from '../reading/message.ts';
import { chooseOption } from '../values/options.ts';
import type { Wanted } from './parameter.ts';
import type { Said } from './sources.ts';

/** "What is X?", and nothing else. "What about X?" is a wish. */
export function isInquiry(text: string): boolean {
  const { sentences } = readMessage(text);
  return (
    sentences.length > 0 && sentences.every(({ form, text: one }) => form === 'question' && wh.test(one))
  );
}

const wh = /^\s*(?:(?:and|but|so|ok|okay|hm+)\b[\s,]*)?(?:what|who|how|why|when|where)\b(?! (?:about|if)\b)/i;

/** For a choice: what the customer told comes first, newest before older, then what was only asked about. */
export function asidesLast({ options }: Wanted, said: readonly Said[]): readonly Said[] {
  if (options.length === 0) return said;
  const isAside = (each: Said) =>
    each.isAside && (each.isOwn || chooseOption(lastQuestion(each.text), options) === undefined);
  return [...said.filter((each) => !isAside(each)), ...said.filter(isAside)];
}

/** Who agrees to an answer agrees to what is asked at its end. */
function lastQuestion(text: string): string {
  return toSentences(text).findLast((sentence) => sentence.endsWith('?')) ?? '';
}
