/** One sentence of somebody who speaks: its words, which of them are denied, and whether it asks, wants, tells, or is only a scrap. */
import { senseNamed, sensesOf, sensesOfPhrases } from '../../lexical/senses.ts';
import { toWords, type Word } from '../../lexical/words.ts';
import { deniedIn } from './denial.ts';
import type { Meant } from './word-index.ts';

export type SpokenWord = Word & {
  /** "not", "never" or the like stands before it. */
  readonly isDenied: boolean;
  /** What it means, beside others. */
  readonly senses: readonly number[];
};

/** `scrap`: no whole sentence, as "opening hours?" or "book a table". */
export type SentenceForm = 'question' | 'request' | 'statement' | 'scrap';

export type Sentence = {
  readonly text: string;
  readonly words: readonly SpokenWord[];
  /** Meanings that no single word has: of phrases, and of what is mentioned. */
  readonly senses: readonly (Meant & { readonly sense: number })[];
  readonly form: SentenceForm;
};

export function readSentence(text: string): Sentence {
  const words = toWords(text);
  const form = formOf(text, words);
  const found = sensesOfPhrases(words);
  const denied = deniedWords(text, words, form);
  const spoken = words.map((word, at) => ({
    ...word,
    isDenied: denied[at]!,
    senses: sensesOfWord(words, at, form),
  }));
  const phrases = found.map(({ sense, from, to }) => ({
    sense,
    isDenied: denied[from]!,
    text: textOf(words, from, to),
    isImplied: false,
  }));
  const times = timeMention.exec(text);
  const mentioned = times
    ? [{ sense: senseNamed('time'), isDenied: false, text: times[0], isImplied: true }]
    : [];
  return { text, words: spoken, senses: [...phrases, ...mentioned], form };
}

/** Which words are denied. In "cannot find my key" the key is not: the phrase has a meaning of its own. */
export function deniedWords(text: string, words: readonly Word[], form: SentenceForm): readonly boolean[] {
  const whole = sensesOfPhrases(words).filter(({ from, to }) =>
    words.slice(from, to).some((word) => word.text === 'not'),
  );
  return deniedIn(text, words, {
    form,
    isMeant: (at) => !whole.some(({ from, to }) => at >= from && at < to),
  });
}

/** A point in time, or a word for one. */
export const timeMention =
  /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tonight|tomorrow|noon|midnight|mornings?|afternoons?|evenings?|weekends?|weekdays?|\d{1,2}(?::\d\d)? ?[ap]\.?m|\d{1,2}:\d\d|o'clock)\b/i;

const joining = new Set(['when', 'where', 'how']);

/** In "when I am late", and where it is only told, nobody asks for a time. */
function sensesOfWord(words: readonly Word[], at: number, form: SentenceForm): readonly number[] {
  const word = words[at]!;
  const isConjunction = joining.has(word.text) && (form === 'statement' || words[at + 1]?.text === 'i');
  return isConjunction ? [] : sensesOf(word);
}

function textOf(words: readonly Word[], from: number, to: number): string {
  return words
    .slice(from, to)
    .map(({ text }) => text)
    .join(' ');
}

const fillers =
  /^(?:(?:and|but|so|or|also|well|ok|okay|oh|ah|(?:hi|hello|hey)(?: there)?|please|then|now|um|uh|sorry|thanks|thank you|yes|no|yeah|sure|great|good (?:morning|afternoon|evening|day)|excuse me|actually|just|maybe|perhaps) )+/;
const asking =
  /^(?:what|who|whom|whose|which|how|why|where|when)\b|^(?:am|is|are|was|were|do|does|did|can|could|will|would|shall|should|may|might|must|has|have|had) (?:not )?(?:i|you|we|he|she|it|they|there|this|that|these|those|the|a|an|my|your|our|any|anyone|anybody|someone|somebody|one|all|everything)\b/;
const wishing =
  /\b(?:i|we) (?:also |just |really |only |still |would |might |will |do |rather )*(?:want|need|wish|like to|love to|prefer|am looking|are looking|am trying|are trying|was hoping|were hoping|am hoping|was wondering|am wondering|wonder|have to|am interested|are interested|plan|am planning|am calling|am writing|must|intend|am after|could use|am thinking of|am here|rather|have (?:a|an|another|some|one|two|few|a few|several)? ?(?:quick |more |other )?(?:question|request|inquiry)s?)\b|\b(?:i|we) would (?:really |rather|like|love|prefer|appreciate)\b|\b(?:can|could|may) (?:i|we)\b|\b(?:can|could|would|will) you\b|^(?:looking|trying|hoping|need|want|wanting|interested|calling|wondering)\b|^(?:let|help|tell|show|give|get|find|explain|please|would like)\b|\b(?:and|but|so) (?:(?:would|will) (?:like|love|need)|want|need)\b|\b(?:he|she|they|my \w+) (?:would (?:really )?(?:like|love|prefer)|wants?|needs?)\b|\bis it possible\b|\bany (?:chance|way|possibility)\b|\b(?:i|we) (?:(?:have )?(?:forgot|forgotten)|(?:do|can|could) not (?:remember|recall|find|see|know|understand))\b|\b(?:is|are) there (?:\w+ ){0,3}?(?:that )?(?:i|we) (?:can|could|may)\b|\bplease\b/;
/** Whoever asks so asks for something to be done. */
const asksPolitely =
  /\b(?:please|(?:can|could|may) (?:i|we)|(?:can|could|would|will) you|(?:i|we) (?:want|need|would like|would love))\b/;
const telling =
  /\b(?:i|we|he|she|it|they|this|that|there|my \w+|our \w+|the \w+|your \w+)(?: \w+)? (?:am|is|are|was|were|have|has|had|do|does|did|will|would|can|could|should)\b|^(?:i|we|he|she|it|they|this|that|my|our|there)\b/;

function formOf(text: string, words: readonly Word[]): SentenceForm {
  const said = words
    .slice(0, 40)
    .map((word) => word.text)
    .join(' ');
  const told = said.replace(fillers, '');
  const isWish = wishing.test(told) || /\bplease\b/.test(said);
  const isMarked = /\?\s*["”')]*$/.test(text.slice(-20));
  if (asking.test(told))
    return isWish && !/^(?:what|who|which|how|why|where|when)/.test(told) ? 'request' : 'question';
  if (isMarked && /\b(?:what|which|who|how|why|where|when)\b/.test(told) && !asksPolitely.test(said))
    return 'question';
  if (isWish) return 'request';
  if (isMarked) return 'question';
  return telling.test(told) ? 'statement' : 'scrap';
}
