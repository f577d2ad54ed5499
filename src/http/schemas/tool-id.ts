/** A tool on the wire: Parlant names its service and itself apart. */
import { z } from 'zod';
import { parseToolId, toToolId, type ToolId } from '../../tools/tool.ts';
import { text } from './common.ts';

export const toolIdSchema = z
  .object({
    service_name: text({ min: 1, max: 200 }).refine((name) => !name.includes(':'), 'must not have a colon'),
    tool_name: text({ min: 1, max: 200 }),
  })
  .meta({ id: 'ToolId' });

export function fromToolIdJson(json: z.output<typeof toolIdSchema>): ToolId {
  return toToolId(json.service_name, json.tool_name);
}

/** As sent. */
export function toToolIdJson(toolId: ToolId): z.input<typeof toolIdSchema> {
  const { serviceName, toolName } = parseToolId(toolId);
  return { service_name: serviceName, tool_name: toolName };
}
