/** One argument, from what a model or a client wrote to what its type wants: JSON, in which times, paths and ids are texts of one form. */
import type { Json } from '../event-log/event.ts';
import { parseList, parseObject } from './literals.ts';
import type { ParameterType } from './tool.ts';

/** Undefined: it cannot be that. Null is for the caller. */
export const converters: Readonly<Record<ParameterType, (value: Json) => Json | undefined>> = {
  string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  number: (value) => toNumber(value),
  integer: (value) => {
    const number = toNumber(value);
    return Number.isSafeInteger(number) ? number : undefined;
  },
  boolean: (value) => {
    if (typeof value === 'boolean') return value;
    const word = toText(value)?.toLowerCase();
    return word === 'true' || (word === 'false' ? false : undefined);
  },
  array: (value) => {
    if (typeof value === 'string') return parseList(value);
    return Array.isArray(value) ? value : undefined;
  },
  object: (value) => {
    if (typeof value === 'string') return parseObject(value);
    return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  },
  date: (value) => (isDate(toText(value)) ? toText(value) : undefined),
  datetime: (value) => toDateTime(toText(value) ?? ''),
  timedelta: (value) => toDuration(typeof value === 'number' ? String(value) : (toText(value) ?? '')),
  path: (value) => {
    const path = toText(value);
    return path && !path.includes('\0') ? path : undefined;
  },
  uuid: (value) => {
    const id = toText(value)?.toLowerCase() ?? '';
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : undefined;
  },
};

/** As people call it, behind "must be". */
export const typeNames: Readonly<Record<ParameterType, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  date: 'a date such as 2026-01-31',
  datetime: 'a date and time such as 2026-01-31T09:30:00Z',
  timedelta: 'a duration such as PT1H30M',
  path: 'a path',
  uuid: 'a UUID',
};

function toText(value: Json): string | undefined {
  return typeof value === 'string' ? value.trim() : undefined;
}

function toNumber(value: Json): number | undefined {
  const number = typeof value === 'number' ? value : parseNumber(toText(value) ?? '');
  return Number.isFinite(number) ? number : undefined;
}

/** Decimal only: `Number` would also take an empty text and hexadecimal ones. */
function parseNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** A day there is in the calendar. */
function isDate(text: string | undefined): boolean {
  if (!text || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

const dateTime =
  /^(\d{4}-\d\d-\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,9})?)? ?(Z|([+-](?:[01]\d|2[0-3])):?([0-5]\d))?)?$/i;

/** With `T` and seconds, and with the offset it was given with, if any. */
function toDateTime(text: string): string | undefined {
  const match = dateTime.exec(text);
  if (!match || !isDate(match[1])) return undefined;
  const [, date, hour = '00', minute = '00', second = '00', fraction = '', zone = '', hours, minutes] = match;
  const offset = hours === undefined ? zone.toUpperCase() : `${hours}:${minutes}`;
  return `${date}T${hour}:${minute}:${second}${fraction}${offset}`;
}

const isoDuration =
  /^[+-]?P(?=[\dT])(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?(T(?=\d)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?$/i;
/** As Python prints it: `1 day, 2:30:00`. */
const clockDuration = /^(?:(\d+) days?, ?)?(\d+):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?$/;

/** ISO 8601. A number is seconds. */
function toDuration(text: string): string | undefined {
  if (isoDuration.test(text)) return text.toUpperCase();
  if (/^\d+(\.\d+)?$/.test(text)) return `PT${text}S`;
  const match = clockDuration.exec(text);
  if (!match) return undefined;
  const [, days, hours, minutes, seconds = '0'] = match;
  return `P${days ? `${Number(days)}D` : ''}T${Number(hours)}H${Number(minutes)}M${Number(seconds)}S`;
}
