/** The port of tool services: whoever has tools. Local functions, Parlant's plugin servers, MCP servers, OpenAPI servers. */
import type { JsonObject } from '../event-log/event.ts';
import type { Tool, ToolContext, ToolId, ToolResult } from './tool.ts';

/** Where the tools of another server are. */
export type ToolServiceConfig =
  | { readonly kind: 'sdk'; readonly url: string }
  | { readonly kind: 'mcp'; readonly url: string }
  /** `source`: the description, an address or a file. */
  | { readonly kind: 'openapi'; readonly url: string; readonly source: string };

/**
 * Every method rejects with `ServiceUnavailableError` where the server cannot be asked; those with a context also with the reason of its
 * signal, and at once.
 */
export interface ToolService {
  list(): Promise<readonly Tool[]>;
  read(toolName: string): Promise<Tool | undefined>;
  /** As `read`, with what it may take filled in for this session. `ToolFailedError`: that could not be found out. */
  resolve(toolName: string, context: ToolContext): Promise<Tool | undefined>;
  /** `ToolNotFoundError`, `InvalidToolArgumentsError` (nothing was called), `ToolFailedError`. */
  call(toolName: string, context: ToolContext, args: JsonObject): Promise<ToolResult>;
  /** When the calls under way are over. */
  close(): Promise<void>;
}

/** All services of this server: those of the program itself, and those that are stored. */
export interface ToolDirectory {
  /** Undefined: there is no such service. */
  service(serviceName: string): ToolService | undefined;
  /** Whether the service exists and has the tool. Rejects where its server cannot be asked. */
  has(toolId: ToolId): Promise<boolean>;
}
