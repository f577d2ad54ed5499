/** Clauses that want something of the customer, or offer something. */
import type { ActionPart } from './action.ts';
import { form, who, type Reading } from './clause-form.ts';

export const requestReadings: readonly Reading[] = [
  [
    form(String.raw`offer (?:${who} )?to (.+)`),
    ([, text = '']) => [{ kind: 'offer', text: `to ${text}`, isSuggestion: false }],
  ],
  [
    form(String.raw`offer(?: to)?(?: ${who})? (.+)`),
    ([, text = '']) => [{ kind: 'offer', text, isSuggestion: false }],
  ],
  [
    form(
      String.raw`(?:suggest|recommend|propose)(?: to ${who})?(?: (?:that )?(?:they|he|she|${who}) (?:should |to )| that they )(.+)`,
    ),
    ([, text = '']) => [{ kind: 'request', text, isReminder: false }],
  ],
  [
    form(String.raw`(?:suggest|recommend|propose)(?: to ${who})? (.+)`),
    ([, text = '']) => [{ kind: 'offer', text, isSuggestion: true }],
  ],
  [
    form(String.raw`remind ${who} (?:that they (?:should|must|need to) |to )(.+)`),
    ([, text = '']) => [{ kind: 'request', text, isReminder: true }],
  ],
  [
    form(
      String.raw`(?:ask|tell|advise|instruct|encourage|urge|invite|direct|request|recommend|prompt|have|get) ${who} (?:to )(.+)`,
    ),
    ([, text = '']) => [requestOrAsk(text)],
  ],
  [
    form(
      String.raw`(?:(?:direct|refer|point|send|transfer|forward|redirect|escalate|hand over|connect) ${who}|(?:transfer|escalate|redirect|hand over)(?: the (?:chat|call|conversation|case|request))?) to (.+)`,
    ),
    ([, text = '']) => [{ kind: 'request', text: `contact ${text}`, isReminder: false }],
  ],
];

/** "Ask them to provide their name" asks for the name. */
function requestOrAsk(given: string): ActionPart {
  const text = given.replace(/(,? and) not to /i, '$1 do not ');
  const asked =
    /^(?:please )?(?:provide|give|share|tell|specify|enter|state|name|describe|explain|clarify|confirm)(?: (?:you|us|me))?(?: with)? (.+)$/i.exec(
      text,
    );
  return asked?.[1] ? { kind: 'ask', text: asked[1] } : { kind: 'request', text, isReminder: false };
}
