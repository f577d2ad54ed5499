/** Greetings, thanks, apologies and the like. */
import type { Situation } from '../../questions/situation.ts';
import type { ActionPart } from '../actions/action.ts';
import { asSentence, toSecondPerson } from '../actions/second-person.ts';
import type { Saying, Speaking } from './saying.ts';

export function courteous(
  part: Extract<ActionPart, { kind: 'courtesy' }>,
  { scene, customer }: Speaking,
): Saying {
  const text = toSecondPerson(part.text, customer);
  switch (part.courtesy) {
    case 'greet':
      return { text: greeting(scene.situation), kind: 'greeting' };
    case 'thank':
      return told(`Thank you${reasonOf(text)}!`);
    case 'apologise':
      return told(`I'm sorry${reasonOf(text)}.`);
    case 'farewell':
      return told('Goodbye!');
    case 'sympathise':
      return told("I'm sorry to hear that.");
    case 'congratulate':
      return told(`Congratulations${reasonOf(text)}!`);
    default:
      return told(asSentence(`I wish you ${text}`));
  }
}

/** "for the delay"; anything else is left out. */
function reasonOf(text: string): string {
  const plain = text.trim().replace(/[.!]+$/, '');
  return /^(?:for|about|on|that)\b/i.test(plain) ? ` ${plain}` : '';
}

export function greeting({ customer }: Pick<Situation, 'customer'>): string {
  const { name, id } = customer;
  const isName =
    name !== '' && name !== id && !/^(?:guest|customer|user|anonymous)$/i.test(name) && name.length <= 60;
  return isName ? `Hello ${name}!` : 'Hello!';
}

function told(text: string): Saying {
  return { text, kind: 'statement' };
}
