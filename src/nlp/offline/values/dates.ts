/** Days in a text, as people name them: "tomorrow", "next Tuesday", "the 5th of May", "in two weeks". Counted from a given now, in UTC. */
import { toNumber, type Spotted } from './numbers.ts';

const dayMs = 86_400_000;
const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const month = `(${months.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')}|sept)\\.?`;
const day = '(\\d{1,2})(?:st|nd|rd|th)?';
const year = '(?:,? (?:in )?(\\d{4}))?';

type Reader = readonly [RegExp, (match: RegExpExecArray, now: number) => number | undefined];

/** The first that fits counts; within one message the first place. */
const readers: readonly Reader[] = [
  [/\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)/, ([, y, m, d]) => dateOf(+y!, +m!, +d!)],
  [/\b(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})\b/, ([, d, m, y]) => dateOf(fullYear(y!), +m!, +d!)],
  [/\b(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})\b/, ([, a, b, y]) => slashed(+a!, +b!, fullYear(y!))],
  [
    new RegExp(`\\b(?:the )?${day}(?: of)? ${month}\\b${year}`, 'i'),
    ([, d, m, y], now) => inYear(monthOf(m!), +d!, y, now),
  ],
  [
    new RegExp(`\\b${month} (?:the )?${day}\\b(?!:)${year}`, 'i'),
    ([, m, d, y], now) => inYear(monthOf(m!), +d!, y, now),
  ],
  [/\b(?:the )?day after tomorrow\b/i, (_, now) => today(now) + 2 * dayMs],
  [/\btomorrow\b/i, (_, now) => today(now) + dayMs],
  [/\b(?:today|tonight|this (?:morning|afternoon|evening))\b/i, (_, now) => today(now)],
  [/\byesterday\b/i, (_, now) => today(now) - dayMs],
  [
    /\b(?:in|within) (an?|\d+|\w+)(?: more)? (days?|weeks?|months?|years?)\b/i,
    ([, count, unit], now) => later(now, amountOf(count!), unit!),
  ],
  [
    /\b(an?|\d+|\w+) (days?|weeks?|months?|years?) (?:from (?:now|today)|later)\b/i,
    ([, count, unit], now) => later(now, amountOf(count!), unit!),
  ],
  [
    /\ba week (?:from )?(?:on )?(mon|tues|wednes|thurs|fri|satur|sun)day\b/i,
    ([, name], now) => nextDay(name!, now) + 7 * dayMs,
  ],
  [
    /\b(?:(next|this|coming) )?(mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\b(?:,? (next week))?/i,
    ([, which, name, later], now) => weekday({ name: name!, which: which ?? later }, now),
  ],
  [
    /\bthe (\d{1,2})(?:st|nd|rd|th)\b(?=\s*(?:$|[,.;!?]|at\b|in\b|on\b|please\b|works?\b|is\b|or\b|would\b))/i,
    ([, d], now) => nextOfMonth(+d!, now),
  ],
];

/** The first day named, as `2026-05-05`; undefined: none, or none there is. */
export function dateIn(text: string, now: number): Spotted<string> | undefined {
  for (const [form, read] of readers) {
    const match = form.exec(text);
    const ms = match ? read(match, now) : undefined;
    if (match && ms !== undefined && !isAbbreviatedWord(match))
      return { value: toIso(ms), text: match[0], from: match.index, to: match.index + match[0].length };
  }
  return undefined;
}

export function weekdayOf(iso: string): string {
  return weekdays[new Date(`${iso}T00:00:00Z`).getUTCDay()] ?? '';
}

/** "sun", "sat" and "may 3" could be other words. */
function isAbbreviatedWord(match: RegExpExecArray): boolean {
  return /^(?:sun|sat|wed|may|mar)$/i.test(match[0]);
}

function toIso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function today(now: number): number {
  return Math.floor(now / dayMs) * dayMs;
}

/** Undefined: there is no such day. */
function dateOf(year: number, month: number, date: number): number | undefined {
  const ms = Date.UTC(year, month - 1, date);
  const made = new Date(ms);
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === date ? ms : undefined;
}

function slashed(a: number, b: number, year: number): number | undefined {
  return a > 12 ? dateOf(year, b, a) : dateOf(year, a, b);
}

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return year < 50 ? 2_000 + year : 1_900 + year;
}

function monthOf(name: string): number {
  return months.findIndex((full) => full.startsWith(name.toLowerCase().replace('.', '').slice(0, 3))) + 1;
}

/** Without a year the next such day is meant. */
function inYear(month: number, date: number, year: string | undefined, now: number): number | undefined {
  if (year !== undefined) return dateOf(Number(year), month, date);
  const thisYear = new Date(now).getUTCFullYear();
  const ms = dateOf(thisYear, month, date);
  return ms !== undefined && ms < today(now) ? dateOf(thisYear + 1, month, date) : ms;
}

function amountOf(text: string): number {
  return /^an?$/i.test(text) ? 1 : toNumber(text);
}

function later(now: number, count: number, unit: string): number | undefined {
  if (!Number.isInteger(count) || count > 1_000) return undefined;
  const begin = new Date(today(now));
  if (unit.startsWith('day')) return today(now) + count * dayMs;
  if (unit.startsWith('week')) return today(now) + count * 7 * dayMs;
  if (unit.startsWith('month')) return begin.setUTCMonth(begin.getUTCMonth() + count);
  return begin.setUTCFullYear(begin.getUTCFullYear() + count);
}

function weekdayNumber(name: string): number {
  return weekdays.findIndex((full) => full.startsWith(name.toLowerCase().slice(0, 3)));
}

/** After today. */
function nextDay(name: string, now: number): number {
  const ahead = (weekdayNumber(name) - new Date(now).getUTCDay() + 7) % 7 || 7;
  return today(now) + ahead * dayMs;
}

/** "next" is in the week after this one; weeks begin on Monday. */
function weekday(
  { name, which }: { readonly name: string; readonly which: string | undefined },
  now: number,
) {
  const next = nextDay(name, now);
  if (which === 'this' && weekdayNumber(name) === new Date(now).getUTCDay()) return today(now);
  if (!which?.toLowerCase().startsWith('next')) return next;
  const daysLeft = (7 - new Date(now).getUTCDay()) % 7;
  return next <= today(now) + daysLeft * dayMs ? next + 7 * dayMs : next;
}

function nextOfMonth(date: number, now: number): number | undefined {
  const begin = new Date(now);
  const [year, month] = [begin.getUTCFullYear(), begin.getUTCMonth() + 1];
  const ms = dateOf(year, month, date);
  if (ms !== undefined && ms >= today(now)) return ms;
  return month === 12 ? dateOf(year + 1, 1, date) : dateOf(year, month + 1, date);
}

/** Numbers that belong to no day. */
export function withoutDates(text: string, now: number): string {
  let rest = text;
  for (let found = dateIn(rest, now); found; found = dateIn(rest, now))
    rest = rest.slice(0, found.from) + '_'.repeat(found.to - found.from) + rest.slice(found.to);
  return rest;
}

/** All days named, in order. */
export function datesIn(text: string, now: number): readonly Spotted<string>[] {
  const found: Spotted<string>[] = [];
  let rest = text;
  for (let date = dateIn(rest, now); date; date = dateIn(rest, now)) {
    found.push(date);
    rest = rest.slice(0, date.from) + '_'.repeat(date.to - date.from) + rest.slice(date.to);
  }
  return found.sort((a, b) => a.from - b.from);
}
