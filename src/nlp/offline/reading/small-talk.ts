/** Messages that want nothing but to be polite. Only a short one made of nothing else counts: "hi, can I park here?" is a question. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { list } from '../../lexical/word-lists.ts';
import { toWords } from '../../lexical/words.ts';

export type SmallTalk = 'greeting' | 'thanks' | 'farewell' | 'wellbeing' | 'identity' | 'abilities';

const wordLimit = 14;

/** Also of a message that goes on to something else: it greets. */
export const hasGreeting = rememberTexts((text: string) =>
  greeting.test(
    ` ${toWords(text.slice(0, 200))
      .slice(0, 4)
      .map((word) => word.text)
      .join(' ')} `,
  ),
);

export const hasThanks = rememberTexts((text: string) => thanks.test(` ${saidIn(text)} `));

export const hasFarewell = rememberTexts((text: string) => farewell.test(` ${saidIn(text)} `));

/** Undefined: it wants something, or is none of these. */
export const smallTalkIn = rememberTexts((text: string): SmallTalk | undefined => {
  if (text.length > 200) return undefined;
  const words = toWords(text);
  if (words.length === 0 || words.length > wordLimit) return undefined;
  const said = ` ${words.map((word) => word.text).join(' ')} `;
  const [kind, rest] = kindOf(said);
  return rest.split(' ').every((word) => word === '' || polite.has(word)) ? kind : undefined;
});

const greeting = / (?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)) /;
const thanks =
  / (?:thanks|thank you|thank u|thx|ty|cheers|much appreciated|i appreciate (?:it|that)|grateful) /;
const farewell =
  / (?:bye|goodbye|good bye|farewell|see you|good night|have a (?:nice|good|great|lovely|wonderful) (?:day|evening|one|weekend|night)|take care|that is all|that will be all|that was all|nothing else|i am done|all done) /;
const wellbeing = / (?:how are you|how is it going|how do you do|what is up|how are things) /;
const identity =
  / (?:(?:who|what) are you|are you (?:a |an )?(?:human|bot|robot|person|real|ai|machine|program)|what is your name|what are you called|(?:who|what) am i (?:talking|speaking|chatting) (?:to|with)) /;
const abilities =
  / (?:(?:what|how) can you (?:do|help(?: me)?(?: with)?)|what do you do|can you help(?: me)?|help(?: me)?|i need (?:some )?help|what (?:is|are) your (?:job|abilities)|what is this(?: chat)? (?:for|about)) /;

const kinds: readonly (readonly [SmallTalk, RegExp])[] = [
  ['farewell', farewell],
  ['thanks', thanks],
  ['identity', identity],
  ['abilities', abilities],
  ['wellbeing', wellbeing],
  ['greeting', greeting],
];

function withoutAny(said: string): string {
  return kinds.reduce((left, [, form]) => left.replace(new RegExp(form.source, 'g'), '  '), said);
}

/** The first kind that fits, and what is left when everything of these kinds is taken away. */
function kindOf(said: string): readonly [SmallTalk | undefined, string] {
  const kind = kinds.find(([, form]) => form.test(said))?.[0];
  // Twice: two that stand side by side share the space between them.
  const rest = withoutAny(withoutAny(said));
  return [kind, rest];
}

const polite: ReadonlySet<string> = new Set(
  list(`
    a again all am and any anybody anyone are awesome been bot brilliant but dear do doing everybody everyone fine for friend friendly great
    good has have help helped helpful helps here i is it just kind lot lots lovely madam many me much my nice no now of oh ok okay perfect please really right
    sir so somebody someone superb sure team that the then there this time to today us very was well were with wonderful yes you your
  `),
);

function saidIn(text: string): string {
  return toWords(text.slice(0, 600))
    .map((word) => word.text)
    .join(' ');
}
