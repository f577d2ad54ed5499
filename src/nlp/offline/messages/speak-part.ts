/** Parts of actions in words to the customer: what is told as statements, what is asked as questions. */
import type { Situation } from '../../questions/situation.ts';
import type { ActionPart } from '../actions/action.ts';
import { toQuestion } from '../actions/question.ts';
import { asSentence, toSecondPerson } from '../actions/second-person.ts';
import { coverageOf } from '../journeys/coverage.ts';
import type { Scene } from '../conditions/scene.ts';
import { detailsGiven } from './details.ts';
import type { KnownThing } from './known-things.ts';
import { tellAbout } from './tell-about.ts';

export type Saying = {
  readonly text: string;
  readonly kind: 'greeting' | 'statement' | 'question';
};

export type Speaking = {
  readonly scene: Scene;
  readonly customer: string | undefined;
  /** Told already in this answer. */
  readonly taken: Set<KnownThing>;
};

/** Empty: nothing is said of it. */
export function speakPart(part: ActionPart, speaking: Speaking): readonly Saying[] {
  const { customer } = speaking;
  switch (part.kind) {
    case 'verbatim':
      return [{ text: part.text.trim(), kind: part.text.trim().endsWith('?') ? 'question' : 'statement' }];
    case 'tell':
      return [statement(tell(part.text, speaking))];
    case 'show':
      return show(part.text, speaking);
    case 'ask':
      return [question(toQuestion(part.text, customer))];
    case 'request':
      return [
        statement(
          asSentence(`please ${part.isReminder ? 'remember to ' : ''}${toSecondPerson(part.text, customer)}`),
        ),
      ];
    case 'offer':
      return [offer(toSecondPerson(part.text, customer), part.isSuggestion)];
    case 'confirm':
      return [question(confirm(part.text, speaking))];
    case 'help':
      return [statement(help(toSecondPerson(part.text, customer)))];
    case 'courtesy':
      return [courteous(part, speaking)];
    default:
      return [];
  }
}

function statement(text: string): Saying {
  return { text, kind: 'statement' };
}

function question(text: string): Saying {
  return { text, kind: 'question' };
}

/** What a tool has just said of it is nearer than what the action says. */
function tell(text: string, { scene, customer, taken }: Speaking): string {
  const said = asSentence(toSecondPerson(text, customer));
  const told = tellAbout(text, scene.situation, { label: '', taken });
  if (!told?.thing.isNew || told.thing.kind !== 'data' || coverageOf(text, told.text) < 0.5) return said;
  taken.add(told.thing);
  return told.text;
}

function show(topic: string, { scene, customer, taken }: Speaking): readonly Saying[] {
  const label = toSecondPerson(topic, customer);
  const told = tellAbout(topic, scene.situation, { label, taken });
  if (told === undefined) return [];
  taken.add(told.thing);
  return [statement(told.text)];
}

function offer(text: string, isSuggestion: boolean): Saying {
  if (isSuggestion) return statement(asSentence(`I suggest ${text}`));
  const isDoing = /^to\s+/i.test(text);
  return question(asSentence(`would you like ${isDoing ? `me ${text}` : text}`, '?'));
}

function confirm(text: string, { scene, customer }: Speaking): string {
  const sentence = /^(?:that )?(.+ (?:is|are|was|were|has|have|can|will) .+)$/i.exec(text);
  if (sentence?.[1]) return toQuestion(`whether ${sentence[1]}`, customer);
  const details = detailsGiven(scene);
  if (details.length === 0)
    return asSentence(`could you please confirm ${toSecondPerson(withoutAdverbs(text), customer)}`, '?');
  return `Just to confirm: ${details.join('; ')}. Is that right?`;
}

/** "the details with the guest before going on" is "the details". */
function withoutAdverbs(text: string): string {
  return text.replace(/\s+(?:with|to) (?:the \p{L}+|them|him|her)\b.*$/iu, '').replace(/\s+before .*$/i, '');
}

function help(text: string): string {
  const isThing = /^(?:the|your|an?|any|all|our)\b/i.test(text);
  return asSentence(`I can help you ${isThing ? 'with ' : ''}${text}`);
}

function courteous(part: Extract<ActionPart, { kind: 'courtesy' }>, { scene, customer }: Speaking): Saying {
  const text = toSecondPerson(part.text, customer);
  switch (part.courtesy) {
    case 'greet':
      return { text: greeting(scene.situation), kind: 'greeting' };
    case 'thank':
      return statement(`Thank you${reasonOf(text)}!`);
    case 'apologise':
      return statement(`I'm sorry${reasonOf(text)}.`);
    case 'farewell':
      return statement('Goodbye!');
    case 'sympathise':
      return statement("I'm sorry to hear that.");
    case 'congratulate':
      return statement(`Congratulations${reasonOf(text)}!`);
    default:
      return statement(asSentence(`I wish you ${text}`));
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
