/** Functions among options: what they are checked against, and how those of guidelines, journeys and states are written. */
import { z } from 'zod';
import type { EntityExtensions, TurnHandler } from '../engine/extensions.ts';
import type { TurnContext } from '../engine/turn-context.ts';
import type { JsonObject } from '../event-log/event.ts';
import { isObject } from '../tools/json.ts';
import { shown } from './check-options.ts';

export type OneOrMore<Item> = Item | readonly Item[];

/** What a guideline, a journey or a state does in code. What one of these throws, the turn fails with. */
export type EntityFunctions = {
  /** Called where it applies, before the answer is made. */
  readonly onSelected?: OneOrMore<TurnHandler>;
  /** Called where it applies, when the answer was sent. */
  readonly onMessage?: OneOrMore<TurnHandler>;
  /** Values for the templates of this answer, by their names there; asked where it applies, before the answer is made. */
  readonly responseFields?: (turn: TurnContext) => JsonObject | Promise<JsonObject>;
};

export const oneFunction = z.custom<() => unknown>(isFunction, { error: 'must be a function' });

export const functions = z.custom<OneOrMore<() => unknown>>(
  (value) => isFunction(value) || (Array.isArray(value) && value.every(isFunction)),
  { error: 'must be a function or a list of functions' },
);

export const functionsShape = {
  onSelected: functions.optional(),
  onMessage: functions.optional(),
  responseFields: oneFunction.optional(),
} satisfies Record<keyof EntityFunctions, z.ZodType>;

/** `what`: whose they are. */
export function toEntityExtensions(
  { onSelected, onMessage, responseFields }: EntityFunctions,
  what: string,
): EntityExtensions {
  return {
    ...(onSelected && { onSelected: toList(onSelected) }),
    ...(onMessage && { onMessage: toList(onMessage) }),
    ...(responseFields && {
      responseFields: [async (turn: TurnContext) => toFields(await responseFields(turn), what)],
    }),
  };
}

export function toList<Item extends () => unknown>(items: OneOrMore<Item>): readonly Item[];
export function toList<Item>(items: OneOrMore<Item>): readonly Item[];
export function toList<Item>(items: OneOrMore<Item>): readonly Item[] {
  return isList(items) ? items : [items];
}

/** As JSON: what is none would be no value of a template. */
function toFields(fields: unknown, what: string): JsonObject {
  const plain: unknown = isObject(fields) ? JSON.parse(JSON.stringify(fields)) : fields;
  if (isObject(plain)) return plain;
  throw new TypeError(`The responseFields of ${what} must be an object, not ${shown(fields)}.`);
}

function isList<Item>(items: OneOrMore<Item>): items is readonly Item[] {
  return Array.isArray(items);
}

function isFunction(value: unknown): value is () => unknown {
  return typeof value === 'function';
}
