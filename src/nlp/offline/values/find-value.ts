/** Values of one kind, found in what somebody said. */
import { dateIn, withoutDates } from './dates.ts';
import { numbersIn, type Spotted } from './numbers.ts';
import { nameIn, patternIn, properNamesIn, reasonIn } from './patterns.ts';
import { durationIn, timeIn, withoutTimes } from './times.ts';
import type { ValueKind } from './value-kind.ts';

/** As text: days and times as ISO 8601, numbers in digits. Undefined: there is none. */
export function valueIn(kind: ValueKind, text: string, now: number): Spotted<string> | undefined {
  switch (kind) {
    case 'date':
      return dateIn(text, now);
    case 'time':
      return timeIn(text);
    case 'datetime':
      return dateTimeIn(text, now);
    case 'duration':
      return durationIn(text);
    case 'number':
      return numberIn(text, now);
    case 'email':
    case 'phone':
    case 'url':
    case 'id':
      return patternIn(kind, text);
    case 'name':
      return nameIn(text);
    case 'place':
      return placeIn(text);
    case 'reason':
      return reasonIn(text);
    default:
      return undefined;
  }
}

/** `2026-05-05T15:00:00`. Undefined where the day or the time of day is not named. */
export function dateTimeIn(text: string, now: number): Spotted<string> | undefined {
  const stamp = /\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?/.exec(text);
  if (stamp)
    return {
      value: stamp[0].replace(' ', 'T'),
      text: stamp[0],
      from: stamp.index,
      to: stamp.index + stamp[0].length,
    };
  const date = dateIn(text, now);
  const time = date && timeIn(hide(text, date));
  if (!date || !time) return undefined;
  const [from, to] = [Math.min(date.from, time.from), Math.max(date.to, time.to)];
  return { value: `${date.value}T${time.value}:00`, text: text.slice(from, to), from, to };
}

/** A number that is not part of a day, a time, a mail address, or a long id. */
export function numberIn(text: string, now: number): Spotted<string> | undefined {
  return plainNumbersIn(text, now)[0];
}

/** All of them. */
export function plainNumbersIn(text: string, now: number): readonly Spotted<string>[] {
  let rest = withoutTimes(withoutDates(text, now));
  for (const name of ['email', 'uuid', 'url', 'phone'] as const) {
    const found = patternIn(name, rest);
    if (found) rest = hide(rest, found);
  }
  return numbersIn(rest).map((found) => ({ ...found, value: String(found.value) }));
}

/** The same text, with what was found blanked out. */
export function hide(text: string, { from, to }: Pick<Spotted<unknown>, 'from' | 'to'>): string {
  return text.slice(0, from) + '_'.repeat(to - from) + text.slice(to);
}

/** "12 Oak Row, Ashby". */
const written = /\b\d{1,5}[a-z]? (?:\p{Lu}[\p{L}.'-]+ ?){1,4}(?:, ?[\p{L}\d '-]+){0,3}/u;
const street =
  /\b\d{1,5}[a-z]? (?:[\p{L}.'-]+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|drive|way|court|square|boulevard|blvd|place|alley)\b(?:, ?[\p{L}\d '-]+){0,3}|\b\p{L}[\p{L}'-]+ ?(?:straße|strasse|street|road|lane|avenue|gasse|weg) \d+[a-z]?(?:, ?[\p{L}\d '-]+){0,3}/iu;

/** A street with a number. */
export function addressIn(text: string): Spotted<string> | undefined {
  const match = written.exec(text) ?? street.exec(text);
  // "3 May" is a day.
  return match && dateIn(match[0], 0) === undefined
    ? {
        value: match[0].replace(/\s+(?:instead|please|thanks|thank you|now|then|and .*)$/i, '').trim(),
        text: match[0],
        from: match.index,
        to: match.index + match[0].length,
      }
    : undefined;
}

function placeIn(text: string): Spotted<string> | undefined {
  return addressIn(text) ?? properNamesIn(text)[0];
}
