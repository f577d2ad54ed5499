/** What filters and comparisons do with numbers. */
import type { Json } from '../event-log/event.ts';
import { demandFinite, demandNumber, type Value } from './values.ts';
import { RenderFailure } from './work.ts';

/** Numbers by size, texts by their characters. Throws `RenderFailure`. */
export function compare(left: Json, right: Json): number {
  const areNumbers = typeof left === 'number' && typeof right === 'number';
  if (!areNumbers && (typeof left !== 'string' || typeof right !== 'string')) {
    throw new RenderFailure('only numbers with numbers and texts with texts can be compared');
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Halves away from zero. */
export function rounded(value: number, precision: number, method: Value): number {
  const factor = demandFinite(10 ** precision);
  const scaled = demandFinite(Math.abs(value) * factor);
  if (method === 'ceil') return Math.ceil(value * factor) / factor;
  if (method === 'floor') return Math.floor(value * factor) / factor;
  return (Math.sign(value) * Math.round(scaled)) / factor;
}

/** `otherwise`: for what is no number; default 0. */
export function toNumber(value: Value, otherwise: Value = 0): number {
  const isNumeric = typeof value === 'number' || typeof value === 'boolean' || isNumericText(value);
  const number = isNumeric ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : demandNumber(otherwise);
}

function isNumericText(value: Value): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

export function wholeNumber(value: Value, otherwise: number): number {
  return value === undefined ? otherwise : Math.trunc(demandNumber(value));
}
