/** Context variables and their values on the wire: Parlant's shapes. */
import { z } from 'zod';
import type {
  ContextValue,
  ContextVariable,
  ContextVariableFields,
} from '../../entities/collections/context-variable.ts';
import type { NewContextVariable } from '../../entities/context-variables.ts';
import type { TaggedPatch } from '../../entities/tagged-entities.ts';
import { json, text, timestamp, yesNo } from './common.ts';
import { given, name, tagIds, tagPatchSchema } from './entities.ts';
import { fromToolIdJson, toolIdSchema, toToolIdJson } from './tool-id.ts';

export const contextVariableSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    tool_id: toolIdSchema.nullable(),
    freshness_rules: z.string().nullable(),
    tags: z.array(z.string()),
  })
  .meta({ id: 'ContextVariable' });

export const contextValueSchema = z
  .object({ id: z.string(), last_modified: timestamp, data: json })
  .meta({ id: 'ContextVariableValue' });

export const contextVariableReadSchema = z
  .object({
    context_variable: contextVariableSchema,
    key_value_pairs: z.record(z.string(), contextValueSchema).nullable(),
  })
  .meta({ id: 'ContextVariableReadResult' });

const variableName = name({ max: 1_000 });
const description = text({ max: 100_000 });
const freshnessRules = text({ max: 1_000 }).meta({
  description:
    'Cron in UTC, five fields: a value is fetched anew from the first tick after it was stored on.',
  examples: ['0 */6 * * *'],
});

export const contextVariableCreateSchema = z
  .object({
    name: variableName,
    description: description.nullish(),
    tool_id: toolIdSchema.nullish().meta({ description: 'Fetches a value that is missing or stale.' }),
    freshness_rules: freshnessRules.nullish(),
    tags: tagIds.nullish().meta({ description: 'Ids of tags, or `agent:<agent id>`.' }),
  })
  .meta({ id: 'ContextVariableCreate' });

export const contextVariableUpdateSchema = z
  .object({
    name: variableName.nullish(),
    description: description.nullish(),
    tool_id: z.union([toolIdSchema, z.literal('')], { error: 'must be a tool, or "" for none' }).nullish(),
    freshness_rules: freshnessRules.nullish(),
    tags: tagPatchSchema.nullish(),
  })
  .meta({ id: 'ContextVariableUpdate', description: 'Absent or null: unchanged. An empty text empties.' });

export const contextVariableReadQuery = z.object({
  include_values: yesNo.default(true).meta({ description: 'False: `key_value_pairs` is null.' }),
});

export const contextValuePutSchema = z.object({ data: json }).meta({ id: 'ContextVariableValuePut' });

/** Any text that stands in an address. */
export const contextKey = text({ min: 1, max: 1_000 }).meta({
  description: 'A customer’s id, `tag:<tag id>`, `agent:<agent id>` or `DEFAULT`.',
});

export function toNewContextVariable(body: z.output<typeof contextVariableCreateSchema>): NewContextVariable {
  const { name, description, tool_id: tool, freshness_rules: rules, tags } = given(body);
  return {
    name,
    ...given({ description, tags, freshnessRules: rules, toolId: tool && fromToolIdJson(tool) }),
  };
}

/** Where the store says null for none, an empty text does here. */
export function toContextVariablePatch(
  body: z.output<typeof contextVariableUpdateSchema>,
): TaggedPatch<ContextVariableFields> {
  const { name, description, tool_id: tool, freshness_rules: rules, tags } = given(body);
  return {
    ...given({ name, description, tags: tags && given(tags) }),
    ...(tool !== undefined && { toolId: tool === '' ? null : fromToolIdJson(tool) }),
    ...(rules !== undefined && { freshnessRules: rules === '' ? null : rules }),
  };
}

/** As sent. */
export function toContextVariableJson(variable: ContextVariable): z.input<typeof contextVariableSchema> {
  return {
    id: variable.id,
    name: variable.name,
    description: variable.description,
    tool_id: variable.toolId === null ? null : toToolIdJson(variable.toolId),
    freshness_rules: variable.freshnessRules,
    tags: [...variable.tags],
  };
}

/** As sent. */
export function toContextValueJson(value: ContextValue): z.input<typeof contextValueSchema> {
  return { id: value.id, last_modified: value.lastModified, data: value.data };
}

/** As sent. A key may be any text, also `__proto__`. */
export function toKeyValuePairs(values: readonly ContextValue[]) {
  return Object.fromEntries(values.map((value) => [value.key, toContextValueJson(value)]));
}
