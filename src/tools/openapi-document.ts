/** The operations of an OpenAPI 3 document as tools. */
import type { Json, JsonObject } from '../event-log/event.ts';
import { flatten, unlessUnsupported } from './flatten-schema.ts';
import { isObject } from './json.ts';
import { readInputs, textOf, type OpenApiPlace } from './openapi-inputs.ts';
import { ServiceFault } from './service-fault.ts';
import type { Tool } from './tool.ts';

export type OpenApiOperation = {
  readonly tool: Tool;
  /** Upper case. */
  readonly method: string;
  /** With `{names}`. */
  readonly path: string;
  /** By the name of the parameter. */
  readonly places: ReadonlyMap<string, OpenApiPlace>;
};

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** By the names of their tools. Throws `ServiceFault` for what is no such document. */
export function readOpenApi(document: unknown, creationUtc: string): ReadonlyMap<string, OpenApiOperation> {
  const isKnown = isObject(document) && textOf(document['openapi']).startsWith('3.');
  if (!isKnown) throw new ServiceFault('its description is no OpenAPI 3 document');
  const operations = new Map<string, OpenApiOperation>();
  for (const { path, method, operation, inputs } of operationsOf(document)) {
    const { parameters, required, places } = inputs;
    const name = freeName(operations, operation['operationId'], method, path);
    const tool: Tool = {
      name,
      description: textOf(operation['description']) || textOf(operation['summary']),
      creationUtc,
      parameters: Object.fromEntries(parameters),
      required: [...required],
      consequential: method !== 'get',
      overlap: 'auto',
      metadata: {},
    };
    operations.set(name, { tool, method: method.toUpperCase(), path, places });
  }
  return operations;
}

/** Those that can be called with arguments alone. */
function* operationsOf(document: JsonObject) {
  const paths = isObject(document['paths']) ? document['paths'] : {};
  for (const [path, given] of Object.entries(paths)) {
    const item = path.startsWith('/') ? unlessUnsupported(() => flatten(given, document)) : undefined;
    for (const method of methods) {
      const operation = item?.[method];
      if (!item || !isObject(operation)) continue;
      const inputs = unlessUnsupported(() => readInputs(document, item, operation));
      if (inputs) yield { path, method, operation, inputs };
    }
  }
}

/** The operation's id, if it has one of its own; else `get_accounts_id`. */
function freeName(
  taken: ReadonlyMap<string, unknown>,
  id: Json | undefined,
  method: string,
  path: string,
): string {
  const made = [method, ...path.split(/[^A-Za-z0-9]+/)].filter((part) => part !== '').join('_');
  const wanted = textOf(id) || made;
  let name = taken.has(wanted) ? made : wanted;
  for (let equals = 2; taken.has(name); equals += 1) name = `${made}_${equals}`;
  return name;
}
