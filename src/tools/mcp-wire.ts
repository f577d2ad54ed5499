/** Tools and results of MCP servers in our shapes. */
import type { CallToolResult, Tool as McpTool } from '@modelcontextprotocol/client';
import { ToolFailedError } from '../errors.ts';
import { toUnusable } from './service-fault.ts';
import type { Json, JsonObject } from '../event-log/event.ts';
import { flatten, propertiesOf, requiredOf, unlessUnsupported } from './flatten-schema.ts';
import { toParameterLoosely } from './json-schema.ts';
import { toLine } from './mcp-fault.ts';
import { fromData } from './tool-result.ts';
import type { Tool, ToolId, ToolResult } from './tool.ts';

/** Of a result as JSON, in characters. */
const maxChars = 256 * 1024;

export function fromMcpTool(tool: McpTool, creationUtc: string): Tool {
  const root = tool.inputSchema as JsonObject; // came as JSON
  const schema = unlessUnsupported(() => flatten(root, root)) ?? root;
  const parameters = propertiesOf(schema).map(
    ([name, each]) => [name, toParameterLoosely(each, root)] as const,
  );
  return {
    name: tool.name,
    description: tool.description ?? tool.title ?? '',
    creationUtc,
    parameters: Object.fromEntries(parameters),
    required: requiredOf(schema),
    consequential: isConsequential(tool),
    overlap: 'auto',
    metadata: {},
  };
}

/** As MCP says: what does not say of itself that it only reads, or only adds, may destroy. */
function isConsequential({
  annotations: { readOnlyHint = false, destructiveHint = true } = {},
}: McpTool): boolean {
  return !readOnlyHint && destructiveHint;
}

/** Structured content, else the texts; pictures and the like are for front ends. Throws `ToolFailedError`. */
export function fromMcpResult(toolId: ToolId, result: CallToolResult): ToolResult {
  const texts = result.content.flatMap((each) => (each.type === 'text' ? [each.text] : []));
  if (result.isError) throw new ToolFailedError(toolId, toLine(texts.join(' ')) || 'it says nothing of why');
  const rest = result.content.filter(({ type }) => type !== 'text') as readonly JsonObject[]; // came as JSON
  const data = (result.structuredContent ?? (texts.length === 0 ? null : texts.join('\n'))) as Json; // as above
  if (JSON.stringify([data, rest]).length > maxChars)
    throw toUnusable(toolId, `its result has more than ${maxChars} characters`);
  return fromData(toolId, data, rest.length > 0 ? { content: rest } : {});
}
