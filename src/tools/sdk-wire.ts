/** What Parlant's plugin servers write, read into our shapes, and arguments as they read them. */
import { z } from 'zod';
import type { Json, JsonObject } from '../event-log/event.ts';
import { toUtc } from '../event-log/utc.ts';
import { isObject } from './json.ts';
import { parameterTypes, toolOverlaps, type Tool, type ToolParameter } from './tool.ts';

const examples = z.array(
  z.unknown().transform((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
);

const descriptorSchema = z.object({
  type: z.enum(parameterTypes).catch('string'),
  item_type: z.enum(parameterTypes).nullish().catch(null),
  enum: z.array(z.union([z.string(), z.number()])).nullish(),
  description: z.string().nullish(),
  examples: examples.nullish(),
});

const optionsSchema = z.object({
  hidden: z.boolean().nullish(),
  source: z.enum(['any', 'context', 'customer']).nullish(),
  description: z.string().nullish(),
  significance: z.string().nullish(),
  examples: examples.nullish(),
  precedence: z.number().nullish(),
  display_name: z.string().nullish(),
});

/** Parlant numbers them from 1. */
const overlapSchema = z.union([
  z.enum(toolOverlaps),
  z.literal([1, 2, 3]).transform((number) => toolOverlaps[number - 1]),
]);

const toolSchema = z
  .object({
    name: z.string().min(1),
    description: z.string().nullish(),
    creation_utc: z.string().nullish(),
    metadata: z.custom<JsonObject>(isObject).nullish(),
    parameters: z.record(
      z.string(),
      z.tuple([descriptorSchema, optionsSchema.nullish()]).transform(toParameter),
    ),
    required: z.array(z.string()),
    consequential: z.boolean().nullish(),
    overlap: overlapSchema.nullish(),
  })
  .transform((wire): Tool => ({
    name: wire.name,
    description: wire.description ?? '',
    creationUtc: toTime(wire.creation_utc),
    parameters: wire.parameters,
    required: wire.required.filter((name) => Object.hasOwn(wire.parameters, name)),
    consequential: wire.consequential ?? false,
    overlap: wire.overlap ?? 'auto',
    metadata: wire.metadata ?? {},
  }));

/** Of `GET /tools/{name}` and `/resolve`. */
export const toolAnswer = z.object({ tool: toolSchema }).transform(({ tool }) => tool);
/** Of `GET /tools`. */
export const toolsAnswer = z.object({ tools: z.array(toolSchema) }).transform(({ tools }) => tools);

type Pair = readonly [
  z.output<typeof descriptorSchema>,
  (z.output<typeof optionsSchema> | null | undefined)?,
];

/** What an option says, wins over what the descriptor says. */
function toParameter([descriptor, options]: Pair): ToolParameter {
  const description = options?.description ?? descriptor.description;
  const shown = options?.examples?.length ? options.examples : descriptor.examples;
  const { hidden, source, significance, precedence, display_name: displayName } = options ?? {};
  return {
    type: descriptor.type,
    ...(descriptor.item_type && { itemType: descriptor.item_type }),
    ...(descriptor.enum && { enum: descriptor.enum }),
    ...(description && { description }),
    ...(shown?.length && { examples: shown }),
    ...(hidden && { hidden }),
    ...(source && source !== 'any' && { source }),
    ...(significance && { significance }),
    // The largest integer of Python's stands for none.
    ...(Number.isSafeInteger(precedence) && { precedence: Number(precedence) }),
    ...(displayName && { displayName }),
  };
}

const unknownTime = toUtc('1970-01-01T00:00:00Z');

function toTime(text: string | null | undefined): string {
  return text && !Number.isNaN(Date.parse(text)) ? toUtc(text) : unknownTime;
}

/**
 * Booleans as texts: a plugin server calls text methods on them, and takes every text for true that is not empty. Everything else it
 * takes as JSON.
 */
export function toWireArguments(args: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, toWireArgument(value)]));
}

function toWireArgument(value: Json): Json {
  if (Array.isArray(value)) return value.map(toWireArgument);
  return typeof value === 'boolean' ? (value ? 'true' : '') : value;
}
