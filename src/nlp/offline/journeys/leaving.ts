/** Whether the customer clearly does not want to go on with what is under way. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { readMessage } from '../reading/message.ts';

const fillers =
  /^(?:(?:ok|okay|no|actually|sorry|well|oh|please|hm|thanks|thank you|you know what|on second thought) )+/;
const leaving =
  /^(?:never ?mind|forget (?:it|that|this|about (?:it|that|this))|stop(?: (?:it|this|that|here|now))?|quit|exit|abort|drop it|leave it|i have changed my mind|i changed my mind|i do not (?:want|need|wish)(?: to)?(?: do| continue| go on| have)?(?: with)?(?: this| that| it)?(?: anymore| any more| any longer| after all)|i do not want to (?:continue|go on|proceed)(?: with (?:this|that|it))?|i no longer (?:want|need) (?:this|that|it|to do this)|let us (?:stop|leave it|forget (?:it|about it))|i am not interested(?: anymore| any more)?|not interested(?: anymore)?|i will do (?:it|this|that) (?:later|another time)|maybe (?:later|another time)|not (?:now|today))(?: .{0,30})?$/;
const leavingAlone = new RegExp(leaving.source.replace('(?: .{0,30})?$', '$'));
const cancelling =
  /^(?:cancel|call off)(?: (?:it|this|that|everything|all of it|the process|the conversation))?$/;

/** `purpose`: what the journey is for; one that is about cancelling is not left by "cancel it". */
export function leaves(text: string, purpose: string): boolean {
  return isLeaving(text) || (isCancelling(text) && !/\bcancel/i.test(purpose));
}

/** "Stop", and nothing of what is to be stopped. */
export const leavesAll = rememberTexts((text: string) => leavingAlone.test(said(text)));

const isLeaving = rememberTexts((text: string) => leaving.test(said(text)));
const isCancelling = rememberTexts((text: string) => cancelling.test(said(text)));

/** A long message says more than that. */
function said(text: string): string {
  const { words } = readMessage(text.length > 200 ? '' : text);
  return words.length > 14
    ? ''
    : words
        .map((word) => word.text)
        .join(' ')
        .replace(fillers, '')
        .replace(/ (?:please|thanks|thank you|then|sorry)$/, '');
}
