/**
 * Arguments of a call, from what a model or a client wrote (texts, mostly) to typed JSON. Nobody is trusted: names that the tool does
 * not have, values that are no JSON, and keys that would change an object's nature are refused.
 */
import { InvalidToolArgumentsError } from '../errors.ts';
import type { Json, JsonObject } from '../event-log/event.ts';
import { converters, typeNames } from './convert-value.ts';
import { depthLimit, isObject } from './json.ts';
import type { Tool, ToolId, ToolParameter } from './tool.ts';

/**
 * Null stays null, also where a value is required: whether a tool takes it is for the tool. Times become ISO 8601 texts. Throws
 * `InvalidToolArgumentsError`, and nothing else, with everything that is wrong.
 */
export function convertArguments(
  toolId: ToolId,
  { parameters, required }: Pick<Tool, 'parameters' | 'required'>,
  args: unknown,
): JsonObject {
  if (!isObject(args)) throw new InvalidToolArgumentsError(toolId, 'its arguments must be an object');
  const names = Object.keys(args);
  const complaints = [
    ...complainOf(
      'there is no parameter',
      names.filter((name) => !Object.hasOwn(parameters, name)),
    ),
    ...complainOf(
      'a value is missing for',
      required.filter((name) => !Object.hasOwn(args, name)),
    ),
  ];
  const converted = names.flatMap((name): [string, Json][] => {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!parameter) return [];
    const value = convert(parameter, args[name]);
    if ('wrong' in value) complaints.push(`${JSON.stringify(name)} ${value.wrong}`);
    return 'value' in value ? [[name, value.value]] : [];
  });
  if (complaints.length > 0) throw new InvalidToolArgumentsError(toolId, complaints.join('; '));
  return Object.fromEntries(converted);
}

type Converted = { readonly value: Json } | { readonly wrong: string };

function convert(parameter: ToolParameter, given: unknown): Converted {
  if (!isJson(given)) return { wrong: `must be JSON of at most ${depthLimit} levels` };
  if (given === null) return { value: null };
  const value = converters[parameter.type](given);
  if (value === undefined) return { wrong: `must be ${typeNames[parameter.type]}, not ${shown(given)}` };
  // What was text may have become a list or an object.
  if (!isJson(value)) return { wrong: `must be JSON of at most ${depthLimit} levels` };
  return Array.isArray(value) ? convertItems(parameter, value) : choose(parameter, value);
}

function convertItems(parameter: ToolParameter, items: readonly Json[]): Converted {
  const { itemType } = parameter;
  const values: Json[] = [];
  for (const item of items) {
    const value = itemType === undefined || item === null ? item : converters[itemType](item);
    if (value === undefined || !isJson(value))
      return {
        wrong: `must be a list of which each is ${typeNames[itemType ?? 'object']}, not ${shown(item)}`,
      };
    const chosen = choose(parameter, value);
    if ('wrong' in chosen) return chosen;
    values.push(chosen.value);
  }
  return { value: values };
}

/** A choice written as text is the choice: `"3"` is 3 where 3 may be chosen. */
function choose({ enum: choices }: ToolParameter, value: Json): Converted {
  if (!choices) return { value };
  const choice = choices.find((each) => each === value) ?? choices.find((each) => String(each) === value);
  if (choice !== undefined) return { value: choice };
  return {
    wrong: `must be one of ${choices.map((each) => JSON.stringify(each)).join(', ')}, not ${shown(value)}`,
  };
}

function complainOf(what: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${what} ${names.map((name) => JSON.stringify(name)).join(', ')}`];
}

/** Also where a key would replace the prototype of an object that the value is copied into. */
function isJson(value: unknown, levels = depthLimit): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || levels === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, levels - 1));
  return Object.entries(value).every(([key, item]) => key !== '__proto__' && isJson(item, levels - 1));
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
