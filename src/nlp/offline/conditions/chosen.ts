/** Which of the things that the agent offered a customer names. */
import type { Talk, Turn } from '../reading/talk.ts';
import { chooseOption, type Option } from '../values/options.ts';
import { offersBefore } from '../values/offers.ts';
import type { Glossary } from './glossary.ts';

/** Undefined: none, or it is open which. */
export function chosenIn(talk: Talk, turn: Turn, glossary: Glossary): string | undefined {
  const offers = offersBefore(talk, turn);
  const choice = chooseOption(
    turn.text,
    offers.map((text) => toOption(text, glossary)),
  );
  return choice && offers[choice.at];
}

/** Under all names that the glossary has for what is offered. */
function toOption(text: string, glossary: Glossary): Option {
  const mentions = glossary.mentionsIn(text).filter(({ isWithin }) => !isWithin);
  const synonyms = mentions.flatMap(({ term }) => glossary.terms[term]?.synonyms ?? []);
  return { text, synonyms };
}
