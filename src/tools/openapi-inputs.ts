/**
 * What an operation of an OpenAPI document takes. What stands in the path, the query and a JSON body becomes a parameter; an operation
 * that cannot do without anything else (headers, cookies, forms) is no tool.
 */
import type { Json, JsonObject } from '../event-log/event.ts';
import { flatten, propertiesOf, requiredOf, toList, unlessUnsupported } from './flatten-schema.ts';
import { isObject } from './json.ts';
import { toParameterLoosely } from './json-schema.ts';
import type { ToolParameter } from './tool.ts';

/** Where an argument goes. */
export type OpenApiPlace =
  | { readonly in: 'path'; readonly name: string }
  | { readonly in: 'query'; readonly name: string; readonly style: string; readonly explode: boolean }
  | { readonly in: 'property'; readonly name: string }
  /** The whole body. */
  | { readonly in: 'body' };

export type Inputs = {
  readonly parameters: Map<string, ToolParameter>;
  readonly required: Set<string>;
  readonly places: Map<string, OpenApiPlace>;
};

/** Undefined: it cannot be called with arguments alone. */
export function readInputs(root: JsonObject, item: JsonObject, operation: JsonObject): Inputs | undefined {
  const inputs: Inputs = { parameters: new Map(), required: new Set(), places: new Map() };
  for (const parameter of parametersOf(root, item, operation)) {
    const place = toPlace(parameter);
    const isRequired = parameter['required'] === true || place?.in === 'path';
    if (!place && isRequired) return undefined;
    if (!place) continue;
    const described = { ...toParameterLoosely(schemaOf(parameter), root), ...describe(parameter) };
    add(inputs, place.name, { place, described, isRequired });
  }
  return addBody(inputs, root, operation['requestBody']) ? inputs : undefined;
}

/** Those of the path, unless the operation says them anew. */
function parametersOf(root: JsonObject, item: JsonObject, operation: JsonObject): Iterable<JsonObject> {
  const byPlace = new Map<string, JsonObject>();
  for (const given of [...toList(item['parameters']), ...toList(operation['parameters'])]) {
    const parameter = flatten(given, root);
    byPlace.set(JSON.stringify([parameter['in'], parameter['name']]), parameter);
  }
  return byPlace.values();
}

function toPlace(parameter: JsonObject): (OpenApiPlace & { readonly name: string }) | undefined {
  const name = textOf(parameter['name']);
  if (name === '') return undefined;
  if (parameter['in'] === 'path') return { in: 'path', name };
  if (parameter['in'] !== 'query') return undefined;
  const style = textOf(parameter['style']) || 'form';
  const { explode = style === 'form' } = parameter;
  return { in: 'query', name, style, explode: explode === true };
}

function schemaOf({ schema, content }: JsonObject): Json | undefined {
  if (schema !== undefined || !isObject(content)) return schema;
  const [first] = Object.values(content);
  return isObject(first) ? first['schema'] : undefined;
}

function describe(parameter: JsonObject): Pick<ToolParameter, 'description'> {
  const description = textOf(parameter['description']);
  return description === '' ? {} : { description };
}

/** False: it needs a body that is no JSON. */
function addBody(inputs: Inputs, root: JsonObject, given: Json | undefined): boolean {
  const body = flatten(given, root);
  const content = isObject(body['content']) ? body['content'] : {};
  const media = Object.keys(content).find((type) => /^application\/(\w[\w.-]*\+)?json\b/.test(type));
  if (media === undefined) return body['required'] !== true;
  const entry = content[media];
  const schema = isObject(entry) ? entry['schema'] : undefined;
  const flat = unlessUnsupported(() => flatten(schema, root)) ?? {};
  const properties = propertiesOf(flat);
  if (properties.length === 0) {
    const described = { ...toParameterLoosely(schema ?? { type: 'object' }, root), ...describe(body) };
    add(inputs, 'body', { place: { in: 'body' }, described, isRequired: body['required'] === true });
    return true;
  }
  const required = new Set(requiredOf(flat));
  for (const [name, property] of properties) {
    if (isObject(property) && property['readOnly'] === true) continue;
    const described = toParameterLoosely(property, root);
    add(inputs, name, { place: { in: 'property', name }, described, isRequired: required.has(name) });
  }
  return true;
}

/** A property with the name of a parameter is called `body_name`. */
function add(
  { parameters, required, places }: Inputs,
  wanted: string,
  { place, described, isRequired }: { place: OpenApiPlace; described: ToolParameter; isRequired: boolean },
): void {
  let name = wanted;
  while (parameters.has(name)) name = `body_${name}`;
  parameters.set(name, described);
  places.set(name, place);
  if (isRequired) required.add(name);
}

/** Empty where it is no text. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}
