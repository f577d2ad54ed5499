/** Frames of conditions: verbs that tell what kind of thing a customer does when something is said, and words for who does it. */
import { list } from '../../lexical/word-lists.ts';
import { stemOf, type Word } from '../../lexical/words.ts';
import type { ClauseKind } from './condition.ts';

const verbs: Partial<Record<ClauseKind, string>> = {
  ask: 'ask inquire enquire wonder query curious',
  want: `want wish need request intend plan try attempt look seek hope desire demand insist decide interest interested like love prefer
    aim expect tries trying`,
  say: `say mention state tell report claim indicate express complain describe explain think believe note announce declare bring talk
    discuss raise speak refer imply write respond reply warn admit remark comment call contact feel`,
  give: 'provide give supply enter specify share answer submit fill name',
  choose: 'pick choose select opt settle',
  confirm: 'confirm agree accept approve consent acknowledge verify',
  reject: 'decline reject refuse disagree deny dispute object',
  greet: 'greet',
  thank: 'thank',
};

const kinds: ReadonlyMap<string, ClauseKind> = new Map(
  Object.entries(verbs).flatMap(([kind, words]) =>
    list(words).map((word) => [stemOf(word), kind as ClauseKind] as const),
  ), // the keys are kinds
);

/** Undefined: it is no verb of a frame. */
export function frameKind({ stem }: Pick<Word, 'stem'>): ClauseKind | undefined {
  return kinds.get(stem);
}

/** Words for who speaks to the agent. An agent of a trade has others; they are known by standing before a frame. */
const designations = new Set(
  list(
    'customer user client caller guest person people human member buyer someone somebody anyone they he she who',
  ).map(stemOf),
);

export function isCustomer({ stem }: Pick<Word, 'stem'>): boolean {
  return designations.has(stem);
}

const agents = new Set(list('agent assistant bot chatbot you we i ai yourself').map(stemOf));

export function isAgent({ stem }: Pick<Word, 'stem'>): boolean {
  return agents.has(stem);
}

const determiners = new Set(
  list('the a an this that these those their his her its my your our any some no each every one another'),
);

export function isDeterminer({ text }: Pick<Word, 'text'>): boolean {
  return determiners.has(text);
}

const deniers = new Set(list('not never no none nothing without unable neither nor cannot'));

export function isDenier({ text }: Pick<Word, 'text'>): boolean {
  return deniers.has(text);
}

/** With one of these, or a verb of a frame, a clause begins after "and". */
export const auxiliaryVerbs = list(
  `is are was were has have had does do did can could will would may might should isn't aren't hasn't haven't doesn't don't didn't can't
   cannot won't wasn't weren't wouldn't couldn't`,
);

/** In the third person: "wants", "asks". */
export const frameVerbs = Object.values(verbs).flatMap(list).map(toThirdPerson);

function toThirdPerson(verb: string): string {
  if (/(?:s|sh|ch|x)$/.test(verb)) return `${verb}es`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
}
