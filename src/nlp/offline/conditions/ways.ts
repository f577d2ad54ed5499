/** What a clause speaks of, cut into things any of which will do: "about prices, or when it opens". */
import type { ClauseKind } from './condition.ts';
import { enumeration } from './split-condition.ts';

/** At least one. */
export function waysOf(text: string, kind: ClauseKind): readonly string[] {
  const isTopics =
    (kind === 'ask' || kind === 'say') && /^(?:about|regarding|concerning|for|on|of|with)\b/i.test(text);
  if (kind === 'ask' || kind === 'say') {
    const questions = text.split(
      /(?:,?\s+or|,)\s+(?=(?:what|which|when|where|why|how|who|whether|if)\b)|,\s+or\s+(?=(?:for|about|regarding|concerning)\b)/i,
    );
    if (questions.length > 1)
      return questions.flatMap((each, at) => withThing(waysOf(each, kind), questions[at - 1]));
    if (/^(?:what|which|when|where|why|how|who|whether|if)\b/i.test(text)) return [text];
  }
  if (isTopics) return enumeration(text.replace(/^\w+\s+/, ''));
  if (kind === 'state') return [text];
  const [left, right, ...more] = text.split(/,?\s+or\s+/i);
  const areWhole =
    right !== undefined &&
    more.length === 0 &&
    isPhrase(left!) &&
    /^(?!a |an |the |their |his |her |some |any )\S+ .*\b(?:a|an|the|their|some|any|to)\b/i.test(right);
  return areWhole ? [left!, /^to /i.test(text) && !/^to /i.test(right) ? `to ${right}` : right] : [text];
}

/** "about a parcel, or why it is late" is about the parcel both times. */
function withThing(ways: readonly string[], before: string | undefined): readonly string[] {
  const thing =
    before &&
    /\b(?:(?:about|regarding|for|of|with) )?((?:(?:an?|the|their|his|her) \p{L}+(?: \p{L}+)?)|(?<=(?:about|regarding|for|of|with) )\p{L}+(?: \p{L}+)?)$/iu.exec(
      before,
    )?.[1];
  if (!thing) return ways;
  return ways.map((way) => way.replace(/\b(?:it|they|ones?)\b(?! of)/i, thing));
}

function isPhrase(text: string): boolean {
  return /\b(?:a|an|the|their|his|her|some|any)\b/i.test(text);
}
