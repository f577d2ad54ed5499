/** Arguments of an operation of an OpenAPI document, put where they belong. */
import { InvalidToolArgumentsError } from '../errors.ts';
import type { Json, JsonObject } from '../event-log/event.ts';
import { isObject } from './json.ts';
import type { OpenApiOperation } from './openapi-document.ts';
import type { OpenApiPlace } from './openapi-inputs.ts';
import type { ToolId } from './tool.ts';

export type OpenApiRequest = {
  /** With the query. */
  readonly path: string;
  readonly body?: Json;
};

/** `args`: converted. Throws `InvalidToolArgumentsError` for what cannot stand in an address. */
export function toOpenApiRequest(
  toolId: ToolId,
  operation: OpenApiOperation,
  args: JsonObject,
): OpenApiRequest {
  const query = new URLSearchParams();
  const properties: [string, Json][] = [];
  let { path } = operation;
  let body: Json | undefined;
  for (const [name, place] of operation.places) {
    const value = args[name];
    // Null is how a model leaves out what may be absent.
    if (value === undefined || (value === null && !operation.tool.required.includes(name))) continue;
    if (place.in === 'path') path = path.replaceAll(`{${place.name}}`, () => toStep(toolId, name, value));
    else if (place.in === 'query') addToQuery(query, place, value);
    else if (place.in === 'property') properties.push([place.name, value]);
    else body = value;
  }
  if (body === undefined && hasProperties(operation)) body = Object.fromEntries(properties);
  const search = query.toString();
  return { path: search === '' ? path : `${path}?${search}`, ...(body !== undefined && { body }) };
}

function hasProperties({ places }: OpenApiOperation): boolean {
  return [...places.values()].some((place) => place.in === 'property');
}

function toStep(toolId: ToolId, name: string, value: Json): string {
  const text = Array.isArray(value) ? value.map(toText).join(',') : toText(value);
  if (['', '.', '..'].includes(text))
    throw new InvalidToolArgumentsError(
      toolId,
      `"${name}" must not be ${JSON.stringify(text)}, which cannot stand in an address`,
    );
  return encodeURIComponent(text);
}

const delimiters: ReadonlyMap<string, string> = new Map([
  ['spaceDelimited', ' '],
  ['pipeDelimited', '|'],
]);

function addToQuery(
  query: URLSearchParams,
  place: OpenApiPlace & { readonly in: 'query' },
  value: Json,
): void {
  const { name, style, explode } = place;
  if (Array.isArray(value) && explode) for (const item of value) query.append(name, toText(item));
  else if (Array.isArray(value)) query.append(name, value.map(toText).join(delimiters.get(style) ?? ','));
  else if (isObject(value) && style === 'deepObject')
    for (const [key, item] of Object.entries(value)) query.append(`${name}[${key}]`, toText(item));
  else query.append(name, toText(value));
}

function toText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
