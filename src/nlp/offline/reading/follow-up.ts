/** How a message leans on what was said before: it answers a question of the agent, or is only understood with the message before it. */
import type { Word } from '../../lexical/words.ts';
import { asksForAnswer } from './asking.ts';
import { findWord, indexWords } from './word-index.ts';
import { timeMention } from './sentence.ts';
import { smallTalkIn } from './small-talk.ts';
import { agentBefore, customerTurns, messageOf, type Talk, type Turn } from './talk.ts';
import { yesOrNo } from './yes-or-no.ts';

/** "Is there anything else?" ends what was talked about; "a cat, a dog, or something else?" does not. */
export function isClosing(turn: Turn): boolean {
  const last = messageOf(turn).sentences.findLast(({ text }) => text.trimEnd().endsWith('?'));
  return (
    last !== undefined &&
    /^[^:]*(?<!\bor )\b(?:anything|something) else\b|\bhow (?:else )?(?:can|may) i (?:help|assist)\b/i.test(
      last.text,
    )
  );
}

/** Whether it answers what the agent asked just before, instead of asking for something itself. */
export function isAnswer(talk: Talk, turn: Turn): boolean {
  const asked = agentBefore(talk, turn);
  if (asked === undefined || !asksForAnswer(asked) || isClosing(asked)) return false;
  if (yesOrNo(turn.text) !== undefined) return true;
  if (smallTalkIn(turn.text) !== undefined) return false;
  const { sentences } = messageOf(turn);
  if (sentences.some(({ form }) => form === 'question')) return false;
  const requests = sentences.filter(({ form }) => form === 'request');
  return requests.every(
    ({ text, words }) =>
      namesOnly(words) ||
      /\d|\b(?:first|second|third|last|one|option)\b/i.test(text) ||
      sharesWords(asked, words),
  );
}

/** "Chocolate, please": a thing, and nothing that is to be done. */
export function namesOnly(words: readonly Word[]): boolean {
  const last = words.at(-1);
  return last?.text === 'please' && words.length >= 2 && words.length <= 4 && !isOrder(words);
}

const ordering =
  /^(?:can|could|may|will|would|let|help|tell|show|give|get|find|send|call|explain|cancel|stop|change|go|do|i|we)$/;

function isOrder([first]: readonly Word[]): boolean {
  return first !== undefined && ordering.test(first.text);
}

function sharesWords(asked: Turn, words: Parameters<typeof indexWords>[0][number]['words']): boolean {
  const index = indexWords(messageOf(asked).sentences);
  return words.some((word) => word.kind === 'content' && findWord(index, word)?.nearness === 1);
}

const opening =
  /^(?:(?:ok|okay|so|oh|well|thanks|great) )*(?:and|or|what about|how about|what if|but|also|then)(?: |$)/;
const pointing = new Set([
  'it',
  'that',
  'this',
  'those',
  'these',
  'they',
  'them',
  'one',
  'ones',
  'there',
  'same',
  'other',
]);

/** "And on Sunday?", "how much is it?", "why?". */
export function isElliptic(turn: Turn): boolean {
  if (smallTalkIn(turn.text) !== undefined || yesOrNo(turn.text) !== undefined) return false;
  const { words, sentences } = messageOf(turn);
  if (words.length === 0 || words.length > 14) return false;
  const said = words.map(({ text }) => text).join(' ');
  const telling = words.filter(({ kind }) => kind === 'content').length;
  if (opening.test(said)) return telling <= 4;
  if (isOnlyTime(words)) return true;
  const points = words.some(({ text }) => pointing.has(text));
  const asks = sentences.some(({ form }) => form === 'question');
  if (!asks && sentences.some(({ form }) => form === 'statement')) return false;
  return telling === 0 || (points && telling <= (asks ? 4 : 2));
}

/** "Saturday as well?" */
function isOnlyTime(words: readonly Word[]): boolean {
  const content = words.filter(({ kind }) => kind === 'content');
  const others = content.filter(({ text }) => !timeMention.test(text));
  return content.length > others.length && others.length <= 1 && words.length <= 4;
}

/** Says no to something the agent offered: with that it is done. */
export function declinesOffer(talk: Talk, turn: Turn): boolean {
  const asked = agentBefore(talk, turn);
  const last = asked && messageOf(asked).sentences.findLast(({ text }) => text.trimEnd().endsWith('?'));
  return last !== undefined && offering.test(last.text) && yesOrNo(turn.text) === 'no';
}

const offering =
  /^(?:\S+ ){0,4}?(?:shall|should|can|may|could) (?:i|we)\b|\b(?:would you like|do you want)\b/i;

/** How far back a topic may lie: answers to questions stand in between. */
const answerLimit = 12;

/** What the customer wanted when the agent began to ask; the latest words themselves where they answer nothing. */
export function topicTurn(talk: Talk): Turn | undefined {
  const turns = customerTurns(talk).slice(-answerLimit).toReversed();
  return turns.find((turn) => !isAnswer(talk, turn));
}

/** What the customer said before. */
export function customerBefore(talk: Talk, turn: Turn): Turn | undefined {
  const turns = customerTurns(talk);
  return turns[turns.indexOf(turn) - 1];
}
