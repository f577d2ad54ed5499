/** A parameter of a tool out of a JSON Schema: of zod, of MCP servers and of OpenAPI documents. */
import type { Json, JsonObject } from '../event-log/event.ts';
import { choicesOf, flatten, toList, UnsupportedSchemaError } from './flatten-schema.ts';
import { isObject } from './json.ts';
import type { ParameterType, ToolParameter } from './tool.ts';

const formats: ReadonlyMap<Json | undefined, ParameterType> = new Map([
  ['date', 'date'],
  ['date-time', 'datetime'],
  ['duration', 'timedelta'],
  ['path', 'path'],
  ['uuid', 'uuid'],
]);

/** Throws `UnsupportedSchemaError`. */
export function toParameter(schema: Json | undefined, root: JsonObject): ToolParameter {
  const flat = flatten(schema, root);
  const type = typeOf(flat);
  const items = type === 'array' ? describeItems(flat, root) : {};
  const choices = (items.enum ?? choicesOf(flat))?.filter(isChoice);
  const description = flat['description'] ?? flat['title'];
  return {
    type,
    ...(items.type && { itemType: items.type }),
    ...(choices && choices.length > 0 && { enum: choices }),
    ...(typeof description === 'string' && description !== '' && { description }),
    ...(Array.isArray(flat['examples']) && { examples: flat['examples'].map(toExample) }),
  };
}

/**
 * As `toParameter`, for servers that may say more than a parameter can: of several types the first counts, and what can be anything is
 * taken for a text.
 */
export function toParameterLoosely(schema: Json | undefined, root: JsonObject): ToolParameter {
  for (const candidate of [schema, ...narrowed(schema)]) {
    try {
      return toParameter(candidate, root);
    } catch (error) {
      if (!(error instanceof UnsupportedSchemaError)) throw error;
    }
  }
  return { type: 'string' };
}

function narrowed(schema: Json | undefined): readonly Json[] {
  if (!isObject(schema)) return [];
  const { anyOf, oneOf, type, items: _items, prefixItems: _prefixItems, ...own } = schema;
  const alternatives = toList(anyOf ?? oneOf).filter(isObject);
  return [
    ...alternatives.map((each) => ({ ...each, ...own })),
    ...toList(type).map((each) => ({ ...schema, type: each })),
    ...(type === 'array' ? [{ ...own, type }] : []),
    { ...own, type: 'string' },
  ];
}

function describeItems(array: JsonObject, root: JsonObject): Partial<Pick<ToolParameter, 'type' | 'enum'>> {
  if (array['prefixItems'] !== undefined)
    throw new UnsupportedSchemaError('its items have types of their own');
  if (!isObject(array['items'])) return {};
  const { type, enum: choices } = toParameter(array['items'], root);
  if (type === 'array') throw new UnsupportedSchemaError('it is a list of lists');
  return { type, ...(choices && { enum: choices }) };
}

function typeOf(schema: JsonObject): ParameterType {
  const given = schema['type'];
  const types = Array.isArray(given) ? given.filter((each) => each !== 'null') : [given];
  if (types.length > 1) throw new UnsupportedSchemaError('it may be of several types');
  switch (types[0]) {
    case 'string':
      return formats.get(schema['format']) ?? 'string';
    case 'number':
    case 'integer':
    case 'boolean':
    case 'array':
    case 'object':
      return types[0];
    case undefined:
      return typeByContent(schema);
    default:
      throw new UnsupportedSchemaError(`its type is ${JSON.stringify(types[0])}`);
  }
}

function typeByContent(schema: JsonObject): ParameterType {
  const choice = choicesOf(schema)?.find((each) => each !== null);
  if (typeof choice === 'string' || typeof choice === 'number' || typeof choice === 'boolean')
    return typeof choice as 'string' | 'number' | 'boolean'; // as was just asked
  if (isObject(schema['properties'])) return 'object';
  if (isObject(schema['items'])) return 'array';
  throw new UnsupportedSchemaError('it may be anything');
}

function isChoice(value: Json): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function toExample(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
