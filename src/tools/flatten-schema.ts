/**
 * What a JSON Schema says when its references, its `allOf` and its null are out of the way, as far as parameters of tools go. References
 * lead into the same document only.
 */
import type { Json, JsonObject } from '../event-log/event.ts';
import { isObject } from './json.ts';

/** A shape that has no place among the types of parameters. The message ends a sentence about it. */
export class UnsupportedSchemaError extends Error {}

/** References lead to references: round in circles, or to each twice, and twice again. */
const stepLimit = 1_000;
type Steps = { left: number };

/**
 * The schema behind its references, its `allOf` and its null. What stands beside a reference wins over what is behind it. Throws
 * `UnsupportedSchemaError`. `root`: what references lead into.
 */
export function flatten(
  schema: Json | undefined,
  root: JsonObject,
  steps: Steps = { left: stepLimit },
): JsonObject {
  if (!isObject(schema)) return {};
  steps.left -= 1;
  if (steps.left < 0) throw new UnsupportedSchemaError('its references do not end');
  const { $ref, allOf, anyOf, oneOf, ...own } = schema;
  if (typeof $ref === 'string') return { ...flatten(lookUp($ref, root), root, steps), ...own };
  if (Array.isArray(allOf)) return { ...mergeAll(allOf, root, steps), ...own };
  const alternatives = anyOf ?? oneOf;
  if (!Array.isArray(alternatives)) return schema;
  const rest = alternatives.filter((each) => !(isObject(each) && each['type'] === 'null'));
  if (rest.length === 1) return { ...flatten(rest[0], root, steps), ...own };
  return { ...mergeChoices(rest.map((each) => flatten(each, root, steps))), ...own };
}

function mergeAll(schemas: readonly Json[], root: JsonObject, steps: Steps): JsonObject {
  let merged: JsonObject = {};
  for (const part of schemas.map((each) => flatten(each, root, steps))) {
    const properties = { ...toObject(merged['properties']), ...toObject(part['properties']) };
    const required = [...toList(merged['required']), ...toList(part['required'])];
    merged = {
      ...merged,
      ...part,
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(required.length > 0 && { required }),
    };
  }
  return merged;
}

/** Constants of one type are an enumeration; nothing else has alternatives. */
function mergeChoices(schemas: readonly JsonObject[]): JsonObject {
  const values = schemas.map(choicesOf);
  const [first] = schemas;
  const isEnumeration = values.every((each) => each !== undefined);
  if (!first || !isEnumeration) throw new UnsupportedSchemaError('it may be of several types');
  return { ...first, enum: values.flat() };
}

/** Of an enumeration or a constant. */
export function choicesOf(schema: JsonObject): readonly Json[] | undefined {
  if (Array.isArray(schema['enum'])) return schema['enum'];
  return schema['const'] === undefined || schema['const'] === null ? undefined : [schema['const']];
}

function lookUp(ref: string, root: JsonObject): Json | undefined {
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) throw new UnsupportedSchemaError(`it refers to another document (${ref})`);
  let found: Json | undefined = root;
  for (const step of ref.slice(2).split('/')) {
    const key = decodeStep(step);
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? Reflect.get(found, key)
        : undefined;
  }
  if (found === undefined) throw new UnsupportedSchemaError(`it refers to what is not there (${ref})`);
  return found;
}

function decodeStep(step: string): string {
  const plain = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/** Properties in their order. Empty where there are none. */
export function propertiesOf(schema: JsonObject): readonly (readonly [name: string, schema: Json])[] {
  return Object.entries(toObject(schema['properties']));
}

/** Names that are required and exist. */
export function requiredOf(schema: JsonObject): readonly string[] {
  const properties = toObject(schema['properties']);
  const names = toList(schema['required']).filter((name) => typeof name === 'string');
  return [...new Set(names)].filter((name) => Object.hasOwn(properties, name));
}

function toObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function toList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Undefined where something has no place among parameters. */
export function unlessUnsupported<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnsupportedSchemaError) return undefined;
    throw error;
  }
}
