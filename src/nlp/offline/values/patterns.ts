/** Values that are known by their form: addresses of mail, numbers of phones, ids, names after "my name is", what stands in quotes. */
import type { Spotted } from './numbers.ts';

const forms = {
  email: /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/u,
  uuid: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/i,
  url: /\bhttps?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/i,
  phone: /(?<![\p{L}\d-])\+?\(?\d[\d\s()./-]{5,20}\d(?![\p{L}\d])/u,
  /** Letters and digits mixed, or a long number. */
  id: /(?<![\p{L}\d.,@-])#?(?=[A-Z\d-]*\d)(?:[A-Z]{1,8}[-–]?\d[A-Z\d-]*|\d{1,8}[A-Z][A-Z\d-]*|\d[\d-]*-[A-Z\d-]+|\d{4,20})(?![\p{L}\d]|\.\d|@)/iu,
  path: /(?:^|\s)((?:~|\.{1,2})?\/[^\s]+|[A-Z]:\\[^\s]+)/i,
  quoted: /["“«„]([^"”»“]{1,200})["”»“]|(?<![\p{L}])['‘]([^'’]{2,200})['’](?![\p{L}])/u,
} as const;

export type PatternName = keyof typeof forms;

/** The first; undefined: none. */
export function patternIn(name: PatternName, text: string): Spotted<string> | undefined {
  const match = forms[name].exec(text);
  if (!match) return undefined;
  const written = match[1] ?? match[2] ?? match[0];
  if (name === 'phone' && written.replace(/\D/g, '').length < 7) return undefined;
  if (name === 'phone' && /^\d{4}-\d{2}-\d{2}$/.test(written.trim())) return undefined;
  const value = name === 'id' ? written.replace(/^#/, '') : written.trim();
  return { value, text: written, from: match.index, to: match.index + match[0].length };
}

const introduction = String.raw`\b(?i:my (?:full |first |last |sur)?name(?: is|['’]s|:)?|name:|i am called|call me|under the name(?: of)?)`;
const presentation = String.raw`\b(?i:this is|i['’]m|i am|it is|it['’]s)`;
const properName = String.raw`((?:\p{Lu}[\p{L}'’.-]*)(?:\s+(?:(?:de|van|von|der|la|al|bin|del|di|da)\s+)*\p{Lu}[\p{L}'’.-]*){0,3})`;
const naming = new RegExp(`(?:${introduction}|${presentation})\\s+${properName}`, 'u');
const namingLoosely = new RegExp(String.raw`${introduction}\s+([\p{L}'’-]+(?:\s+[\p{L}'’-]+)?)`, 'u');

/** After "my name is" or the like. */
export function nameIn(text: string): Spotted<string> | undefined {
  const match = naming.exec(text) ?? namingLoosely.exec(text);
  const value = match?.[1]?.replace(/[.'’-]+$/, '').replace(/\s+(?:and|but|i|from|at|with|my)$/i, '');
  if (!match || !value || notNames.has(value.toLowerCase())) return undefined;
  const from = match.index + match[0].lastIndexOf(value);
  return { value, text: value, from, to: from + value.length };
}

const notNames = new Set([
  'is',
  'the',
  'not',
  'ok',
  'okay',
  'fine',
  'urgent',
  'sorry',
  'interested',
  'looking',
]);

/** Words with a capital letter that do not merely begin a sentence. In order. */
export function properNamesIn(text: string): readonly Spotted<string>[] {
  const form =
    /(?<=[\p{Ll}\d,;:)] |["“(]|\bI )(?:\p{Lu}[\p{L}'’-]+)(?: (?:de |of |the |la |von |van )?\p{Lu}[\p{L}'’-]+)*/gu;
  return [...text.matchAll(form)]
    .filter(([written]) => !calendar.test(written))
    .map((match) => ({
      value: match[0],
      text: match[0],
      from: match.index,
      to: match.index + match[0].length,
    }));
}

const calendar =
  /^(?:I|I['’]\w+|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December|AM|PM|OK)$/;

const reason =
  /\b(?:because(?: of)?|due to|as i|since i|the reason is|reason:|it(?: is|['’]s) (?:about|for|because)|regarding|concerning|to (?:talk|speak) (?:about|with)|i(?: have|['’]ve)(?: got)?(?! to\b)|i(?: am|['’]m) (?:having|feeling|experiencing|suffering)|for (?:a|an|my|our|some))\s+([^.!?\n]{2,160})/i;

/** Why somebody wants something. */
export function reasonIn(text: string): Spotted<string> | undefined {
  const match = reason.exec(text);
  if (!match?.[1]) return undefined;
  const value = match[1].trim();
  return { value, text: match[0], from: match.index, to: match.index + match[0].length };
}
