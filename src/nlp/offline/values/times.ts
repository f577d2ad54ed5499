/** Times of day and durations in a text. */
import { toNumber, type Spotted } from './numbers.ts';

const hourWord = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve';
const half = '(?:\\s*(a\\.?m\\b\\.?|p\\.?m\\b\\.?))';

type Reader = readonly [RegExp, (match: RegExpExecArray, text: string) => string | undefined];

const readers: readonly Reader[] = [
  [new RegExp(`\\b(\\d{1,2})[:.](\\d{2})${half}`, 'i'), ([, h, m, ap]) => clock(+h!, +m!, ap)],
  [new RegExp(`\\b(\\d{1,2}|${hourWord})${half}`, 'i'), ([, h, ap]) => clock(toNumber(h!), 0, ap)],
  [
    /(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?!\d)/,
    ([, h, m], text) => clock(+h!, +m!, partOfDay(text), h!.length === 2),
  ],
  [/\b(?:noon|midday)\b/i, () => '12:00'],
  [/\bmidnight\b/i, () => '00:00'],
  [
    new RegExp(`\\bhalf past (\\d{1,2}|${hourWord})\\b`, 'i'),
    ([, h], text) => clock(toNumber(h!), 30, partOfDay(text)),
  ],
  [
    new RegExp(`\\b(?:a )?quarter past (\\d{1,2}|${hourWord})\\b`, 'i'),
    ([, h], text) => clock(toNumber(h!), 15, partOfDay(text)),
  ],
  [
    new RegExp(`\\b(?:a )?quarter to (\\d{1,2}|${hourWord})\\b`, 'i'),
    ([, h], text) => clock((toNumber(h!) + 11) % 12 || 12, 45, partOfDay(text)),
  ],
  [
    new RegExp(`\\b(\\d{1,2}|${hourWord}) o'?clock\\b`, 'i'),
    ([, h], text) => clock(toNumber(h!), 0, partOfDay(text)),
  ],
  [
    new RegExp(
      `\\b(?:at|around|about|by|from|after|before) (\\d{1,2}|${hourWord})\\b(?![\\d:/.-])(?! (?:people|persons|guests|days?|hours?|minutes?|weeks?|months?|years?|of)\\b)`,
      'i',
    ),
    ([, h], text) => clock(toNumber(h!), 0, partOfDay(text)),
  ],
];

/** The first time of day named, as `15:30`. Hours from one to seven without more are in the afternoon. */
export function timeIn(text: string): Spotted<string> | undefined {
  for (const [form, read] of readers) {
    const match = form.exec(text);
    const value = match ? read(match, text) : undefined;
    if (match && value !== undefined)
      return { value, text: match[0].trim(), from: match.index, to: match.index + match[0].length };
  }
  return undefined;
}

function partOfDay(text: string): string | undefined {
  if (/\b(?:in the morning|this morning|morning)\b/i.test(text)) return 'am';
  return /\b(?:afternoon|evening|tonight|at night)\b/i.test(text) ? 'pm' : undefined;
}

function clock(hour: number, minute: number, part: string | undefined, isExact = false): string | undefined {
  if (!Number.isInteger(hour) || hour > 23 || minute > 59 || hour < 0) return undefined;
  const isPm = part?.toLowerCase().startsWith('p') ?? (!isExact && hour >= 1 && hour <= 7);
  const isAm = part?.toLowerCase().startsWith('a') ?? false;
  const full = isPm && hour < 12 ? hour + 12 : isAm && hour === 12 ? 0 : hour;
  return `${String(full).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

const unit = '(years?|months?|weeks?|days?|nights?|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?)';
const durationForm = new RegExp(
  `\\b(half an|an?|\\d+(?:\\.\\d+)?|[a-z]+(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)[ -]?${unit}( and a half)?\\b`,
  'gi',
);

/** As ISO 8601: "an hour and a half" is `PT1H30M`. Parts that follow each other are one. */
export function durationIn(text: string): Spotted<string> | undefined {
  const parts = [...text.matchAll(durationForm)].flatMap((match) => {
    const seconds = secondsOf(match);
    return seconds === undefined
      ? []
      : [{ ...seconds, from: match.index, to: match.index + match[0].length }];
  });
  const [first, ...others] = parts;
  if (!first) return undefined;
  let [last, amounts] = [first, [first]];
  for (const part of others) {
    if (!/^[\s,]*(?:and\s*)?$/i.test(text.slice(last.to, part.from))) break;
    [last, amounts] = [part, [...amounts, part]];
  }
  return {
    value: toIsoDuration(amounts),
    text: text.slice(first.from, last.to),
    from: first.from,
    to: last.to,
  };
}

type Amount = { readonly unit: string; readonly count: number };

function secondsOf([, count = '', name = '', andHalf]: RegExpExecArray): Amount | undefined {
  const lower = count.toLowerCase();
  const number = lower === 'half an' ? 0.5 : /^an?$/.test(lower) ? 1 : toNumber(lower);
  if (!Number.isFinite(number)) return undefined;
  return { unit: unitOf(name.toLowerCase()), count: number + (andHalf ? 0.5 : 0) };
}

function unitOf(name: string): string {
  if (name.startsWith('mo')) return 'months';
  if (name.startsWith('night')) return 'days';
  return (
    { y: 'years', w: 'weeks', d: 'days', h: 'hours', m: 'minutes', s: 'seconds' }[name[0] ?? ''] ?? 'seconds'
  );
}

/** Halves become the next smaller unit. */
function toIsoDuration(amounts: readonly Amount[]): string {
  const smaller: Record<string, readonly [string, number]> = {
    years: ['months', 12],
    months: ['days', 30],
    weeks: ['days', 7],
    days: ['hours', 24],
    hours: ['minutes', 60],
    minutes: ['seconds', 60],
  };
  const totals = new Map<string, number>();
  for (const { unit, count } of amounts) {
    const whole = Math.trunc(count);
    totals.set(unit, (totals.get(unit) ?? 0) + whole);
    const [below, factor] = smaller[unit] ?? ['seconds', 0];
    if (count !== whole) totals.set(below, (totals.get(below) ?? 0) + Math.round((count - whole) * factor));
  }
  const part = (name: string, letter: string) => (totals.get(name) ? `${totals.get(name)!}${letter}` : '');
  const date = part('years', 'Y') + part('months', 'M') + part('weeks', 'W') + part('days', 'D');
  const time = part('hours', 'H') + part('minutes', 'M') + part('seconds', 'S');
  return date + time === '' ? 'PT0S' : `P${date}${time === '' ? '' : `T${time}`}`;
}

/** Numbers that are no times of day. */
export function withoutTimes(text: string): string {
  let rest = text;
  for (let found = timeIn(rest); found; found = timeIn(rest))
    rest = rest.slice(0, found.from) + '_'.repeat(found.to - found.from) + rest.slice(found.to);
  return rest;
}
