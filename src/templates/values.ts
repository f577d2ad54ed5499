/**
 * Values as templates see them: JSON, or undefined for what is not there. Only what a value itself holds can be reached, never what
 * its prototype brings. Truth is Python's: nothing, zero and what is empty are false.
 */
import type { Json, JsonObject } from '../event-log/event.ts';
import { MissingValue, RenderFailure, type Work } from './work.ts';

export type Value = Json | undefined;

/** What a value holds under a name or an index (from the end where negative); undefined: nothing. */
export function memberOf(value: Value, key: Value): Value {
  if (isList(value)) return typeof key === 'number' ? value.at(key) : undefined;
  if (!isMapping(value) || (typeof key !== 'string' && typeof key !== 'number')) return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

export function isTrue(value: Value, work: Work): boolean {
  if (isList(value)) return value.length > 0;
  return isMapping(value) ? itemsOf(value, work).length > 0 : Boolean(value);
}

/** Lists and objects are the same when they are written the same. */
export function isSame(left: Value, right: Value, work: Work): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right;
  }
  return toText(left, work) === toText(right, work);
}

export function isIn(value: Value, container: Value, work: Work): boolean {
  if (isList(container)) {
    work.step(container.length);
    return container.some((item) => isSame(item, value, work));
  }
  if (isMapping(container)) return typeof value === 'string' && Object.hasOwn(container, value);
  if (typeof container !== 'string') return false;
  work.write(container.length);
  return typeof value === 'string' && container.includes(value);
}

/** As it is shown: texts as they are, lists and objects as JSON. Throws `MissingValue` for nothing. */
export function toText(value: Value, work: Work): string {
  const text = typeof value === 'string' ? value : JSON.stringify(demandValue(value));
  work.write(text.length);
  return text;
}

/** Neither undefined nor null. Throws `MissingValue`. */
export function demandValue(value: Value): NonNullable<Json> {
  if (value === undefined || value === null) throw new MissingValue();
  return value;
}

/** Throws `MissingValue`, `RenderFailure`. */
export function demandNumber(value: Value): number {
  const given = demandValue(value);
  if (typeof given !== 'number') throw new RenderFailure(`${nameOf(given)} is not a number`);
  return given;
}

/** Throws `RenderFailure` for what is larger than any number: it could not be shown. */
export function demandFinite(value: number): number {
  if (!Number.isFinite(value)) throw new RenderFailure('a number becomes too large');
  return value;
}

/** The items of a list, the names in an object; of nothing none. Throws `RenderFailure`. */
export function itemsOf(value: Value, work: Work): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (!isList(value) && !isMapping(value)) throw new RenderFailure(`${nameOf(value)} has no items`);
  const items = isList(value) ? value : Object.keys(value);
  work.step(items.length);
  return items;
}

/** The characters of a text as people count them: one may be two UTF-16 units. */
export function charactersOf(text: string, work: Work): readonly string[] {
  work.write(text.length);
  return Array.from(text);
}

export function isList(value: Value): value is readonly Json[] {
  return Array.isArray(value);
}

export function isMapping(value: Value): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What kind of value it is, for people. */
export function nameOf(value: NonNullable<Json>): string {
  if (isList(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value === 'string' ? 'text' : typeof value}`;
}
