/** Clauses that ask the agent to be polite. */
import type { ActionPart } from './action.ts';
import { form, who, type Reading } from './clause-form.ts';

export const courtesyReadings: readonly Reading[] = [
  [form(String.raw`(?:greet|welcome|say (?:hello|hi))\b(.*)`), ([, text = '']) => [courtesy('greet', text)]],
  [form(String.raw`thank\b(?: ${who})?(.*)`), ([, text = '']) => [courtesy('thank', text)]],
  [
    form(String.raw`(?:apologi[sz]e|say sorry|offer (?:an apology|apologies))(?: to ${who})?(.*)`),
    ([, text = '']) => [courtesy('apologise', text)],
  ],
  [
    form(String.raw`(?:say (?:good ?bye|bye)|bid .*farewell|end the (?:conversation|chat))(.*)`),
    ([, text = '']) => [courtesy('farewell', text)],
  ],
  [
    form(
      String.raw`(?:(?:express|show|offer) (?:\w+ )?(?:empathy|sympathy|understanding|condolences|concern)|(?:empathi[sz]e|sympathi[sz]e)|(?:be|remain) (?:empathetic|sympathetic|understanding)\b.*\bsorry)(.*)`,
    ),
    ([, text = '']) => [courtesy('sympathise', text)],
  ],
  [form(String.raw`congratulate\b(?: ${who})?(.*)`), ([, text = '']) => [courtesy('congratulate', text)]],
  [form(String.raw`wish ${who} (.+)`), ([, text = '']) => [courtesy('wish', text)]],
];

function courtesy(courtesy: Extract<ActionPart, { kind: 'courtesy' }>['courtesy'], text: string): ActionPart {
  return { kind: 'courtesy', courtesy, text: text.trim() };
}
