/** Tool services on the wire: Parlant's shapes, and calls of tools beside them. */
import { z } from 'zod';
import type { ToolServiceRecord } from '../../entities/collections/tool-service.ts';
import type { ToolServiceConfig } from '../../tools/tool-service.ts';
import type { Tool, ToolResult } from '../../tools/tool.ts';
import { json, jsonObject, sessionId, text } from './common.ts';
import { foreignId } from './session.ts';
import { toolSchema, toToolJson } from './tools.ts';

/** Also the first half of a tool's id, which ends at the first colon. */
export const serviceName = text({ min: 1, max: 200 })
  .refine((name) => !/[\p{Cc}:]/u.test(name), 'must have no colon and no control characters')
  .refine((name) => name !== '.' && name !== '..', 'must not be a step in a path');

const address = text({ min: 1, max: 2_000 })
  .refine(isHttpAddress, 'must be an http:// or https:// address')
  .refine(
    (url) => !hasCredentials(url),
    'must not hold a user or a password: whoever reads services would read them',
  )
  .meta({ examples: ['https://tools.example.com/api'] });

export const servicePutSchema = z
  .object({
    kind: z.enum(['sdk', 'openapi', 'mcp']),
    sdk: z.object({ url: address }).nullish(),
    openapi: z
      .object({ url: address, source: address.meta({ description: 'Of the document, as JSON.' }) })
      .nullish()
      .meta({ deprecated: true }),
    mcp: z
      .object({ url: address.meta({ description: 'Of the endpoint; without a path `/mcp` is meant.' }) })
      .nullish(),
  })
  .superRefine((service, refuse) => {
    const { kind } = service;
    if (service[kind]) return;
    refuse.addIssue({ code: 'custom', path: [kind], message: `must be given for the kind ${kind}` });
  })
  .meta({ id: 'ServiceUpdate', description: 'Of the three the one named by `kind` counts.' });

export const serviceSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['sdk', 'openapi', 'mcp', 'local']).meta({ description: "`local`: the program's own." }),
    url: z.string(),
    tools: z.array(toolSchema).nullable().meta({ description: 'Where one service is read; else null.' }),
  })
  .meta({ id: 'Service' });

export const toolCallSchema = z
  .object({
    agent_id: foreignId.nullish().meta({ description: "Default: the session's, else the default agent." }),
    session_id: sessionId.nullish().meta({ description: 'Default: the tool is called for no session.' }),
    customer_id: foreignId.nullish().meta({ description: "Default: the session's, else `guest`." }),
    arguments: jsonObject
      .nullish()
      .meta({ description: 'By name; texts are converted to what the tool takes.' }),
  })
  .meta({ id: 'ToolCall' });

const toolGuidelineSchema = z.object({
  action: z.string(),
  condition: z.string().optional(),
  description: z.string().optional(),
  priority: z.int().optional(),
  criticality: z.enum(['low', 'medium', 'high']).optional(),
});

export const toolCallAnswerSchema = z
  .object({
    result: z.object({
      data: json,
      metadata: jsonObject,
      control: z.object({
        mode: z.enum(['auto', 'manual']).optional(),
        lifespan: z.enum(['response', 'session']).optional(),
      }),
      canned_responses: z.array(z.string()),
      canned_response_fields: jsonObject,
      guidelines: z.array(toolGuidelineSchema),
    }),
  })
  .meta({ id: 'ToolCallAnswer' });

export function toServiceConfig({
  kind,
  sdk,
  openapi,
  mcp,
}: z.output<typeof servicePutSchema>): ToolServiceConfig {
  const block = { sdk, openapi, mcp }[kind];
  const url = block?.url ?? ''; // the schema has seen that it is there
  return kind === 'openapi' ? { kind, url, source: openapi?.source ?? '' } : { kind, url };
}

/** As sent. */
export function toServiceJson(
  {
    id,
    kind,
    url,
  }: Pick<ToolServiceRecord, 'id' | 'url'> & { readonly kind: ToolServiceConfig['kind'] | 'local' },
  tools?: readonly Tool[],
): z.input<typeof serviceSchema> {
  return { name: id, kind, url, tools: tools ? tools.map(toToolJson) : null };
}

/** As sent. */
export function toToolCallJson(result: ToolResult): z.input<typeof toolCallAnswerSchema> {
  return {
    result: {
      data: result.data,
      metadata: result.metadata,
      control: result.control,
      canned_responses: [...result.cannedResponses],
      canned_response_fields: result.cannedResponseFields,
      guidelines: [...result.guidelines],
    },
  };
}

function isHttpAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
