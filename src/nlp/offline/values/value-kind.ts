/** What kind of value words ask for: "their date of birth" a day, "how many people" a number, "the order number" an id. */
import { rememberTexts } from '../../lexical/remember-texts.ts';

export type ValueKind =
  | 'date'
  | 'time'
  | 'datetime'
  | 'duration'
  | 'number'
  | 'email'
  | 'phone'
  | 'url'
  | 'id'
  | 'name'
  | 'place'
  | 'reason'
  | 'yesno';

/** The first that fits. */
const kinds: readonly (readonly [ValueKind, RegExp])[] = [
  ['email', /\be-?mails?\b/i],
  ['url', /\b(?:url|link|web ?site|web ?page)\b/i],
  ['phone', /\b(?:phone|telephone|mobile|cell)\b|\bcontact number\b/i],
  [
    'datetime',
    /\b(?:date ?time|date and time|day and time|time and date|date and hour|time slots?|slots?|times)\b/i,
  ],
  ['duration', /\b(?:duration|how long|length of (?:stay|time))\b/i],
  ['number', /\b(?:how many|number of|quantity|amount|count|age|how old|how much|percentage)\b/i],
  ['date', /\b(?:dates?|days?|dob|birthday|deadline|weekday)\b/i],
  ['time', /\b(?:time|hour|when)\b/i],
  ['id', /\b(?:ids?|identifier|number|code|reference|ref|serial|key)\b/i],
  ['name', /\b(?:full |first |last |sur|nick)?names?\b/i],
  ['place', /\b(?:address|location|city|town|street|place|where|country|region|postcode|zip)\b/i],
  ['reason', /\b(?:reasons?|why|purpose|problem|issue|complaint|concern|motive|what happened)\b/i],
  ['yesno', /\b(?:whether|if they|confirm)\b/i],
];

/** Undefined: nothing tells. */
export const kindAskedFor = rememberTexts((text: string): ValueKind | undefined => {
  const words = text.replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, '$1 $2');
  return kinds.find(([, form]) => form.test(words))?.[0];
});
