/** Tools on the wire: Parlant's shape, which knows five types of parameters. */
import { z } from 'zod';
import type { ParameterType, Tool, ToolParameter } from '../../tools/tool.ts';
import { timestamp } from './common.ts';

export const toolParameterSchema = z
  .object({
    type: z.enum(['string', 'number', 'integer', 'boolean', 'array']),
    description: z.string().nullable(),
    enum: z.array(z.union([z.string(), z.number()])).nullable(),
  })
  .meta({ id: 'ToolParameter' });

export const toolSchema = z
  .object({
    creation_utc: timestamp,
    name: z.string(),
    description: z.string(),
    parameters: z.record(z.string(), toolParameterSchema),
    required: z.array(z.string()),
  })
  .meta({ id: 'Tool' });

/** As sent. */
export function toToolJson(tool: Tool): z.input<typeof toolSchema> {
  const parameters = Object.entries(tool.parameters).map(([name, each]) => [name, toParameterJson(each)]);
  return {
    creation_utc: tool.creationUtc,
    name: tool.name,
    description: tool.description,
    parameters: Object.fromEntries(parameters),
    required: [...tool.required],
  };
}

function toParameterJson({ type, description, enum: choices }: ToolParameter) {
  return {
    type: toTypeJson(type),
    description: description ?? null,
    enum: choices ? [...choices] : null,
  };
}

/** Dates, objects and the like are written as texts. */
function toTypeJson(type: ParameterType): z.input<typeof toolParameterSchema>['type'] {
  return type === 'number' || type === 'integer' || type === 'boolean' || type === 'array' ? type : 'string';
}
