/** What the customer told in answer to questions since they said what they want: what is to be confirmed. */
import { addressIn, valueIn } from '../values/find-value.ts';
import { chooseOption } from '../values/options.ts';
import { offersBefore } from '../values/offers.ts';
import type { Scene } from '../conditions/scene.ts';
import { isAnswer } from '../reading/follow-up.ts';
import { agentBefore, customerTurns, messageOf, type Talk, type Turn } from '../reading/talk.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';

const turnLimit = 10;
const textLimit = 80;

/** Oldest first, with what each is where the question named it. What is told anew takes the place of what was told before. */
export function detailsGiven({ talk }: Pick<Scene, 'talk'>): readonly string[] {
  const details = new Map<string, string>();
  for (const turn of customerTurns(talk).slice(-turnLimit)) {
    const told = toldIn(talk, turn);
    if (told !== undefined) details.set(keyOf(told), told.name ? `${told.name}: ${told.text}` : told.text);
  }
  return [...details.values()];
}

/** Two of one kind are the same thing, told twice. */
function keyOf({ name, text }: { readonly name: string; readonly text: string }): string {
  const kind = kinds.find(
    (each) => (each === 'place' ? addressIn(text) : valueIn(each, text, 0)) !== undefined,
  );
  return kind ?? (name || text);
}

const kinds = ['email', 'place', 'phone', 'datetime', 'date', 'time'] as const;

function toldIn(talk: Talk, turn: Turn): { readonly name: string; readonly text: string } | undefined {
  const asked = agentBefore(talk, turn);
  if (asked === undefined) return undefined;
  const offers = offersBefore(talk, turn);
  const choice = chooseOption(
    turn.text,
    offers.map((text) => ({ text })),
  );
  const chosen = choice && offers[choice.at];
  if (chosen !== undefined) return { name: '', text: chosen };
  const address = addressIn(turn.text)?.value ?? valueIn('email', turn.text, 0)?.value;
  if (address !== undefined) return { name: '', text: address };
  if (!isAnswer(talk, turn) || yesOrNo(turn.text) !== undefined) return undefined;
  const text = bare(turn.text);
  return text === '' || text.length > textLimit ? undefined : { name: nameOf(asked), text };
}

/** "What is your name?" asks for a name. */
function nameOf(asked: Turn): string {
  const questions = messageOf(asked).sentences.filter(({ text }) => text.trimEnd().endsWith('?'));
  const match = /\b(?:what (?:is|are)|tell me|confirm) (?:your|the) ([^?(]{2,60}?)(?: \(.*\))?\?/i.exec(
    questions.at(-1)?.text ?? '',
  );
  return match?.[1]?.trim() ?? '';
}

/** Without the frame of an answer: "It's for my sister" is "for my sister". */
export function bare(text: string): string {
  return text
    .trim()
    .replace(
      /^.*\b(?:it should be|should be|change (?:it|that|this) to|make (?:it|that)|i meant|i mean)\s+/i,
      '',
    )
    .replace(/^(?:(?:well|oh|so|ok|okay|um|uh|yes|sure|please|hi|hello|thanks|thank you)[,.!]?\s+)+/i, '')
    .replace(
      /^(?:it(?:['’]s| is| will be| would be)|that(?:['’]s| is| would be)|this is|i(?:['’]d| would) (?:like|prefer)|i(?:['’]ll| will) (?:take|have|go with)|i (?:want|need|prefer|choose|take)|make it|let['’]s say|my \p{L}+(?: \p{L}+)? is|the \p{L}+(?: \p{L}+)? is|probably|maybe|i think|because(?: of)?)\s+/iu,
      '',
    )
    .replace(/[\s,]*(?:please|thanks|thank you)?[.!?\s]*$/i, '')
    .trim();
}
