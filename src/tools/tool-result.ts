/** What a tool answers, checked: of a handler of the program, and as services write it on the wire. */
import { z } from 'zod';
import type { Json, JsonObject } from '../event-log/event.ts';
import { depthLimit, isObject, isShallow } from './json.ts';
import { toUnusable } from './service-fault.ts';
import type { ToolId, ToolResult } from './tool.ts';

const isMarked = Symbol.for('colloquy.toolResult');

type Said = Partial<Pick<ToolResult, 'control' | 'cannedResponses' | 'guidelines'>>;

/** What `toolResult` takes: everything but the data may be left out. What `JSON.stringify` makes of it, is meant. */
export type ToolResultParts = Said & {
  /** What the agent learns. */
  readonly data: unknown;
  /** For front ends only. */
  readonly metadata?: object;
  readonly cannedResponseFields?: object;
};

/** A whole result, told from data by the mark that only `toolResult` puts on it. */
export type MarkedToolResult = ToolResultParts & { readonly [isMarked]: true };

/**
 * For a handler that has more to say than its data: `return toolResult({ data, control: { mode: 'manual' }, guidelines: [...] })`. What
 * else a handler returns, is the data.
 */
export function toolResult(parts: ToolResultParts): MarkedToolResult {
  return { ...parts, [isMarked]: true };
}

const json = z.custom<Json>((value) => value !== undefined && isShallow(value), {
  error: `must be JSON of at most ${depthLimit} levels`,
});
const jsonObject = z.custom<JsonObject>((value) => isObject(value) && isShallow(value), {
  error: `must be a JSON object of at most ${depthLimit} levels`,
});

const guideline = z
  .object({
    action: z.string().min(1),
    condition: z.string().nullish(),
    description: z.string().nullish(),
    priority: z.int().nullish(),
    criticality: z.enum(['low', 'medium', 'high']).nullish(),
  })
  .transform(({ action, ...more }) => ({ action, ...present(more) }));

const control = z
  .object({ mode: z.enum(['auto', 'manual']).nullish(), lifespan: z.enum(['response', 'session']).nullish() })
  .transform((options) => present(options));

const result = z.object({
  data: json.default(null),
  metadata: jsonObject.nullish().transform((value) => value ?? {}),
  control: control.nullish().transform((value) => value ?? {}),
  cannedResponses: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
  cannedResponseFields: jsonObject.nullish().transform((value) => value ?? {}),
  guidelines: z
    .array(guideline)
    .nullish()
    .transform((value) => value ?? []),
});

/** What a handler returned, as the result it stands for. Throws `ToolFailedError` where it is not JSON, or no result. */
export function fromHandler(toolId: ToolId, returned: unknown): ToolResult {
  const isResult = typeof returned === 'object' && returned !== null && isMarked in returned;
  return parse(toolId, toJson(toolId, isResult ? returned : { data: returned ?? null }));
}

/** A result in Parlant's spelling; later versions call guidelines rules. Throws `ToolFailedError`. */
export function fromWire(toolId: ToolId, wire: unknown): ToolResult {
  if (!isObject(wire)) throw toUnusable(toolId, 'its result is no object');
  const { data, metadata, control, canned_responses, canned_response_fields, guidelines, rules } = wire;
  return parse(toolId, {
    data,
    metadata,
    // A lifespan that Parlant would choose itself: we have none such.
    control: isObject(control) && control['lifespan'] === 'auto' ? { ...control, lifespan: null } : control,
    cannedResponses: canned_responses,
    cannedResponseFields: canned_response_fields,
    guidelines: guidelines ?? rules,
  });
}

/** A result that is nothing but data. Throws `ToolFailedError`. */
export function fromData(toolId: ToolId, data: Json, metadata: JsonObject = {}): ToolResult {
  return parse(toolId, { data, metadata });
}

function parse(toolId: ToolId, value: unknown): ToolResult {
  const parsed = result.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw toUnusable(toolId, `its result is not one: ${issue?.path.join('.')} ${issue?.message}`);
}

/** A copy in which nothing is but JSON, so that the handler's own objects stay its own. */
function toJson(toolId: ToolId, value: unknown): Json {
  try {
    return JSON.parse(JSON.stringify(value)) as Json; // that is what it parses
  } catch {
    throw toUnusable(toolId, 'its result is not JSON');
  }
}

type Present<Value> = { [Key in keyof Value]?: NonNullable<Value[Key]> };

function present<Value extends object>(value: Value): Present<Value> {
  const entries = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(entries) as Present<Value>; // what is left is neither
}
