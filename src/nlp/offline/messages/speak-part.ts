/** Parts of actions in words to the customer: what is told as statements, what is asked as questions. */
import type { ActionPart } from '../actions/action.ts';
import { toQuestion } from '../actions/question.ts';
import { asSentence, toSecondPerson } from '../actions/second-person.ts';
import { humanised } from '../conditions/facts.ts';
import { coverageOf } from '../journeys/coverage.ts';
import { admitUntold } from './admissions.ts';
import { detailsGiven } from './details.ts';
import { quoteFor } from './answer-question.ts';
import { courteous } from './courtesies.ts';
import { knownThings } from './known-things.ts';
import type { Saying, Speaking } from './saying.ts';
import { tellAbout } from './tell-about.ts';

/** Empty: nothing is said of it. */
export function speakPart(part: ActionPart, speaking: Speaking): readonly Saying[] {
  const { customer } = speaking;
  switch (part.kind) {
    case 'verbatim':
      return [{ text: part.text.trim(), kind: part.text.trim().endsWith('?') ? 'question' : 'statement' }];
    case 'tell':
      return [statement(tell(part.text, speaking))];
    case 'show':
      return show(part, speaking);
    case 'ask':
      return isKnown(part.text, speaking) ? [] : [question(toQuestion(part.text, customer))];
    case 'request':
      return [
        statement(
          asSentence(`please ${part.isReminder ? 'remember to ' : ''}${toSecondPerson(part.text, customer)}`),
        ),
      ];
    case 'offer':
      return [offer(toSecondPerson(part.text, customer), part.isSuggestion)];
    case 'confirm':
      return [announce(part.text, speaking) ?? question(confirm(part.text, speaking))];
    case 'help':
      return [statement(help(toSecondPerson(part.text, customer)))];
    case 'courtesy':
      return [courteous(part, speaking)];
    default:
      return [];
  }
}

/** A tool was called with it in this turn. */
function isKnown(wanted: string, { scene }: Speaking): boolean {
  return scene.situation.staged.some(({ arguments: args }) =>
    Object.keys(args).some((name) => coverageOf(wanted, humanised(name)) >= 0.8),
  );
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

function show(
  { text, isNamed }: Extract<ActionPart, { kind: 'show' }>,
  { scene, customer, texts, taken }: Speaking,
): readonly Saying[] {
  const label = toSecondPerson(text, customer);
  const details = summing.test(text) ? detailsGiven(scene) : [];
  if (details.length > 0) return [statement(`To sum up: ${details.join('; ')}.`)];
  const told = tellAbout(text, scene.situation, { label, taken });
  if (told === undefined) {
    const written = fittingText(texts, `${text} ${scene.latest?.text ?? ''}`);
    if (written !== undefined) return [statement(written)];
    return [isNamed ? statement(asSentence(label)) : { text: admitUntold(label), kind: 'unknown' }];
  }
  taken.add(told.thing);
  return [statement(told.thing.kind === 'passage' ? quoteFor(told.thing, scene) : told.text)];
}

/** Of several the one that speaks most of what is to be told, and of what was asked. */
function fittingText(texts: readonly string[], wanted: string): string | undefined {
  const rated = texts.map((text) => ({ text, score: coverageOf(wanted, text) }));
  return rated.toSorted((a, b) => b.score - a.score)[0]?.text;
}

const summing =
  /^(?:what (?:was|they|the \p{L}+|he|she) (?:have |has |had |was )?(?:told|said|given|chosen|asked)|(?:the |all )?details|their (?:order|choices|answers|details))\b/iu;

function offer(text: string, isSuggestion: boolean): Saying {
  if (isSuggestion) return statement(asSentence(`I suggest ${text}`));
  const isDoing = /^to\s+/i.test(text);
  return { ...question(asSentence(`would you like ${isDoing ? `me ${text}` : text}`, '?')), isOffer: true };
}

/** What a tool has done in this turn is confirmed by telling it. */
function announce(text: string, { scene, customer, taken }: Speaking): Saying | undefined {
  const done = knownThings(scene.situation).find(
    (thing) => thing.isNew && thing.kind === 'data' && !taken.has(thing),
  );
  if (done === undefined) return undefined;
  taken.add(done);
  return statement(done.tell(toSecondPerson(withoutAdverbs(text), customer)));
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
