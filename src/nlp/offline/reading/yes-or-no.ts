/** Whether a message says yes or no, before anything else it says. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { readMessage } from './message.ts';

const yes =
  /^(?:yes|yeah|yea|yep|yup|ya|y|sure|ok|okay|k|correct|right|exactly|indeed|absolutely|definitely|certainly|of course|that is (?:right|correct|fine|good|great|it|perfect|true|the one)|this is (?:right|correct|fine)|sounds? (?:good|great|fine|perfect|right)|go ahead|please do|do it|let us do (?:it|that)|i (?:do|am|would|will|have|agree|confirm|accept|can)$|(?:that|this|it|which) works|works for me|fine|perfect|great|good|agreed|confirmed|confirm|i confirm|i agree|i accept|all good|looks? (?:good|right|correct|fine)|true|approved|no problem|why not|deal|that would be (?:great|good|fine|nice|perfect)|i would (?:love|like) (?:that|to)$|very well|alright|all right)(?: |$)/;
const no =
  /^(?:no|nope|nah|n|never|negative|none|neither|nothing|incorrect|wrong|false|not|i do not|i can not|i could not|i will not|i would not|i would rather not|i am not|i have not|that is (?:not|wrong|incorrect)|this is (?:not|wrong)|it is (?:not|wrong)|that (?:does|will|would) not|that will not|(?:they|those|these|it) do(?:es)? not|do not)(?: |$)/;
/** Neither yes nor no. */
const unsure =
  /^(?:no idea|no clue|not (?:yet |really |quite )?sure|i am not (?:yet |really |quite )?(?:sure|certain)|i (?:really )?(?:do not|would not|could not|can not) (?:really )?(?:know|remember|recall|say|tell)(?: that| it| yet| now| really| sorry)?$|i have (?:no|not an?) (?:idea|clue))/;
/** Said before the answer itself. */
const fillers =
  /^(?:(?:well|oh|ah|hm|hmm|um|uh|so|and|thanks|thank you|great thanks|actually|sorry|please|i think|i guess|i believe|hello|hi|unfortunately|but|honestly) )+/;

/** `undefined`: neither. */
export const yesOrNo = rememberTexts((text: string): 'yes' | 'no' | undefined => {
  if (/^\s*(?:👍|✅|👌)/u.test(text)) return 'yes';
  if (/^\s*(?:👎|❌)/u.test(text)) return 'no';
  const [first] = readMessage(text).sentences;
  if (first === undefined) return undefined;
  const said = first.words.map((word) => word.text).join(' ');
  const told = said.replace(fillers, '');
  if (no.test(told) && !/^(?:no problem|no worries|not only)/.test(told) && !unsure.test(told)) return 'no';
  if (first.form === 'question' && !/^(?:yes|yeah|yep|sure|ok|okay)/.test(told)) return undefined;
  if (yes.test(told)) return 'yes';
  return isLateYes(told) ? 'yes' : undefined;
});

/** "Tuesday is fine", "the first one works". */
function isLateYes(told: string): boolean {
  return (
    told.length < 60 &&
    / (?:is|are|sounds|looks|would be|works?) ?(?:fine|good|great|perfect|correct|right|ok|okay|for me|well|best)?$/.test(
      told,
    ) &&
    !/\bnot\b/.test(told)
  );
}
