/** Messages that ask nothing of the documents. Only a short message made of nothing else counts: "hi, what is CKD?" is a question. */
import { isStopWord, wordsOf } from './english.ts';

export type SmallTalk = 'greeting' | 'thanks' | 'farewell' | 'abilities' | 'agreement';

const wordLimit = 12;

/** Undefined: not small talk. */
export function smallTalkIn(text: string): SmallTalk | undefined {
  if (text.length > 200) return undefined;
  const words = wordsOf(text);
  if (words.length > wordLimit || !words.every((word) => isStopWord(word) || fillers.has(word)))
    return undefined;
  const sentence = ` ${words.join(' ')} `;
  return forms.find(([form]) => form.test(sentence))?.[1];
}

/** The first that fits; "hi, what can you do?" is about abilities. */
const forms: readonly (readonly [RegExp, SmallTalk])[] = [
  [/ (thanks|thank you|thx|ty|cheers|much appreciated) /, 'thanks'],
  [
    / (who|what) are you | what can you | what do you (do|know|offer) | help | (what|which) topics /,
    'abilities',
  ],
  [/ (bye|goodbye|farewell|see you|good night) /, 'farewell'],
  [/ (hi|hello|hey|hiya|greetings|good (morning|afternoon|evening|day)|how are you) /, 'greeting'],
  [
    /^ ((ok|okay|yes|yeah|yep|no|nope|sure|fine|good|great|nice|cool|perfect|right|alright|understood|i see|got it) )+$/,
    'agreement',
  ],
];

/** What may stand in small talk beside stop words. */
const fillers: ReadonlySet<string> = new Set(
  [
    'thx ty cheers appreciated bye goodbye farewell night hiya greetings morning afternoon evening day today nice fine cool',
    'perfect right alright understood yeah yep nope topics topic doing dear friend bot there wonderful lovely everybody sir madam',
  ].flatMap((line) => line.split(' ')),
);
