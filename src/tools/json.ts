/** What several readers of JSON ask. */
import type { Json, JsonObject } from '../event-log/event.ts';

/** How deep values may nest. Deeper ones can be read but not written again: `JSON.stringify` is recursive. */
export const depthLimit = 64;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined: it is no JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json; // that is what it parses
  } catch {
    return undefined;
  }
}

/** Whether it nests no deeper than the limit. */
export function isShallow(value: unknown, levels = depthLimit): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isShallow(item, levels - 1));
}
