/** Numbers in a text, in digits or in words, each with its place. Years, clock times and the like are for who asks to leave out. */

export type Spotted<Value> = {
  readonly value: Value;
  /** As it was written. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
};

const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const valueOf = new Map<string, number>([
  ...small.map((word, value) => [word, value] as const),
  ...tens.map((word, at) => [word, (at + 2) * 10] as const),
  ['dozen', 12],
]);
const scales = new Map([
  ['hundred', 100],
  ['thousand', 1_000],
  ['million', 1_000_000],
]);
const word = [...valueOf.keys(), ...scales.keys()].join('|');
const inWords = `(?:(?:a|an) (?=hundred|thousand|million|dozen))?(?:${word})(?:(?:[ -]| and )(?:${word}))*`;
/** "2,500.50", and "2.500,50" where its parts leave no doubt. */
const inDigits = String.raw`(?<![\p{L}\d])[-+]?(?:\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)|(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)`;
const withComma = /\.\d{3},\d{1,2}$/;
const number = new RegExp(`${inDigits}|\\b(?:a couple(?: of)?|${inWords})\\b`, 'giu');

/** In order. */
export function numbersIn(text: string): readonly Spotted<number>[] {
  return [...text.matchAll(number)].flatMap((match) => {
    const [written] = match;
    if (/^one$/i.test(written) && isPronoun(text, match.index)) return [];
    const value = /\d/.test(written) ? ofDigits(written) : ofWords(written.toLowerCase());
    return Number.isFinite(value)
      ? [{ value, text: written, from: match.index, to: match.index + written.length }]
      : [];
  });
}

/** "The first one", "that one", "one of them": no number. */
function isPronoun(text: string, at: number): boolean {
  return (
    /\b(?:the|this|that|which|no|any|each|every|some|another|other|first|second|third|last|next|new|right|wrong|same|want|\w+er|\w+est) $/i.test(
      text.slice(0, at),
    ) || /^one (?:of|for|with|that|which|from|in|on|at)\b/i.test(text.slice(at))
  );
}

/** NaN: it is none. */
export function toNumber(text: string): number {
  const [found, ...others] = numbersIn(text);
  return found && others.length === 0 ? found.value : NaN;
}

function ofDigits(text: string): number {
  if (withComma.test(text)) return Number(text.replaceAll('.', '').replace(',', '.'));
  return Number(text.replaceAll(',', ''));
}

function ofWords(text: string): number {
  if (text.startsWith('a couple')) return 2;
  let [total, part] = [0, 0];
  for (const each of text.split(/[ -]/)) {
    const scale = scales.get(each);
    if (scale === 100) part = (part || 1) * 100;
    else if (scale !== undefined) [total, part] = [total + (part || 1) * scale, 0];
    else part += valueOf.get(each) ?? 0;
  }
  return total + part;
}

const ordinals = 'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(
  ' ',
);
const ordinal = new RegExp(
  `\\b(?:(${ordinals.join('|')})|(\\d{1,2})(?:st|nd|rd|th)|(?:number|option|no\\.?|#) ?(\\d{1,2})|(last|final)|(middle))\\b`,
  'i',
);

/** Position in a list of so many, from 0: "the second one", "option 3", "the last"; undefined: none is named. */
export function ordinalIn(text: string, count: number): number | undefined {
  const match = ordinal.exec(text);
  if (!match) return undefined;
  const [, inWord, inDigit, numbered, last, middle] = match;
  const at = inWord
    ? ordinals.indexOf(inWord.toLowerCase())
    : last
      ? count - 1
      : middle
        ? (count - 1) / 2
        : Number(inDigit ?? numbered) - 1;
  return Number.isInteger(at) && at >= 0 && at < count ? at : undefined;
}
