/**
 * An entity's metadata has several authors: the program that defines it, and whoever adds to it later (indexing, operators). Each keeps
 * its own: what the program said before and says no more goes, what others added stays, also within objects.
 */
import type { Json, JsonObject } from '../event-log/event.ts';

export type Versions = {
  /** What the program said last time. */
  readonly before: JsonObject;
  /** What it says now. */
  readonly now: JsonObject;
  readonly stored: JsonObject;
};

export function mergeMetadata({ before, now, stored }: Versions): JsonObject {
  const merged = new Map<string, Json>();
  for (const key of new Set([...Object.keys(stored), ...Object.keys(now)])) {
    const value = mergeValue({ before: own(before, key), now: own(now, key), stored: own(stored, key) });
    if (value !== undefined) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

type Values = { readonly [Version in keyof Versions]: Json | undefined };

/** Undefined: there is none any more. */
function mergeValue({ before, now, stored }: Values): Json | undefined {
  const [old, others] = [asObject(before), asObject(stored)];
  if (now !== undefined) {
    const said = asObject(now);
    return said && others ? mergeMetadata({ before: old ?? {}, now: said, stored: others }) : now;
  }
  if (before === undefined) return stored;
  if (!old || !others) return undefined;
  const rest = mergeMetadata({ before: old, now: {}, stored: others });
  return Object.keys(rest).length > 0 ? rest : undefined;
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function asObject(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
