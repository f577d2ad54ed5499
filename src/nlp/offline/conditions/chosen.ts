/** Which of the things that the agent offered a customer names. */
import type { Talk, Turn } from '../reading/talk.ts';
import { chooseOption, type Option } from '../values/options.ts';
import { offersBefore } from '../values/offers.ts';
import type { Glossary } from './glossary.ts';

/** Undefined: none, or it is open which. */
export function chosenIn(talk: Talk, turn: Turn, glossary: Glossary): string | undefined {
  if (asksMeaning.test(turn.text)) return undefined;
  const offers = offersBefore(talk, turn);
  const choice = chooseOption(
    turn.text,
    offers.map((text) => toOption(text, glossary)),
  );
  return choice && offers[choice.at];
}

/** "What do you mean by the small one?" chooses nothing yet. */
const asksMeaning =
  /^\W*(?:(?:and|but|so|ok|okay|sorry|wait)\W+)*(?:what do you mean\b|what (?:does|do|did) [^?!.]{1,60} mean\b|what(?:['’]s| is| are) (?!the\b|your\b|included\b|this\b|that\b)[^?!.\s]+(?: [^?!.\s]+){0,2}\?*\s*$)/i;

/** Under all names that the glossary has for what is offered. */
function toOption(text: string, glossary: Glossary): Option {
  const mentions = glossary.mentionsIn(text).filter(({ isWithin }) => !isWithin);
  const synonyms = mentions.flatMap(({ term }) => glossary.terms[term]?.synonyms ?? []);
  return { text, synonyms };
}
