/** What clauses of actions are made of: who is spoken to, and the forms that are looked for. */
import type { ActionPart } from './action.ts';

/** A form, from the beginning of a clause, and what it means. */
export type Reading = readonly [RegExp, (match: RegExpExecArray) => readonly ActionPart[]];

/** Whom something is said to. An agent of a trade has a noun of its own: "the guest". */
export const who = String.raw`(?:(?:the|a|an|your|our|each|every) (?:customer|user|client|\p{L}+)|them|him|her|customers?|users?|people|everyone)`;
/** Only where something else follows: "provide the phone number" names nobody. */
export const whoFirst = String.raw`(?: (?:them|him|her|customers?|users?)\b(?= )| ${who}(?= (?:the|an?|all|some|any|their|his|her|your|our|with|of|about|for|regarding|what|which|when|where|how|why|whether|if|you|we|they|it|there|this)\b))?`;
export const wh = '(?:what|which|when|where|why|how|who|whom|whose|whether|if)';

export function form(source: string): RegExp {
  return new RegExp(`^(?:${source})`, 'iu');
}

export function show(text: string, isNamed = false): ActionPart {
  return { kind: 'show', text, isNamed };
}
